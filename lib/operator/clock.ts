/** A timer that has not fired yet. */
export interface Timer {
  /** Does nothing once the timer has fired. */
  cancel(): void;
}

/** All time that the kit and the operators made with it know: real in a cluster, virtual in tests. */
export interface Clock {
  /** Milliseconds since the epoch, for stamps that others read. It jumps when somebody sets the clock. */
  nowMs(): number;
  /** Milliseconds since some instant, for all spans of time: it never jumps and never goes back. */
  elapsedMs(): number;
  /** Calls `run` once, `ms` from now (0 or less: as soon as what runs now has ended). An error of `run` is a bug and ends the process. */
  setTimer(ms: number, run: () => void): Timer;
  /** Waits. False when the signal ended the wait, or had ended it before. */
  sleep(ms: number, signal?: AbortSignal): Promise<boolean>;
}

/** The clock of the machine. A waiting timer does not keep the process alive by itself. */
export function systemClock(): Clock {
  return withSleep({
    nowMs: () => Date.now(),
    elapsedMs: () => performance.now(),
    setTimer: (ms, run) => {
      const timer = setTimeout(run, Math.min(Math.max(0, ms), LONGEST_MS));
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
  });
}

/** Makes a clock of its primitives. One whose `nowMs` is never set needs no `elapsedMs`. */
export function withSleep(clock: Pick<Clock, "nowMs" | "setTimer"> & Partial<Pick<Clock, "elapsedMs">>): Clock {
  return {
    elapsedMs: () => clock.nowMs(),
    ...clock,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve(false);
        const end = (passed: boolean) => {
          timer.cancel();
          signal?.removeEventListener("abort", aborted);
          resolve(passed);
        };
        const aborted = () => end(false);
        const timer = clock.setTimer(ms, () => end(true));
        signal?.addEventListener("abort", aborted, { once: true });
      }),
  };
}

/** A signal that is aborted after `ms` by the clock (never for Infinity), or with any of `signals`. `release` has to be called when nothing needs it any more. */
export function deadline(
  clock: Clock,
  ms: number,
  ...signals: readonly (AbortSignal | undefined)[]
): { readonly signal: AbortSignal; readonly passed: () => boolean; readonly release: () => void } {
  const controller = new AbortController();
  let passed = false;
  const pass = () => {
    passed = true;
    controller.abort(new Error(`${ms} ms have passed.`));
  };
  const timer = ms === Infinity ? undefined : clock.setTimer(ms, pass);
  const abort = (event: Event) => controller.abort((event.target as AbortSignal).reason);
  for (const signal of signals) {
    if (signal?.aborted) controller.abort(signal.reason);
    signal?.addEventListener("abort", abort, { once: true });
  }
  const release = () => {
    timer?.cancel();
    for (const signal of signals) signal?.removeEventListener("abort", abort);
  };
  return { signal: controller.signal, passed: () => passed, release };
}

/** What `setTimeout` can wait at most, about 24 days. */
const LONGEST_MS = 2 ** 31 - 1;
