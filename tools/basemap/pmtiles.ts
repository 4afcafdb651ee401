import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { tileId } from "./hilbert.ts";

/** One tile as it is put into the archive, not yet compressed. */
export interface Tile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  readonly data: Uint8Array;
}

/** What a reader is told about the archive beside its tiles. Degrees are WGS84, west south east north. */
export interface ArchiveInfo {
  readonly minZoom: number;
  readonly maxZoom: number;
  readonly bounds: readonly [number, number, number, number];
  /** What the tiles are: vector tiles, which are gzipped, unless told. Pictures are stored as they are. */
  readonly type?: "mvt" | "png";
  /** TileJSON-like JSON: name, attribution, vector_layers. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A run of `count` tile ids from `id` on that share the bytes at `offset`; `count` 0 points at a leaf directory. */
interface Entry {
  readonly id: number;
  readonly offset: number;
  readonly length: number;
  count: number;
}

const HEADER_BYTES = 127;
/** Readers fetch the header and the root directory together, in their first 16 KiB. */
const ROOT_LIMIT = 16_384 - HEADER_BYTES;
const LEAF_ENTRIES = 4_096;
const NONE = 1;
const GZIP = 2;
/** Tile types of the specification, with how each is compressed. */
const TYPES = { mvt: [GZIP, 1], png: [NONE, 2] } as const;

/** zlib writes the platform into the header's tenth byte; the bytes must not depend on it. */
function gzip(data: Uint8Array): Buffer {
  const packed = gzipSync(data, { level: 9 });
  packed[9] = 255;
  return packed;
}

function varint(out: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push((rest % 0x80) | 0x80);
  out.push(rest);
}

function directory(entries: readonly Entry[]): Buffer {
  const out: number[] = [];
  varint(out, entries.length);
  entries.forEach(({ id }, i) => varint(out, id - (entries[i - 1]?.id ?? 0)));
  for (const { count } of entries) varint(out, count);
  for (const { length } of entries) varint(out, length);
  entries.forEach(({ offset }, i) => {
    const before = entries[i - 1];
    varint(out, before && offset === before.offset + before.length ? 0 : offset + 1);
  });
  return gzip(Uint8Array.from(out));
}

function directories(entries: readonly Entry[]): { root: Buffer; leaves: Buffer } {
  const flat = directory(entries);
  if (flat.length <= ROOT_LIMIT) return { root: flat, leaves: Buffer.alloc(0) };
  for (let size = LEAF_ENTRIES; ; size *= 2) {
    const pointers: Entry[] = [];
    const leaves: Buffer[] = [];
    let offset = 0;
    for (let at = 0; at < entries.length; at += size) {
      const leaf = directory(entries.slice(at, at + size));
      pointers.push({ id: entries[at]!.id, offset, length: leaf.length, count: 0 });
      leaves.push(leaf);
      offset += leaf.length;
    }
    const root = directory(pointers);
    if (root.length <= ROOT_LIMIT) return { root, leaves: Buffer.concat(leaves) };
  }
}

function header(info: ArchiveInfo, sections: readonly Buffer[], counts: readonly number[]): Buffer {
  const out = Buffer.alloc(HEADER_BYTES);
  out.write("PMTiles", 0, "latin1");
  out.writeUInt8(3, 7);
  let offset = HEADER_BYTES;
  sections.forEach(({ length }, i) => {
    out.writeBigUInt64LE(BigInt(offset), 8 + 16 * i);
    out.writeBigUInt64LE(BigInt(length), 16 + 16 * i);
    offset += length;
  });
  counts.forEach((count, i) => out.writeBigUInt64LE(BigInt(count), 72 + 8 * i));
  out.set([1, GZIP, ...TYPES[info.type ?? "mvt"], info.minZoom, info.maxZoom], 96);
  info.bounds.forEach((degrees, i) => out.writeInt32LE(Math.round(degrees * 1e7), 102 + 4 * i));
  const [west, south, east, north] = info.bounds;
  out.writeUInt8(info.minZoom, 118);
  out.writeInt32LE(Math.round(((west + east) / 2) * 1e7), 119);
  out.writeInt32LE(Math.round(((south + north) / 2) * 1e7), 123);
  return out;
}

/**
 * Writes a PMTiles archive, version 3 of its specification: tiles in Hilbert order, equal tiles stored once, directories and vector tiles gzipped.
 * The same tiles give the same bytes on every machine.
 */
export function writeArchive(tiles: Iterable<Tile>, info: ArchiveInfo): Buffer {
  const ordered = [...tiles]
    .map((tile) => ({ id: tileId(tile.z, tile.x, tile.y), data: tile.data }))
    .sort((a, b) => a.id - b.id);
  const stored = new Map<string, { offset: number; length: number }>();
  const contents: Buffer[] = [];
  const entries: Entry[] = [];
  let size = 0;
  for (const { id, data } of ordered) {
    const digest = createHash("sha256").update(data).digest("base64");
    let place = stored.get(digest);
    if (place === undefined) {
      const packed = info.type === "png" ? Buffer.from(data) : gzip(data);
      contents.push(packed);
      place = { offset: size, length: packed.length };
      stored.set(digest, place);
      size += packed.length;
    }
    const last = entries.at(-1);
    if (last && last.offset === place.offset && last.id + last.count === id) last.count += 1;
    else entries.push({ id, ...place, count: 1 });
  }
  const { root, leaves } = directories(entries);
  const sections = [root, gzip(Buffer.from(JSON.stringify(info.metadata))), leaves, Buffer.concat(contents)];
  return Buffer.concat([header(info, sections, [ordered.length, entries.length, contents.length]), ...sections]);
}
