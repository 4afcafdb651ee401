import { type Entry, isLook } from "./snapshot.ts";

/** What a listener is told: an entry that is new or has changed. */
export type Listener = (entry: Entry) => void;

/** An {@link Entry} without what the feed gives it. */
export type Happening = Entry extends infer E ? (E extends Entry ? Omit<E, "id" | "atMs"> : never) : never;

/** Keeps the last things that have happened, and tells of each. */
export class Feed {
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<Listener>();
  readonly #kept: number;
  #next = 0;

  /** @param kept how many are kept: of calls that only look, and of all else */
  constructor(kept = 300) {
    this.#kept = kept;
  }

  /** The oldest first. */
  get entries(): readonly Entry[] {
    return [...this.#entries.values()].sort((a, b) => a.atMs - b.atMs);
  }

  /** Something has happened; an entry with an id that is known takes its place. */
  put(entry: Entry): void {
    this.#entries.set(entry.id, entry);
    const alike = [...this.#entries.values()].filter((one) => isLook(one) === isLook(entry));
    if (alike.length > this.#kept) this.#entries.delete(alike[0]!.id);
    for (const listen of this.#listeners) listen(entry);
  }

  /** Something has happened now, which has no name of its own. */
  add(happening: Happening, atMs = Date.now()): void {
    this.put({ ...happening, id: `console:${this.#next++}`, atMs } as Entry);
  }

  /** Is told of each; returns a function that ends this. */
  onEntry(listen: Listener): () => void {
    this.#listeners.add(listen);
    return () => void this.#listeners.delete(listen);
  }
}
