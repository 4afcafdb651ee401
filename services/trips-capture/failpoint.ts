/** The variable that names the failpoint. */
export const FAILPOINT = "TRIPS_CAPTURE_FAILPOINT";

/**
 * What a process does at the boundaries of its steps: nothing, unless `TRIPS_CAPTURE_FAILPOINT` is a number n.
 * Then it kills itself (SIGKILL: nothing is flushed, closed or told) at the n-th boundary, for tests of crashes.
 */
export function failpoint(env: Readonly<Record<string, string | undefined>>): (name: string) => void {
  const at = Number(env[FAILPOINT] ?? Number.NaN);
  if (!Number.isInteger(at)) return () => undefined;
  let passed = 0;
  return (name) => {
    if (++passed !== at) return;
    process.stderr.write(`killed at boundary ${at}: ${name}\n`);
    process.kill(process.pid, "SIGKILL");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
