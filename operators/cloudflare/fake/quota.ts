import type { Clock } from "#lib/operator/clock.ts";

/** How many calls the fake lets through. */
export interface QuotaOptions {
  /** Calls in any window: 1200 unless told. */
  readonly calls?: number;
  /** Length of a window: 5 minutes unless told. */
  readonly windowMs?: number;
  /** How long all calls are refused after too many: 5 minutes unless told. */
  readonly blockMs?: number;
}

/** What a quota says of a call. */
export interface Verdict {
  readonly allowed: boolean;
  /** What answers tell of it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts calls, and refuses too many: those of any window, wherever it begins. */
export class Quota {
  readonly #clock: Clock;
  readonly #calls: number;
  readonly #windowMs: number;
  readonly #blockMs: number;
  #made: number[] = [];
  #blockedUntilMs = 0;

  constructor(clock: Clock, { calls = 1200, windowMs = 300_000, blockMs = 300_000 }: QuotaOptions) {
    this.#clock = clock;
    this.#calls = calls;
    this.#windowMs = windowMs;
    this.#blockMs = blockMs;
  }

  /** Counts a call. */
  meet(): Verdict {
    const nowMs = this.#clock.nowMs();
    const first = this.#made.findIndex((madeMs) => madeMs > nowMs - this.#windowMs);
    this.#made = first < 0 ? [] : this.#made.slice(first);
    if (nowMs >= this.#blockedUntilMs && this.#made.length >= this.#calls) this.#blockedUntilMs = nowMs + this.#blockMs;
    if (nowMs < this.#blockedUntilMs) return this.#verdict(false, this.#blockedUntilMs - nowMs);
    this.#made.push(nowMs);
    return this.#verdict(true, this.#made[0]! + this.#windowMs - nowMs);
  }

  #verdict(allowed: boolean, resetMs: number): Verdict {
    const reset = Math.ceil(resetMs / 1000);
    const left = allowed ? this.#calls - this.#made.length : 0;
    return {
      allowed,
      headers: {
        ratelimit: `"default";r=${left};t=${reset}`,
        "ratelimit-policy": `"default";q=${this.#calls};w=${Math.round(this.#windowMs / 1000)}`,
        ...(allowed ? {} : { "retry-after": String(reset) }),
      },
    };
  }
}
