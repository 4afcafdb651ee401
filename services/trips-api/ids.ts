/** Which row an id has last been given to. */
export interface Ids {
  /** Gives the next row to an id. */
  push(id: string): void;
  /** The last row that was given to the id, or -1. */
  find(id: string): number;
  id(row: number): string;
}

/** Ids as a snapshot keeps them: ASCII without separators, and the length of each. */
export interface PackedIds {
  readonly bytes: Uint8Array;
  readonly lengths: Uint8Array;
}

/**
 * Makes the ids of a table, beginning with packed ones, which must all differ. Those stay packed: a million are one
 * array of bytes and a hash table (open addressing, FNV-1a) instead of a million strings.
 */
export function createIds(packed?: PackedIds): Ids {
  const base = packed && index(packed);
  const count = base?.count ?? 0;
  const added: string[] = [];
  const rows = new Map<string, number>();
  return {
    push: (id) => void rows.set(id, count + added.push(id) - 1),
    find: (id) => rows.get(id) ?? base?.find(id) ?? -1,
    id: (row) => (row < count ? base!.id(row) : added[row - count]!),
  };
}

function index({ bytes, lengths }: PackedIds) {
  const count = lengths.length;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = new Uint32Array(count + 1);
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, count * 1.6)));
  const slots = new Int32Array(size);
  for (let row = 0, at = 0; row < count; row++) {
    let hash = 0x811c9dc5;
    for (const end = at + lengths[row]!; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    offsets[row + 1] = at;
    let slot = (hash >>> 0) & (size - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
    slots[slot] = row + 1;
  }
  const id = (row: number) => text.toString("latin1", offsets[row]!, offsets[row + 1]!);
  return {
    count,
    id,
    find(wanted: string): number {
      let hash = 0x811c9dc5;
      for (let at = 0; at < wanted.length; at++) hash = Math.imul(hash ^ wanted.charCodeAt(at), 0x01000193);
      let slot = (hash >>> 0) & (size - 1);
      for (let row = slots[slot]!; row !== 0; row = slots[(slot = (slot + 1) & (size - 1))]!) {
        if (lengths[row - 1] === wanted.length && id(row - 1) === wanted) return row - 1;
      }
      return -1;
    },
  };
}
