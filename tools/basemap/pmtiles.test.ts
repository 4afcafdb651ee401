import { createHash } from "node:crypto";
import { PMTiles, type RangeResponse, type Source, TileType, zxyToTileId } from "pmtiles";
import { expect, test } from "vitest";
import { tileId } from "./hilbert.ts";
import { type Tile, writeArchive } from "./pmtiles.ts";

const info = {
  minZoom: 0,
  maxZoom: 8,
  bounds: [-180, -85, 180, 85] as const,
  metadata: { name: "test", vector_layers: [] },
};

function memory(archive: Buffer): Source {
  return {
    getKey: () => "memory",
    getBytes: async (offset, length): Promise<RangeResponse> => ({
      data: Uint8Array.from(archive.subarray(offset, offset + length)).buffer,
    }),
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const tile = (z: number, x: number, y: number, text = `${z}/${x}/${y}`): Tile => ({ z, x, y, data: bytes(text) });

function* everyTile(maxZoom: number): Generator<Tile> {
  for (let z = 0; z <= maxZoom; z++)
    for (let x = 0; x < 2 ** z; x++) for (let y = 0; y < 2 ** z; y++) yield tile(z, x, y);
}

test("tile ids follow the Hilbert curve of the specification", () => {
  expect([
    tileId(0, 0, 0),
    tileId(1, 0, 0),
    tileId(1, 0, 1),
    tileId(1, 1, 1),
    tileId(1, 1, 0),
    tileId(2, 0, 0),
  ]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(tileId(12, 3423, 1763)).toBe(19078479);
});

test("tile ids equal those of the reader, on every tile up to zoom 6 and far beyond", () => {
  for (const { z, x, y } of everyTile(6)) expect(tileId(z, x, y)).toBe(zxyToTileId(z, x, y));
  expect(tileId(26, 41_000_123, 9_876_543)).toBe(zxyToTileId(26, 41_000_123, 9_876_543));
});

test("a tile that does not exist is refused by name", () => {
  expect(() => tileId(1, 2, 0)).toThrow("there is no tile 1/2/0");
});

test("the reader gives back every tile, the header and the metadata", async () => {
  const archive = new PMTiles(memory(writeArchive(everyTile(4), info)));
  for (const { z, x, y } of everyTile(4)) {
    const read = await archive.getZxy(z, x, y);
    expect(new TextDecoder().decode(read!.data)).toBe(`${z}/${x}/${y}`);
  }
  const header = await archive.getHeader();
  expect(header).toMatchObject({
    specVersion: 3,
    tileType: TileType.Mvt,
    clustered: true,
    minZoom: 0,
    maxZoom: 8,
    minLon: -180,
    maxLat: 85,
  });
  expect(header).toMatchObject({ numAddressedTiles: 341, numTileEntries: 341, numTileContents: 341 });
  expect(await archive.getMetadata()).toEqual(info.metadata);
});

test("a tile that is not there is undefined", async () => {
  const archive = new PMTiles(memory(writeArchive([tile(2, 1, 1)], info)));
  expect(await archive.getZxy(2, 0, 0)).toBeUndefined();
  expect(await archive.getZxy(2, 1, 1)).toBeDefined();
});

test("equal tiles are stored once, and neighbours on the curve share an entry", async () => {
  const sea = Array.from({ length: 16 }, (_, i) => tile(2, i % 4, Math.floor(i / 4), "sea"));
  const archive = new PMTiles(memory(writeArchive([...sea, tile(3, 5, 5, "sea"), tile(3, 0, 0, "land")], info)));
  expect(await archive.getHeader()).toMatchObject({ numAddressedTiles: 18, numTileEntries: 3, numTileContents: 2 });
  expect(new TextDecoder().decode((await archive.getZxy(3, 5, 5))!.data)).toBe("sea");
});

test("an archive with more entries than the first 16 KiB hold has leaf directories", async () => {
  const uneven = [...everyTile(7)].map((one) => {
    const noise = createHash("shake256", { outputLength: 600 }).update(one.data).digest();
    return { ...one, data: Buffer.concat([one.data, bytes(" "), noise.subarray(noise.readUInt16LE() % 599)]) };
  });
  const archive = new PMTiles(memory(writeArchive(uneven, info)));
  const { rootDirectoryOffset, rootDirectoryLength, leafDirectoryLength } = await archive.getHeader();
  expect(rootDirectoryOffset + rootDirectoryLength).toBeLessThanOrEqual(16_384);
  expect(leafDirectoryLength).toBeGreaterThan(0);
  for (const [z, x, y] of [
    [0, 0, 0],
    [7, 127, 127],
    [7, 3, 99],
    [6, 40, 2],
  ] as const) {
    expect(new TextDecoder().decode((await archive.getZxy(z, x, y))!.data)).toMatch(new RegExp(`^${z}/${x}/${y} `));
  }
});

test("the bytes depend on the tiles alone, not on their order", () => {
  expect(writeArchive([...everyTile(3)].reverse(), info).equals(writeArchive(everyTile(3), info))).toBe(true);
});
