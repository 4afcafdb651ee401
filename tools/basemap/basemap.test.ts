import { readFileSync } from "node:fs";
import { PMTiles } from "pmtiles";
import { expect, test } from "vitest";

const path = process.env["BASEMAP"];
if (!path)
  throw new Error("BASEMAP is not set; expected the path of basemap.pmtiles. Run the test by Bazel, or set it.");
const bytes = readFileSync(path);
const archive = new PMTiles({
  getKey: () => "basemap",
  getBytes: async (offset, length) => ({ data: Uint8Array.from(bytes.subarray(offset, offset + length)).buffer }),
});

/** A tile as text: names of layers and labels stand in it as they are. */
async function text(z: number, x: number, y: number): Promise<string> {
  const tile = await archive.getZxy(z, x, y);
  return tile ? Buffer.from(tile.data).toString("utf8") : "";
}

test("the archive weighs at most 3 MB and covers the world up to zoom 6", async () => {
  expect(bytes.length).toBeLessThanOrEqual(3_000_000);
  expect(await archive.getHeader()).toMatchObject({ minZoom: 0, maxZoom: 6, minLon: -180, maxLon: 180 });
});

test("the first tile holds land, borders and names of countries", async () => {
  const world = await text(0, 0, 0);
  for (const part of ["land", "borders", "countries", "Brazil"]) expect(world).toContain(part);
});

test("Scotland's tile names its towns", async () => {
  const scotland = await text(6, 31, 19);
  for (const name of ["Inverness", "Ullapool", "Thurso"]) expect(scotland).toContain(name);
});

test("the open sea has no tile", async () => {
  expect(await archive.getZxy(6, 16, 44)).toBeUndefined();
});

test("the sources are credited", async () => {
  expect(await archive.getMetadata()).toMatchObject({
    attribution: expect.stringMatching(/Natural Earth.*GeoNames \(CC BY 4\.0\)/),
  });
});
