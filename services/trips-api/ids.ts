/** Which row an id has last been given to. */
export interface Ids {
  /** Gives the next row to an id. */
  push(id: string): void;
  /** The last row that was given to the id, or -1. */
  find(id: string): number;
  id(row: number): string;
}

/**
 * Ids as a snapshot keeps them: ASCII without separators, the length of each, and where to find them: a hash table
 * ({@link slotsOf}), so that nobody has to hash a million ids before the first can be found.
 */
export interface PackedIds {
  readonly bytes: Uint8Array;
  readonly lengths: Uint8Array;
  readonly slots: Int32Array;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The hash table of packed ids, which must all differ: a slot holds row + 1, or 0. Open addressing by FNV-1a; the
 * number of slots is a power of two. Works in turns with others: each step is one.
 */
export function* slotsOf(bytes: Uint8Array, lengths: Uint8Array): Generator<void, Int32Array> {
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, lengths.length * 1.6)));
  const slots = new Int32Array(size);
  for (let row = 0, at = 0; row < lengths.length; row++) {
    let hash = FNV_OFFSET;
    for (const end = at + lengths[row]!; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME);
    let slot = (hash >>> 0) & (size - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
    slots[slot] = row + 1;
    if (row % 50_000 === 0) yield;
  }
  return slots;
}

/**
 * Makes the ids of a table, beginning with packed ones. Those stay packed: a million are three arrays instead of a
 * million strings.
 */
export function createIds(packed?: PackedIds): Ids {
  const base = packed && readPacked(packed);
  const count = base?.count ?? 0;
  const added: string[] = [];
  const rows = new Map<string, number>();
  return {
    push: (id) => void rows.set(id, count + added.push(id) - 1),
    find: (id) => rows.get(id) ?? base?.find(id) ?? -1,
    id: (row) => (row < count ? base!.id(row) : added[row - count]!),
  };
}

function readPacked({ bytes, lengths, slots }: PackedIds) {
  const count = lengths.length;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = new Uint32Array(count + 1);
  for (let row = 0, at = 0; row < count; row++) offsets[row + 1] = at += lengths[row]!;
  const mask = slots.length - 1;
  const id = (row: number) => text.toString("latin1", offsets[row]!, offsets[row + 1]!);
  return {
    count,
    id,
    find(wanted: string): number {
      let hash = FNV_OFFSET;
      for (let at = 0; at < wanted.length; at++) hash = Math.imul(hash ^ wanted.charCodeAt(at), FNV_PRIME);
      let slot = (hash >>> 0) & mask;
      for (let row = slots[slot]!; row !== 0; row = slots[(slot = (slot + 1) & mask)]!) {
        if (lengths[row - 1] === wanted.length && id(row - 1) === wanted) return row - 1;
      }
      return -1;
    },
  };
}
