import type { Trip } from "#lib/schemas/trips/v1/trip.ts";
import type { StoreBase } from "./state.ts";

/** A change as the log of the store remembers it. A point is told by its row. */
export type Entry =
  | { readonly kind: "point"; readonly seq: number; readonly row: number }
  | { readonly kind: "deletion"; readonly seq: number; readonly id: string }
  | { readonly kind: "trip"; readonly seq: number; readonly trip: Trip }
  | { readonly kind: "settings"; readonly seq: number };

/** Changes by sequence, 12 bytes for each point. */
export interface Log {
  push(entry: Entry): void;
  /** The entries after a sequence, from the oldest. */
  after(seq: number): Iterable<Entry>;
}

type Other = Exclude<Entry, { kind: "point" }>;

/** What happened before a log began: the sequence up to which, and how to list it, which is asked once and late. */
export interface Earlier {
  readonly seq: number;
  /** In any order. */
  entries(): readonly Entry[];
}

/** Makes a log. What was before it is looked up when somebody asks so far back. */
export function createLog(earlier?: Earlier): Log {
  let seqs = new Float64Array(1_024);
  let refs = new Int32Array(1_024);
  let length = 0;
  let others: Other[] = [];
  let missing = earlier;

  const push = (entry: Entry) => {
    if (length === seqs.length) {
      const [moreSeqs, moreRefs] = [new Float64Array(length * 2), new Int32Array(length * 2)];
      moreSeqs.set(seqs);
      moreRefs.set(refs);
      [seqs, refs] = [moreSeqs, moreRefs];
    }
    seqs[length] = entry.seq;
    refs[length++] = entry.kind === "point" ? entry.row : -others.push(entry);
  };
  const at = (index: number): Entry => {
    const ref = refs[index]!;
    return ref < 0 ? others[-ref - 1]! : { kind: "point", seq: seqs[index]!, row: ref };
  };
  const fill = ({ entries }: Earlier) => {
    const since = Array.from({ length }, (_, index) => at(index));
    [length, others, missing] = [0, [], undefined];
    for (const entry of [...entries()].sort((a, b) => a.seq - b.seq)) push(entry);
    for (const entry of since) push(entry);
  };

  return {
    push,
    *after(seq) {
      if (missing && seq < missing.seq) fill(missing);
      for (let index = firstAfter(seqs, length, seq); index < length; index++) yield at(index);
    },
  };
}

function firstAfter(seqs: Float64Array, length: number, seq: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seqs[middle]! > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The entries that a snapshot still knows of, in any order. */
export function entriesOf(base: StoreBase): Entry[] {
  const entries: Entry[] = [];
  for (let row = 0; row < base.table.size; row++) {
    entries.push({ kind: "point", seq: base.table.columns.seq[row]!, row });
  }
  for (const [id, seq] of base.tombstones) entries.push({ kind: "deletion", seq, id });
  for (const { seq, trip } of base.trips.values()) entries.push({ kind: "trip", seq, trip });
  if (base.settings) entries.push({ kind: "settings", seq: base.settings.seq });
  return entries;
}
