import type { HeaderReader } from "./fetch.ts";

/** What an answer tells of limits. */
export interface Limits {
  /** `Ratelimit`: what is left until a reset; of several limits the one that is nearest. */
  readonly left?: { readonly calls: number; readonly resetMs: number };
  /** `Ratelimit-Policy`: calls in a window. */
  readonly quota?: { readonly calls: number; readonly windowMs: number };
  /** `retry-after`. */
  readonly retryAfterMs?: number;
}

/**
 * Reads `Ratelimit: "default";r=50;t=30`, `Ratelimit-Policy: "default";q=1200;w=300` (IETF draft "RateLimit header
 * fields for HTTP") and `retry-after` in seconds. What cannot be read is as if it were not there.
 */
export function readLimits(headers: HeaderReader): Limits {
  const left = items(headers.get("ratelimit"), "r", "t").sort(([a], [b]) => a - b)[0];
  const quota = items(headers.get("ratelimit-policy"), "q", "w").sort(([, a], [, b]) => b - a)[0];
  const retryAfter = headers.get("retry-after");
  return {
    ...(left && { left: { calls: left[0], resetMs: left[1] * 1000 } }),
    ...(quota && { quota: { calls: quota[0], windowMs: quota[1] * 1000 } }),
    ...(retryAfter !== null && /^\d+$/.test(retryAfter) && { retryAfterMs: Number(retryAfter) * 1000 }),
  };
}

function items(header: string | null, first: string, second: string): [number, number][] {
  return (header ?? "").split(",").flatMap((item): [number, number][] => {
    const parameters = item.split(";").map((part) => part.trim().split("="));
    const numberOf = (name: string): number => {
      const value = parameters.find(([key]) => key === name)?.[1] ?? "";
      return /^\d+$/.test(value) ? Number(value) : Number.NaN;
    };
    const pair: [number, number] = [numberOf(first), numberOf(second)];
    return pair.some(Number.isNaN) ? [] : [pair];
  });
}
