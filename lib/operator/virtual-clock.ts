import { type Clock, withSleep } from "./clock.ts";
import { Heap } from "./heap.ts";

/** A clock for tests: time passes only when it is told to, and then as fast as the machine can. */
export interface VirtualClock extends Clock {
  /** Lets `ms` pass: fires all timers that fall due, in their order, each after all that the one before set off has come to rest. */
  advance(ms: number): Promise<void>;
  /**
   * Lets time pass until `reached` says yes; asked after each timer.
   * @throws Error when `limitMs` have passed before, or when nothing waits for time any more
   */
  until(what: string, reached: () => boolean, limitMs?: number): Promise<void>;
  /** Lets time pass until the promise has settled, and gives what it gave. Fails like {@link VirtualClock.until}. */
  resolve<T>(what: string, work: Promise<T>, limitMs?: number): Promise<T>;
  /** Sets what `nowMs` shows forward, or back when `ms` is below 0, as a time server does. No time passes. */
  set(ms: number): void;
  /** Timers that wait. */
  readonly waiting: number;
}

const HOUR_MS = 3_600_000;

/**
 * A virtual clock that shows `startMs` at first. Deterministic for work that waits only for this clock and for promises;
 * what waits for real I/O is not waited for.
 */
export function virtualClock(startMs: number = Date.UTC(2030, 0, 1)): VirtualClock {
  const timers = new Timers();
  let nowMs = startMs;
  let setMs = 0;

  const step = async (untilMs: number): Promise<boolean> => {
    const timer = timers.popDue(untilMs);
    if (timer === undefined) return false;
    nowMs = Math.max(nowMs, timer.atMs);
    timer.run();
    await settle();
    return true;
  };

  const clock: VirtualClock = {
    ...withSleep({
      nowMs: () => nowMs + setMs,
      elapsedMs: () => nowMs,
      setTimer: (ms, run) => {
        const timer = timers.push(nowMs + Math.max(0, ms), run);
        return { cancel: () => timers.cancel(timer) };
      },
    }),
    advance: async (ms) => {
      const endMs = nowMs + ms;
      await settle();
      while (await step(endMs));
      nowMs = endMs;
    },
    until: async (what, reached, limitMs = HOUR_MS) => {
      const endMs = nowMs + limitMs;
      await settle();
      while (!reached()) {
        if (await step(endMs)) continue;
        throw new Error(
          timers.size === 0
            ? `Nothing waits for the clock any more, and yet not: ${what}.`
            : `${limitMs} ms passed in vain until ${what}.`,
        );
      }
    },
    resolve: async (what, work, limitMs) => {
      let settled = false;
      const mark = () => void (settled = true);
      work.then(mark, mark);
      await clock.until(what, () => settled, limitMs);
      return await work;
    },
    set: (ms) => void (setMs += ms),
    get waiting() {
      return timers.size;
    },
  };
  return clock;
}

/** A turn of the event loop comes only after all promises that can go on have gone on. */
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

interface Entry {
  readonly atMs: number;
  readonly order: number;
  run: () => void;
  over: boolean;
}

/** Timers by instant, then by the order of setting. Cancelled ones leave when they come up, or when they are the greater part. */
class Timers {
  readonly #heap = new Heap<Entry>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order));
  #cancelled = 0;
  #order = 0;

  get size(): number {
    return this.#heap.size - this.#cancelled;
  }

  push(atMs: number, run: () => void): Entry {
    const entry: Entry = { atMs, order: this.#order++, run, over: false };
    this.#heap.push(entry);
    return entry;
  }

  cancel(entry: Entry): void {
    if (entry.over) return;
    entry.over = true;
    entry.run = () => {};
    this.#cancelled++;
    if (this.#cancelled <= 64 || this.#cancelled <= this.#heap.size / 2) return;
    this.#heap.keep(({ over }) => !over);
    this.#cancelled = 0;
  }

  popDue(untilMs: number): Entry | undefined {
    for (let first = this.#heap.peek(); first !== undefined; first = this.#heap.peek()) {
      if (!first.over && first.atMs > untilMs) return undefined;
      this.#heap.pop();
      if (!first.over) {
        first.over = true;
        return first;
      }
      this.#cancelled--;
    }
    return undefined;
  }
}
