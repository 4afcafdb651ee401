import { open } from "node:fs/promises";
import { inflateSync } from "node:zlib";
import { PMTiles, TileType } from "pmtiles";
import { beforeAll, expect, test } from "vitest";
import { pixelOf, REGION, TILE } from "./heights.ts";

let archive: PMTiles;

beforeAll(async () => {
  const file = await open(process.env["TERRAIN"] ?? "");
  archive = new PMTiles({
    getKey: () => "terrain",
    getBytes: async (offset, length) => {
      const { buffer } = await file.read(new Uint8Array(length), 0, length, offset);
      return { data: buffer.buffer as ArrayBuffer };
    },
  });
});

/** Heights of a tile in metres, read as any Terrarium client does. */
async function read(z: number, x: number, y: number): Promise<number[]> {
  const tile = await archive.getZxy(z, x, y);
  if (!tile) throw new Error(`the archive has no tile ${z}/${x}/${y}`);
  const png = Buffer.from(tile.data);
  const at = png.indexOf("IDAT");
  const lines = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const row = TILE * 3;
  const rgb = new Uint8Array(row * TILE);
  for (let line = 0; line < TILE; line++)
    for (let i = 0; i < row; i++)
      rgb[line * row + i] = lines[line * (row + 1) + 1 + i]! + (line === 0 ? 0 : rgb[(line - 1) * row + i]!);
  return Array.from(
    { length: TILE * TILE },
    (_, i) => rgb[3 * i]! * 256 + rgb[3 * i + 1]! + rgb[3 * i + 2]! / 256 - 32768,
  );
}

async function heightAt(lng: number, lat: number, z = 9): Promise<number> {
  const [x, y] = pixelOf(lng, lat, z).map(Math.floor) as [number, number];
  const heights = await read(z, Math.floor(x / TILE), Math.floor(y / TILE));
  return heights[(y % TILE) * TILE + (x % TILE)]!;
}

test("the archive says what it is, so that maps ask only where it has something", async () => {
  const header = await archive.getHeader();
  expect(header).toMatchObject({ tileType: TileType.Png, minZoom: 4, maxZoom: 9 });
  expect([header.minLon, header.minLat, header.maxLon, header.maxLat]).toEqual([...REGION]);
});

test("the road over the Bealach na Ba is as high as the camera says there, and the sea lies at nought", async () => {
  expect(await heightAt(-5.708, 57.419)).toBeGreaterThan(540);
  expect(await heightAt(-4.2247, 57.4778)).toBeLessThan(60);
  expect(await heightAt(-6.2, 58.5)).toBe(0);
  expect(Math.max(...(await read(9, 249, 155)))).toBeGreaterThan(300);
});

test("there is a tile wherever the region reaches, at every zoom", async () => {
  const [west, south, east, north] = REGION;
  for (let z = 4; z <= 9; z++) {
    const [x0, y0] = pixelOf(west, north, z).map((value) => Math.floor(value / TILE)) as [number, number];
    const [x1, y1] = pixelOf(east, south, z).map((value) => Math.floor(value / TILE)) as [number, number];
    for (const [x, y] of [
      [x0, y0],
      [x1, y0],
      [x0, y1],
      [x1, y1],
    ] as const)
      expect(await archive.getZxy(z, x, y), `${z}/${x}/${y}`).toBeDefined();
  }
});

test("tiles go on where their neighbours end, without a wall between them", async () => {
  const [a, b] = await Promise.all([read(9, 248, 155), read(9, 249, 155)]);
  for (let row = 0; row < TILE; row += 5) {
    const step = Math.abs(a[row * TILE + TILE - 1]! - b[row * TILE]!);
    expect(step).toBeLessThan(200);
  }
});

test("a tile one zoom out is the mean of the four below it", async () => {
  const [far, near] = [await read(8, 124, 77), await read(9, 248, 154)];
  const mean = [0, 1, TILE, TILE + 1].reduce((sum, at) => sum + near[200 * TILE + 100 + at]!, 0) / 4;
  expect(Math.abs(far[100 * TILE + 50]! - mean)).toBeLessThan(1.5);
});
