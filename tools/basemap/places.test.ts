import { expect, test } from "vitest";
import { labelPoint, ringArea } from "./pole.ts";
import { pickTowns, type Town } from "./towns.ts";
import { unwrapLine, unwrapPolygons } from "./unwrap.ts";

const town = (name: string, population: number, lng: number, lat: number): Town => ({ name, population, lng, lat });
const shown = (towns: Town[], maxZoom = 9) =>
  Object.fromEntries(pickTowns(towns, maxZoom).map(({ properties }) => [properties.name, properties.zoom]));

test("a lonely village is shown as early as a lonely city", () => {
  expect(shown([town("City", 1e6, 0, 0), town("Village", 1200, 90, 40)])).toEqual({ City: 3, Village: 3 });
});

test("a town waits until no larger one is near it, even where a third one hides that one", () => {
  const zooms = shown([town("Large", 50_000, 0, 0), town("Larger", 900_000, 1.5, 0), town("Small", 5_000, -0.3, 0)]);
  expect(zooms["Larger"]).toBe(3);
  expect(zooms["Large"]).toBeGreaterThan(3);
  expect(zooms["Small"]).toBeGreaterThan(zooms["Large"]!);
});

test("towns without room up to the last zoom are left out", () => {
  expect(shown([town("City", 1e6, 0, 0), town("Suburb", 9e4, 0.01, 0)])).toEqual({ City: 3 });
});

test("the label of a crescent stands in its body, not in its hollow", () => {
  const crescent = [
    [0, 0],
    [10, 0],
    [10, 10],
    [0, 10],
    [0, 9],
    [6, 9],
    [6, 1],
    [0, 1],
    [0, 0],
  ];
  const [x, y] = labelPoint([crescent]);
  expect(x).toBeGreaterThan(6);
  expect(y).toBeGreaterThan(1);
  expect(y).toBeLessThan(9);
});

test("areas are signed by the sense of the ring", () => {
  const square = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [0, 0],
  ];
  expect(ringArea(square)).toBe(4);
  expect(ringArea(square.toReversed())).toBe(-4);
});

test("a line over the date line runs on beyond 180°", () => {
  expect(
    unwrapLine([
      [179, 1],
      [-179, 2],
      [178, 3],
    ]),
  ).toEqual([
    [179, 1],
    [181, 2],
    [178, 3],
  ]);
});

test("a ring round the pole is closed along the pole", () => {
  const [polygon] = unwrapPolygons([
    [
      [
        [-180, -70],
        [-60, -70],
        [60, -70],
        [180, -70],
        [-180, -70],
      ],
    ],
  ]);
  const ring = polygon!.geometry.coordinates[0]!;
  expect(ring.at(-1)).toEqual(ring[0]);
  expect(Math.abs(ringArea(ring))).toBeCloseTo(360 * 19.9);
});
