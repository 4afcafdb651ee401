import type { Clock, Timer } from "./clock.ts";
import { Heap } from "./heap.ts";
import type { Key } from "./object.ts";

/** How a key is added. */
export interface AddOptions {
  /** Higher comes first: 0 unless told, {@link LOW_PRIORITY} for what nobody waits for. */
  readonly priority?: number;
  /** Not to be taken before so long has passed. */
  readonly delayMs?: number;
}

/** Of the first list, and of a resync. */
export const LOW_PRIORITY = -100;

/** What a queue tells of itself, for metrics. */
export interface QueueObserver {
  added?(): void;
  /** A key was taken after it could have been for so long. */
  taken?(waitedMs: number): void;
  finished?(workedMs: number): void;
}

/** A key that a worker has taken. */
export interface Taken {
  readonly key: Key;
  readonly priority: number;
}

interface Entry {
  readonly key: Key;
  readonly priority: number;
  readonly readyMs: number;
  readonly order: number;
  over: boolean;
}

/**
 * Keys that want work. A key is in the queue once, however often it is added: the highest priority and the earliest
 * time count. A key that is worked on is not given to another worker; when it is added meanwhile, it comes again after
 * {@link WorkQueue.done}.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #observer: QueueObserver;
  readonly #entries = new Map<Key, Entry>();
  readonly #working = new Map<Key, number>();
  readonly #ready = new Heap<Entry>(
    (a, b) => a.priority > b.priority || (a.priority === b.priority && a.order < b.order),
  );
  readonly #waiting = new Heap<Entry>(
    (a, b) => a.readyMs < b.readyMs || (a.readyMs === b.readyMs && a.order < b.order),
  );
  readonly #takers: ((taken: Taken | undefined) => void)[] = [];
  #order = 0;
  #timer: { readonly timer: Timer; readonly atMs: number } | undefined;
  #closed = false;

  constructor(clock: Clock, observer: QueueObserver = {}) {
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Keys that wait, those with a delay too. */
  get size(): number {
    return this.#entries.size;
  }

  /** Since when each key is worked on, in milliseconds since the epoch. */
  get working(): ReadonlyMap<Key, number> {
    return this.#working;
  }

  add(key: Key, { priority = 0, delayMs = 0 }: AddOptions = {}): void {
    if (this.#closed) return;
    const nowMs = this.#clock.nowMs();
    const readyMs = nowMs + Math.max(0, delayMs);
    const before = this.#entries.get(key);
    if (before === undefined) this.#observer.added?.();
    else if (before.priority >= priority && before.readyMs <= readyMs) return;
    if (before !== undefined) before.over = true;
    const entry: Entry = {
      key,
      priority: Math.max(priority, before?.priority ?? -Infinity),
      readyMs: Math.min(readyMs, before?.readyMs ?? Infinity),
      order: before !== undefined && before.readyMs <= nowMs ? before.order : this.#order++,
      over: false,
    };
    this.#entries.set(key, entry);
    if (entry.readyMs > nowMs) this.#waiting.push(entry);
    else if (!this.#working.has(key)) this.#ready.push(entry);
    this.#tidy();
    this.#hand();
  }

  /** The next key, as soon as there is one; undefined once the queue is closed. */
  next(): Promise<Taken | undefined> {
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#hand();
    });
  }

  /** Says that the work on a key has ended. */
  done(key: Key): void {
    const sinceMs = this.#working.get(key);
    if (sinceMs === undefined) throw new Error(`${key} is not worked on; expected done() once after each next().`);
    this.#working.delete(key);
    this.#observer.finished?.(this.#clock.nowMs() - sinceMs);
    const again = this.#entries.get(key);
    if (again !== undefined && again.readyMs <= this.#clock.nowMs()) this.#ready.push(again);
    this.#hand();
  }

  /** Gives no more keys, and forgets those that wait. */
  close(): void {
    this.#closed = true;
    this.#timer?.timer.cancel();
    this.#entries.clear();
    for (const take of this.#takers.splice(0)) take(undefined);
  }

  #hand(): void {
    if (this.#closed) {
      for (const take of this.#takers.splice(0)) take(undefined);
      return;
    }
    this.#ripen();
    while (this.#takers.length > 0) {
      const entry = this.#ready.pop();
      if (entry === undefined) return;
      if (entry.over) continue;
      const nowMs = this.#clock.nowMs();
      entry.over = true;
      this.#entries.delete(entry.key);
      this.#working.set(entry.key, nowMs);
      this.#observer.taken?.(nowMs - entry.readyMs);
      this.#takers.shift()!({ key: entry.key, priority: entry.priority });
    }
  }

  /** Moves what has waited long enough, and wakes up for what waits next. */
  #ripen(): void {
    const nowMs = this.#clock.nowMs();
    for (let first = this.#waiting.peek(); first !== undefined; first = this.#waiting.peek()) {
      if (!first.over && first.readyMs > nowMs) break;
      this.#waiting.pop();
      if (!first.over && !this.#working.has(first.key)) this.#ready.push(first);
    }
    const next = this.#waiting.peek();
    if (next === undefined || (this.#timer !== undefined && this.#timer.atMs <= next.readyMs)) return;
    this.#timer?.timer.cancel();
    const wake = () => {
      this.#timer = undefined;
      this.#hand();
    };
    this.#timer = { timer: this.#clock.setTimer(next.readyMs - nowMs, wake), atMs: next.readyMs };
  }

  /** Entries that were replaced leave the heaps when they come up, or when they are the greater part. */
  #tidy(): void {
    for (const heap of [this.#ready, this.#waiting])
      if (heap.size > 64 && heap.size > 2 * this.#entries.size) heap.keep(({ over }) => !over);
  }
}
