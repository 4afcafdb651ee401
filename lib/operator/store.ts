import type { Key, KubeObject } from "./object.ts";

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
