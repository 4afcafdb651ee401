import { setTimeout as sleep } from "node:timers/promises";

/**
 * How long to wait before attempt `attempt` + 1, in milliseconds: `baseMs` doubled with each
 * attempt up to `maxMs`, then spread evenly over its upper half so that clients do not march in step.
 *
 * @param attempt how often it has failed already, from 1
 * @param random a number from 0 to 1, for tests
 */
export function backoffMs(attempt: number, baseMs: number, maxMs: number, random: number = Math.random()): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}

/** Waits, and returns false instead of throwing when the signal ends the wait. */
export async function waitMs(ms: number, signal?: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
    return true;
  } catch {
    return false;
  }
}

/**
 * Calls `work` until it succeeds, with growing waits of up to 10 s, and tells `onFailure` of each failure.
 * @returns the result, or undefined when the signal ended the waiting.
 */
export async function untilSuccess<T>(
  work: () => Promise<T>,
  options: { signal: AbortSignal; onFailure(error: Error, attempt: number): void },
): Promise<T | undefined> {
  for (let attempt = 1; !options.signal.aborted; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (options.signal.aborted) return undefined;
      options.onFailure(error as Error, attempt);
      await waitMs(backoffMs(attempt, 250, 10_000), options.signal);
    }
  }
  return undefined;
}
