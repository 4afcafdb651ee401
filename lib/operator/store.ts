import { compareVersions, type Key, keyOf, type KubeObject } from "./object.ts";

/** Reads a cache of one kind of object. What it gives must not be changed. */
export interface Reader<T extends KubeObject> {
  get(key: Key): T | undefined;
  /** All objects, in no particular order. */
  values(): IterableIterator<T>;
  /** Keys of the objects that the named index has under `value`. @throws Error for an index that was not declared */
  keysBy(index: string, value: string): readonly Key[];
  readonly size: number;
  /** All changes up to this version are in the cache; empty before the first list. */
  readonly resourceVersion: string;
}

/** What has changed in a cache. */
export type Delta<T extends KubeObject> =
  /** `initial` is true for what the first list held. */
  | { readonly type: "added"; readonly key: Key; readonly after: T; readonly initial: boolean }
  | { readonly type: "updated"; readonly key: Key; readonly before: T; readonly after: T }
  /** `finalStateUnknown` is true when the deletion itself was missed: `before` is then the last state that was seen. */
  | { readonly type: "deleted"; readonly key: Key; readonly before: T; readonly finalStateUnknown: boolean };

/** Index → the values that an object has in it. */
export type Indexers<T> = Readonly<Record<string, (object: T) => readonly string[]>>;

/** A cache with indexes, which a reflector fills. Each change gives the deltas that it made, in order. */
export class Store<T extends KubeObject> implements Reader<T> {
  readonly #objects = new Map<Key, T>();
  readonly #indexers: Indexers<T>;
  readonly #indexes = new Map<string, Map<string, Set<Key>>>();
  #version = "";

  constructor(indexers: Indexers<T> = {}) {
    this.#indexers = indexers;
    for (const name of Object.keys(indexers)) this.#indexes.set(name, new Map());
  }

  get size(): number {
    return this.#objects.size;
  }

  get resourceVersion(): string {
    return this.#version;
  }

  get(key: Key): T | undefined {
    return this.#objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  keysBy(index: string, value: string): readonly Key[] {
    const values = this.#indexes.get(index);
    if (values === undefined)
      throw new Error(
        `There is no index ${JSON.stringify(index)}; expected one of ${[...this.#indexes.keys()].join(", ")}.`,
      );
    return [...(values.get(value) ?? [])];
  }

  /**
   * Takes over a whole list, even one that is older.
   * @param unread keys of objects that are there but could not be read: what is known of them stays
   */
  replace(items: readonly T[], version: string, unread: ReadonlySet<Key> = new Set()): Delta<T>[] {
    const initial = this.#version === "";
    const listed = new Map(items.map((item) => [keyOf(item.metadata), item]));
    const deltas: Delta<T>[] = [];
    const gone = (key: Key) => !listed.has(key) && !unread.has(key);
    for (const key of [...this.#objects.keys()].filter(gone)) deltas.push(...this.#remove(key, true));
    for (const [key, item] of listed) deltas.push(...this.#put(key, item, { initial, orOlder: true }));
    this.#version = version;
    return deltas;
  }

  /** Takes over an object that a watch told of. What the cache has newer is left. */
  put(object: T): Delta<T>[] {
    const deltas = this.#put(keyOf(object.metadata), object, { initial: false, orOlder: false });
    this.progress(object.metadata.resourceVersion);
    return deltas;
  }

  /** Takes over a deletion; `object` is the last state. */
  remove(object: KubeObject): Delta<T>[] {
    const key = keyOf(object.metadata);
    const cached = this.#objects.get(key);
    this.progress(object.metadata.resourceVersion);
    if (cached === undefined || compareVersions(cached.metadata.resourceVersion, object.metadata.resourceVersion) > 0)
      return [];
    return this.#remove(key, cached.metadata.uid !== object.metadata.uid);
  }

  /** All changes up to `version` are known. */
  progress(version: string): void {
    if (compareVersions(version, this.#version) > 0) this.#version = version;
  }

  #put(key: Key, after: T, how: { readonly initial: boolean; readonly orOlder: boolean }): Delta<T>[] {
    const before = this.#objects.get(key);
    if (before !== undefined && before.metadata.uid !== after.metadata.uid)
      return [...this.#remove(key, true), ...this.#put(key, after, how)];
    const newer = compareVersions(after.metadata.resourceVersion, before?.metadata.resourceVersion ?? "");
    if (newer === 0 || (newer < 0 && !how.orOlder)) return [];
    if (before !== undefined) this.#index(key, before, false);
    this.#objects.set(key, after);
    this.#index(key, after, true);
    return [
      before === undefined
        ? { type: "added", key, after, initial: how.initial }
        : { type: "updated", key, before, after },
    ];
  }

  #remove(key: Key, finalStateUnknown: boolean): Delta<T>[] {
    const before = this.#objects.get(key);
    if (before === undefined) return [];
    this.#objects.delete(key);
    this.#index(key, before, false);
    return [{ type: "deleted", key, before, finalStateUnknown }];
  }

  #index(key: Key, object: T, present: boolean): void {
    for (const [name, valuesOf] of Object.entries(this.#indexers)) {
      const index = this.#indexes.get(name)!;
      for (const value of valuesOf(object)) {
        const keys = index.get(value) ?? new Set<Key>();
        if (present) index.set(value, keys.add(key));
        else if (keys.delete(key) && keys.size === 0) index.delete(value);
      }
    }
  }
}
