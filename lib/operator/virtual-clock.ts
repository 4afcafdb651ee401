import { type Clock, withSleep } from "./clock.ts";

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
  /** Timers that wait. */
  readonly waiting: number;
}

const HOUR_MS = 3_600_000;

/**
 * A virtual clock that shows `startMs` at first. Deterministic for work that waits only for this clock and for promises;
 * what waits for real I/O is not waited for.
 */
export function virtualClock(startMs: number = Date.UTC(2030, 0, 1)): VirtualClock {
  const timers = new TimerHeap();
  let nowMs = startMs;

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
      nowMs: () => nowMs,
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
  cancelled: boolean;
}

/** A binary heap by instant, then by the order of setting. Cancelled timers leave when they come up, or when they are the greater part. */
class TimerHeap {
  #entries: Entry[] = [];
  #cancelled = 0;
  #order = 0;

  get size(): number {
    return this.#entries.length - this.#cancelled;
  }

  push(atMs: number, run: () => void): Entry {
    const entry: Entry = { atMs, order: this.#order++, run, cancelled: false };
    this.#entries.push(entry);
    this.#up(this.#entries.length - 1);
    return entry;
  }

  cancel(entry: Entry): void {
    if (entry.cancelled) return;
    entry.cancelled = true;
    entry.run = nothing;
    this.#cancelled++;
    if (this.#cancelled > 64 && this.#cancelled > this.#entries.length / 2) this.#sweep();
  }

  popDue(untilMs: number): Entry | undefined {
    for (let first = this.#entries[0]; first !== undefined; first = this.#entries[0]) {
      if (!first.cancelled && first.atMs > untilMs) return undefined;
      this.#removeFirst();
      if (!first.cancelled) {
        first.cancelled = true;
        return first;
      }
      this.#cancelled--;
    }
    return undefined;
  }

  #sweep(): void {
    this.#entries = this.#entries.filter((entry) => !entry.cancelled).sort((a, b) => (before(a, b) ? -1 : 1));
    this.#cancelled = 0;
  }

  #removeFirst(): void {
    const last = this.#entries.pop()!;
    if (this.#entries.length === 0) return;
    this.#entries[0] = last;
    this.#down(0);
  }

  #up(index: number): void {
    for (let at = index; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!before(this.#entries[at]!, this.#entries[parent]!)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(index: number): void {
    for (let at = index; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#entries.length && before(this.#entries[child]!, this.#entries[least]!)) least = child;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const entry = this.#entries[a]!;
    this.#entries[a] = this.#entries[b]!;
    this.#entries[b] = entry;
  }
}

const nothing = () => {};
const before = (a: Entry, b: Entry) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
