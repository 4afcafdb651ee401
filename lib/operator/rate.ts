import type { Key } from "./object.ts";

/** How long a key that failed has to wait. */
export interface RateLimiter {
  /** The wait before the next try, in milliseconds; counts one more failure. */
  delayMs(key: Key): number;
  /** The failures that are not forgotten. */
  failures(key: Key): number;
  forget(key: Key): void;
}

/** What {@link rateLimiter} keeps to; unset is controller-runtime's and client-go's. */
export interface Rates {
  /** Wait after the first failure, doubled with each: 5 ms. */
  readonly firstMs?: number;
  /** At most: 1000 s. */
  readonly lastMs?: number;
  /** Tries of all keys a second, in the long run: 10. */
  readonly perSecond?: number;
  /** Tries of all keys at once: 100. */
  readonly burst?: number;
}

/** Exponential waits for each key, and a bucket for all: the longer wait counts. */
export function rateLimiter(elapsedMs: () => number, rates: Rates = {}): RateLimiter {
  const { firstMs = 5, lastMs = 1_000_000, perSecond = 10, burst = 100 } = rates;
  const failures = new Map<Key, number>();
  const take = tokenBucket(elapsedMs, { perSecond, burst, credit: true });
  return {
    delayMs: (key) => {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      return Math.max(Math.min(lastMs, firstMs * 2 ** Math.min(count, 60)), take());
    },
    failures: (key) => failures.get(key) ?? 0,
    forget: (key) => void failures.delete(key),
  };
}

/**
 * A bucket of tokens that is full at first. Each call takes one and gives how long to wait until it is there, in
 * milliseconds: 0 when it was. With `credit` tokens are taken before they are there, so that waiters queue up; without,
 * a call that has to wait takes none.
 */
export function tokenBucket(
  elapsedMs: () => number,
  rate: { readonly perSecond: number; readonly burst: number; readonly credit: boolean },
): () => number {
  let tokens = rate.burst;
  let atMs = elapsedMs();
  return () => {
    const now = elapsedMs();
    tokens = Math.min(rate.burst, tokens + ((now - atMs) / 1000) * rate.perSecond);
    atMs = now;
    const left = tokens - 1;
    if (left >= 0 || rate.credit) tokens = left;
    return left >= 0 ? 0 : (-left / rate.perSecond) * 1000;
  };
}
