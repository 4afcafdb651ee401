import type { Clock, Timer } from "#lib/operator/clock.ts";
import type { HeaderReader } from "./fetch.ts";
import { readLimits } from "./limits.ts";
import type { Priority } from "./types.ts";

/** The calls that a user or token has, shared by all who call with it. */
export interface Budget {
  /** Resolves when a call may be made, and counts it; the more urgent first, then in order. False when the signal ended the wait. */
  take(priority: Priority, signal?: AbortSignal): Promise<boolean>;
  /**
   * Reads what an answer tells of limits, so that calls of others with the same token count too.
   * @param throttled whether the call was refused since there were too many
   */
  heard(headers: HeaderReader, throttled: boolean): void;
  /** Calls that could be made now with this priority without a wait. */
  available(priority: Priority): number;
  /** Calls that wait. */
  readonly waiting: number;
}

export interface BudgetOptions {
  readonly clock: Clock;
  /** Calls in a window: 1200 unless told, the limit of Cloudflare's API for a user. */
  readonly limit?: number;
  /** Length of the window: 5 minutes unless told. */
  readonly windowMs?: number;
  /** Calls that a priority leaves for the more urgent: 50 for "normal" and 200 for "background" unless told. */
  readonly reserve?: { readonly normal: number; readonly background: number };
}

const priorities: readonly Priority[] = ["urgent", "normal", "background"];
/** Calls arrive later than they were counted, and not all equally late. */
const LATENESS_MS = 5_000;
/** For so long Cloudflare refuses all calls of one who made too many. */
export const BLOCKED_MS = 300_000;

/**
 * A budget that lets no window hold more calls than the limit, wherever the window begins: a call's place comes back one
 * window after it. (A bucket that fills at the same rate would let through up to twice the limit.)
 */
export function callBudget(options: BudgetOptions): Budget {
  const { clock, windowMs = 300_000, reserve = { normal: 50, background: 200 } } = options;
  const spanMs = windowMs + LATENESS_MS;
  const kept: Readonly<Record<Priority, number>> = { urgent: 0, ...reserve };
  const waiters: Readonly<Record<Priority, Set<Waiter>>> = {
    urgent: new Set(),
    normal: new Set(),
    background: new Set(),
  };
  let limit = options.limit ?? 1200;
  let spent: number[] = [];
  let blockedUntilMs = 0;
  let told = { remaining: Infinity, untilMs: 0 };
  let timer: Timer | undefined;

  const forget = () => {
    const fromMs = clock.elapsedMs() - spanMs;
    let gone = 0;
    while (gone < spent.length && spent[gone]! <= fromMs) gone++;
    if (gone > 0) spent = spent.slice(gone);
  };
  const available = (priority: Priority): number => {
    const atMs = clock.elapsedMs();
    if (atMs < blockedUntilMs) return 0;
    forget();
    const others = atMs < told.untilMs ? told.remaining : Infinity;
    return Math.max(0, Math.min(limit - spent.length, others) - kept[priority]);
  };
  /** The first instant at which `available` may say more. */
  const nextMs = (priority: Priority): number => {
    const place = spent.length - (limit - kept[priority]);
    const freeMs = place >= 0 && place < spent.length ? spent[place]! + spanMs : 0;
    const toldMs = told.remaining <= kept[priority] ? told.untilMs : 0;
    return Math.max(blockedUntilMs, freeMs, toldMs, clock.elapsedMs() + 1);
  };
  const spend = () => {
    spent.push(clock.elapsedMs());
    told.remaining--;
  };
  const serve = () => {
    timer?.cancel();
    timer = undefined;
    for (const priority of priorities) {
      for (const waiter of waiters[priority]) {
        if (available(priority) === 0) {
          timer = clock.setTimer(nextMs(priority) - clock.elapsedMs(), serve);
          return;
        }
        waiters[priority].delete(waiter);
        spend();
        waiter.end(true);
      }
    }
  };

  return {
    take: (priority, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve(false);
        const leave = () => {
          waiters[priority].delete(waiter);
          waiter.end(false);
          serve();
        };
        const waiter: Waiter = {
          end: (may) => {
            signal?.removeEventListener("abort", leave);
            resolve(may);
          },
        };
        signal?.addEventListener("abort", leave, { once: true });
        waiters[priority].add(waiter);
        serve();
      }),
    heard: (headers, throttled) => {
      const atMs = clock.elapsedMs();
      const heard = readLimits(headers);
      if (throttled) blockedUntilMs = Math.max(blockedUntilMs, atMs + (heard.retryAfterMs ?? BLOCKED_MS));
      if (heard.quota !== undefined && heard.quota.windowMs === windowMs) limit = Math.min(limit, heard.quota.calls);
      if (heard.left !== undefined) {
        const untilMs = atMs + heard.left.resetMs;
        const sameWindow = untilMs <= told.untilMs + 1000;
        told = { remaining: sameWindow ? Math.min(told.remaining, heard.left.calls) : heard.left.calls, untilMs };
      }
    },
    available,
    get waiting() {
      return priorities.reduce((sum, priority) => sum + waiters[priority].size, 0);
    },
  };
}

interface Waiter {
  end(may: boolean): void;
}
