import fc from "fast-check";
import { expect, test } from "vitest";
import { heightIn, HGT_VOID, hgtTile, tileCorner, tileName } from "./hgt.ts";

type Height = (lat: number, lng: number) => number;

/** A tile whose heights follow a formula of its places. */
function tileOf(lat: number, lng: number, height: Height, size = 1_201) {
  const bytes = Buffer.alloc(2 * size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const value = height(lat + 1 - row / (size - 1), lng + column / (size - 1));
      bytes.writeInt16BE(Math.round(value), 2 * (row * size + column));
    }
  }
  return hgtTile(bytes)!;
}

const slope: Height = (lat, lng) => lat * 100 + lng * 1_000;
const rough: Height = (lat, lng) => 500 + 400 * Math.sin(lat * 997) * Math.cos(lng * 787);

test("tiles are named by their south-western corners", () => {
  const named = (lat: number, lng: number) => tileName(tileCorner({ lat, lng }));
  expect(named(57.5, -4.5)).toBe("N57W005");
  expect(named(57, -4)).toBe("N57W004");
  expect(named(-0.5, 0.5)).toBe("S01E000");
  expect(named(90, 180)).toBe("N89W180");
});

test("both sizes of tiles are known, others are none", () => {
  expect(hgtTile(new Uint8Array(2_884_802))?.size).toBe(1_201);
  expect(hgtTile(new Uint8Array(25_934_402))?.size).toBe(3_601);
  expect(hgtTile(new Uint8Array(2_884_800))).toBeUndefined();
});

test("the first row is the north, the first column the west, numbers are big-endian and signed", () => {
  const tile = tileOf(57, -5, slope);
  expect(heightIn(tile, { lat: 57.999_999, lng: -5 })).toBeCloseTo(800, 0);
  expect(heightIn(tile, { lat: 57, lng: -5 })).toBeCloseTo(700, 0);
  expect(heightIn(tile, { lat: 57, lng: -4.000_001 })).toBeCloseTo(1_700, 0);
  expect(
    heightIn(
      tileOf(-1, 0, () => -7),
      { lat: -0.5, lng: 0.5 },
    ),
  ).toBe(-7);
});

test("between places the height is between theirs, by distance", () => {
  const tile = tileOf(57, -5, (lat, lng) => (lng < -4.5 + 1e-9 ? 0 : 100) + (lat > 57.5 - 1e-9 ? 40 : 0));
  const cell = 1 / 1_200;
  expect(heightIn(tile, { lat: 57.2, lng: -4.5 + cell / 4 })).toBeCloseTo(25, 3);
  expect(heightIn(tile, { lat: 57.5 - cell / 4, lng: -4.9 })).toBeCloseTo(30, 3);
  expect(heightIn(tile, { lat: 57.5 - cell / 2, lng: -4.5 + cell / 2 })).toBeCloseTo(70, 3);
});

test("voids do not count, and where there is nothing else nothing is said", () => {
  const tile = tileOf(57, -5, (_, lng) => (lng < -4.5 + 1e-9 ? 120 : HGT_VOID));
  const cell = 1 / 1_200;
  expect(heightIn(tile, { lat: 57.2, lng: -4.5 + cell / 2 })).toBe(120);
  expect(heightIn(tile, { lat: 57.2, lng: -4.5 + 2.5 * cell })).toBeNull();
  expect(
    heightIn(
      tileOf(57, -5, () => HGT_VOID),
      { lat: 57.5, lng: -4.5 },
    ),
  ).toBeNull();
});

test("neighbouring tiles agree on the edge they share", () => {
  const [south, north, east] = [tileOf(57, -5, rough), tileOf(58, -5, rough), tileOf(57, -4, rough)];
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (along) => {
      const [edgeNorth, edgeEast] = [
        { lat: 58, lng: -5 + along },
        { lat: 57 + along, lng: -4 },
      ];
      const hair = 1e-10;
      expect(heightIn(south, { ...edgeNorth, lat: 58 - hair })).toBeCloseTo(heightIn(north, edgeNorth)!, 3);
      expect(heightIn(south, { ...edgeEast, lng: -4 - hair })).toBeCloseTo(heightIn(east, edgeEast)!, 3);
    }),
  );
});
