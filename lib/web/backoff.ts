const BASE_MS = 1_000;
const CAP_MS = 30_000;

/**
 * How long to wait before a try, in ms: doubles with each failure from 1 s up to 30 s.
 * `random` in [0, 1) takes up to half of it away, so that clients that were cut off together do not come back together.
 */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures, 16));
  return Math.round(full * (1 - random / 2));
}
