/** The boundaries between the steps of a photo: after each, something outlives the process that did not before. */
export const BOUNDARIES = [
  "download: begun",
  "download: bytes arrived",
  "download: bytes on disk",
  "download: settled",
  "store: begun",
  "store: objects stored",
  "store: kept aside",
  "store: settled",
  "publish: begun",
  "publish: noted",
  "publish: acknowledged",
  "publish: on record",
  "publish: settled",
  "delete: begun",
  "delete: removed",
  "delete: settled",
] as const;

/** See {@link BOUNDARIES}. */
export type Boundary = (typeof BOUNDARIES)[number];

/**
 * What a process does at the boundaries: nothing, unless one is named (TRIPS_CAPTURE_FAILPOINT).
 * Then it kills itself there (SIGKILL: nothing is flushed, closed or told), for tests of crashes.
 *
 * @throws when the name is that of no boundary.
 */
export function failpoint(at: string): (name: Boundary) => void {
  if (at === "") return () => undefined;
  if (!(BOUNDARIES as readonly string[]).includes(at))
    throw new Error(`TRIPS_CAPTURE_FAILPOINT is ${at}; expected one of ${BOUNDARIES.join(", ")}.`);
  return (name) => {
    if (name !== at) return;
    process.stderr.write(`killed at: ${name}\n`);
    // nosemgrep: process-exit-in-library -- a crash is what the tests ask for here
    process.kill(process.pid, "SIGKILL");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
