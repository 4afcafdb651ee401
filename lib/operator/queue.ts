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
  /** A key can be taken now. */
  added?(): void;
  /** A key was added with a delay. */
  delayed?(): void;
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
  /** Of becoming ready, or of getting the priority; for those that wait, of being added. */
  order: number;
  ready: boolean;
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

  /** Keys in the queue, those with a delay too. */
  get size(): number {
    return this.#entries.size;
  }

  /** How many keys of each priority wait although they are ready. */
  depths(): ReadonlyMap<number, number> {
    this.#ripen();
    const depths = new Map<number, number>();
    for (const { ready, priority } of this.#entries.values())
      if (ready) depths.set(priority, (depths.get(priority) ?? 0) + 1);
    return depths;
  }

  /** For how long each key that is worked on has been, in milliseconds. */
  working(): ReadonlyMap<Key, number> {
    const nowMs = this.#clock.elapsedMs();
    return new Map([...this.#working].map(([key, sinceMs]) => [key, nowMs - sinceMs]));
  }

  add(key: Key, { priority = 0, delayMs = 0 }: AddOptions = {}): void {
    if (this.#closed) return;
    if (delayMs > 0) this.#observer.delayed?.();
    this.#ripen();
    const nowMs = this.#clock.elapsedMs();
    const readyMs = delayMs > 0 ? nowMs + delayMs : nowMs;
    const before = this.#entries.get(key);
    if (before !== undefined && before.priority >= priority && before.readyMs <= readyMs) return;
    if (before !== undefined) before.over = true;
    const urgent = before === undefined || priority > before.priority;
    const ready = before?.ready || readyMs <= nowMs;
    const entry: Entry = {
      key,
      priority: urgent ? priority : before.priority,
      readyMs: Math.min(readyMs, before?.readyMs ?? Infinity),
      order: before?.ready && !urgent ? before.order : this.#order++,
      ready,
      over: false,
    };
    this.#entries.set(key, entry);
    if (ready && !before?.ready) this.#observer.added?.();
    if (!ready) this.#waiting.push(entry);
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
    this.#observer.finished?.(this.#clock.elapsedMs() - sinceMs);
    const again = this.#entries.get(key);
    if (again?.ready) this.#ready.push(again);
    this.#hand();
  }

  /** Gives no more keys, and forgets those that wait. */
  close(): void {
    this.#closed = true;
    this.#timer?.timer.cancel();
    this.#entries.clear();
    for (const heap of [this.#ready, this.#waiting]) heap.keep(() => false);
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
      const nowMs = this.#clock.elapsedMs();
      entry.over = true;
      this.#entries.delete(entry.key);
      this.#working.set(entry.key, nowMs);
      this.#observer.taken?.(nowMs - entry.readyMs);
      this.#takers.shift()!({ key: entry.key, priority: entry.priority });
    }
  }

  /** Moves what has waited long enough, and wakes up for what waits next. */
  #ripen(): void {
    const nowMs = this.#clock.elapsedMs();
    for (let first = this.#waiting.peek(); first !== undefined; first = this.#waiting.peek()) {
      if (!first.over && first.readyMs > nowMs) break;
      this.#waiting.pop();
      if (first.over) continue;
      first.ready = true;
      first.order = this.#order++;
      this.#observer.added?.();
      if (!this.#working.has(first.key)) this.#ready.push(first);
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
