import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { LatLng } from "#lib/geo/geo.ts";
import { unzipOne, ZIP_LIMITS } from "../zip/zip.ts";
import { type HgtTile, heightIn, hgtTile, MAX_HGT_BYTES, tileCorner, tileName } from "./hgt.ts";
import type { ElevationSource, Heights } from "./source.ts";

/** A tile holds 26 MB (1") or 3 MB (3"). */
const DEFAULT_TILES = 4;

/** What a packed tile may weigh: more than the tile itself is none. */
const MAX_FILE_BYTES = MAX_HGT_BYTES + 65_536;

/**
 * Elevations from a folder of tiles, named by their south-western corner: `N57W005.hgt`, also `.hgt.gz`, `.hgt.zip` and `.zip`.
 * Tiles are opened when a place needs them; the last `tiles` of them stay in memory. A place whose tile is not in the folder has
 * no elevation; a tile that cannot be read is told as the `failure`, and is tried again by the next question.
 */
export function hgtFolder(folder: string, options: { tiles?: number } = {}): ElevationSource {
  const kept = new Map<string, HgtTile>();
  const tileOf = async (name: string): Promise<HgtTile | null> => {
    const tile = kept.get(name) ?? (await readTile(folder, name));
    if (!tile) return null;
    kept.delete(name);
    kept.set(name, tile);
    for (const oldest of kept.keys()) {
      if (kept.size <= (options.tiles ?? DEFAULT_TILES)) break;
      kept.delete(oldest);
    }
    return tile;
  };
  return {
    name: "dem",
    async heights(places: readonly LatLng[]): Promise<Heights> {
      const heights: (number | null)[] = places.map(() => null);
      let failure: string | null = null;
      for (const [name, indices] of byTile(places)) {
        try {
          const tile = await tileOf(name);
          if (tile) for (const i of indices) heights[i] = heightIn(tile, places[i]!);
        } catch (error) {
          failure ??= (error as Error).message;
        }
      }
      return { heights, failure };
    },
  };
}

function byTile(places: readonly LatLng[]): Map<string, number[]> {
  const tiles = new Map<string, number[]>();
  places.forEach((place, i) => {
    const name = tileName(tileCorner(place));
    const indices = tiles.get(name);
    if (indices) indices.push(i);
    else tiles.set(name, [i]);
  });
  return tiles;
}

const unpackGzip = promisify(gunzip);

const unpackers: Readonly<Record<string, (bytes: Buffer) => Promise<Uint8Array>>> = {
  ".hgt": async (bytes) => bytes,
  ".hgt.gz": (bytes) => unpackGzip(bytes, { maxOutputLength: MAX_HGT_BYTES }),
  ".hgt.zip": unpackZip,
  ".zip": unpackZip,
};

async function unpackZip(bytes: Buffer): Promise<Uint8Array> {
  const isTile = (name: string) => (/\.hgt$/i.test(name) ? 0 : null);
  // The sea is one long run of zeros, which packs a thousandfold: the size of a tile is the limit here.
  const unzipped = await unzipOne(bytes, isTile, { ...ZIP_LIMITS, maxBytes: MAX_HGT_BYTES, maxRatio: 2_000 });
  if (unzipped.kind === "member") return unzipped.bytes;
  throw new Error(unzipped.kind === "none" ? "the archive has no .hgt file" : unzipped.message);
}

async function readTile(folder: string, name: string): Promise<HgtTile | undefined> {
  for (const [ending, unpack] of Object.entries(unpackers)) {
    const path = join(folder, name + ending);
    const bytes = await readIfThere(path);
    if (!bytes) continue;
    const unpacked = await unpack(bytes).catch((cause: unknown) => {
      throw new Error(`The elevation tile ${path} cannot be unpacked: ${(cause as Error).message}`, { cause });
    });
    const tile = hgtTile(unpacked);
    if (tile) return tile;
    throw new Error(
      `The elevation tile ${path} has ${unpacked.length} bytes; a tile has ${MAX_HGT_BYTES} (1") or 2884802 (3"). Fetch it anew.`,
    );
  }
  return undefined;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes, more than any tile`);
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`The elevation tile ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
