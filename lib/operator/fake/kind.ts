import { compareVersions, type Key, keyOf, type KubeObject } from "../object.ts";
import type { Owners } from "./ownership.ts";

/** An object as the server keeps it. */
export interface Stored {
  readonly object: KubeObject;
  readonly owners: Owners;
}

/** One write in the history of a kind. */
export interface Change {
  readonly version: string;
  readonly before: KubeObject | undefined;
  /** Undefined when the object is gone. */
  readonly after: KubeObject | undefined;
}

/** All objects of one kind, and the latest writes to them. */
export class KindState {
  readonly #objects = new Map<Key, Stored>();
  #history: Change[] = [];
  readonly #length: number;
  readonly #listeners = new Set<(change: Change) => void>();
  #oldest: string;
  #keys: readonly Key[] | undefined;

  /** @param version the server's version, from which on everything is remembered */
  constructor(length: number, version: string) {
    this.#length = length;
    this.#oldest = version;
  }

  get(key: Key): Stored | undefined {
    return this.#objects.get(key);
  }

  /** Whether all that happened after `version` is remembered. */
  remembers(version: string): boolean {
    return compareVersions(version, this.#oldest) >= 0;
  }

  /** Keys of all objects, in the order of lists. */
  keys(): readonly Key[] {
    return (this.#keys ??= [...this.#objects.keys()].sort());
  }

  /** Writes an object, or removes it when `after` is undefined. */
  commit(version: string, key: Key, after: Stored | undefined): void {
    const before = this.#objects.get(key);
    if (after === undefined) this.#objects.delete(key);
    else this.#objects.set(key, after);
    if ((before === undefined) !== (after === undefined)) this.#keys = undefined;
    const change: Change = { version, before: before?.object, after: after?.object };
    this.#history.push(change);
    if (this.#history.length >= 2 * this.#length) this.forget(this.#history.at(-this.#length - 1)!.version);
    for (const listen of [...this.#listeners]) listen(change);
  }

  /** Forgets what happened up to `version`. */
  forget(version: string): void {
    if (compareVersions(version, this.#oldest) <= 0) return;
    this.#oldest = version;
    this.#history = this.since(version);
  }

  /** What happened after a remembered version, oldest first. */
  since(version: string): Change[] {
    let first = this.#history.length;
    while (first > 0 && compareVersions(this.#history[first - 1]!.version, version) > 0) first--;
    return this.#history.slice(first);
  }

  /** Versions that the history can go back to, oldest first. */
  versions(): readonly string[] {
    return [this.#oldest, ...this.#history.map(({ version }) => version)];
  }

  /** The objects at a remembered version, in the order of lists. */
  at(version: string): KubeObject[] {
    const changes = this.since(version);
    if (changes.length === 0) return this.keys().map((key) => this.#objects.get(key)!.object);
    const objects = new Map([...this.#objects].map(([key, { object }]) => [key, object]));
    for (const { before, after } of changes.reverse()) {
      const key = keyOf((before ?? after)!.metadata);
      if (before === undefined) objects.delete(key);
      else objects.set(key, before);
    }
    return [...objects.keys()].sort().map((key) => objects.get(key)!);
  }

  /** Tells of each write from now on. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
