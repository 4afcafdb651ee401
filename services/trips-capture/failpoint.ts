/** The variable that names the failpoint. */
export const FAILPOINT = "TRIPS_CAPTURE_FAILPOINT";

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
 * What a process does at the boundaries: nothing, unless `TRIPS_CAPTURE_FAILPOINT` names one.
 * Then it kills itself there (SIGKILL: nothing is flushed, closed or told), for tests of crashes.
 *
 * @throws when the variable names no boundary.
 */
export function failpoint(env: Readonly<Record<string, string | undefined>>): (name: Boundary) => void {
  const at = env[FAILPOINT];
  if (!at) return () => undefined;
  if (!(BOUNDARIES as readonly string[]).includes(at))
    throw new Error(`${FAILPOINT} is ${at}; expected one of ${BOUNDARIES.join(", ")}.`);
  return (name) => {
    if (name !== at) return;
    process.stderr.write(`killed at: ${name}\n`);
    process.kill(process.pid, "SIGKILL");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
