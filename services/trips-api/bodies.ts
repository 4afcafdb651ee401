import { zstdDecompressSync } from "node:zlib";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { pointOf } from "./fold.ts";

/** How many points one compressed chunk of a snapshot holds. */
export const CHUNK_ROWS = 2_048;

/** How many unpacked chunks are kept, about a megabyte each. */
const KEPT_CHUNKS = 16;

/** The canonical texts of points. Those out of a snapshot stay compressed until somebody asks; those of events are objects. */
export interface Bodies {
  /** Adds the next row's event as it came; what the schema does not name is left out when it is read. */
  push(photo: Photo, seq: number): void;
  /** The point as canonical JSON. */
  text(row: number): string;
  point(row: number): Point;
  /** Forgets a row that nobody will ask for again. */
  forget(row: number): void;
  /** What can be read now, for a reader who takes his time: rows that are forgotten later stay readable in it. */
  hold(): Pick<Bodies, "text">;
}

/** Bodies that begin with `count` rows in chunks of {@link CHUNK_ROWS} lines, each compressed by zstd. */
export function createBodies(chunks: readonly Uint8Array[] = [], count = 0): Bodies {
  return bodiesOver(chunks, count, [], []);
}

function bodiesOver(chunks: readonly Uint8Array[], count: number, objects: (Photo | null)[], seqs: number[]): Bodies {
  const unpacked = new Map<number, readonly string[]>();
  const lines = (index: number): readonly string[] => {
    let found = unpacked.get(index);
    if (found) return found;
    found = zstdDecompressSync(chunks[index]!).toString("utf8").split("\n");
    unpacked.set(index, found);
    if (unpacked.size > KEPT_CHUNKS) unpacked.delete(unpacked.keys().next().value!);
    return found;
  };
  const stored = (row: number) => {
    const text = lines(Math.floor(row / CHUNK_ROWS))[row % CHUNK_ROWS];
    if (text === undefined) throw new Error(`Row ${row} is not in the snapshot, which has ${count} rows.`);
    return text;
  };
  const object = (row: number): Point => {
    const photo = objects[row - count];
    if (!photo) throw new Error(`Row ${row} was asked for after it was forgotten.`);
    return pointOf(photo, seqs[row - count]!);
  };
  return {
    push: (photo, seq) => {
      objects.push(photo);
      seqs.push(seq);
    },
    text: (row) => (row < count ? stored(row) : JSON.stringify(object(row))),
    // nosemgrep: unchecked-json-cast -- checked when it was folded, and the snapshot by its SHA-256
    point: (row) => (row < count ? (JSON.parse(stored(row)) as Point) : object(row)),
    forget: (row) => {
      if (row >= count) objects[row - count] = null;
    },
    hold: () => bodiesOver(chunks, count, objects.slice(), seqs),
  };
}
