import { expect, test } from "vitest";
import type { TimedPlace } from "../track.ts";
import { coverageOf, passesOf, without } from "./spans.ts";

const METER = 1 / 111_195.08;
const at = (ms: number, north: number, east = 0): TimedPlace => ({
  lat: north * METER,
  lng: east * METER,
  elevation: null,
  atMs: ms,
});
const rounded = (spans: ReturnType<typeof passesOf>) => spans.map(({ from, to }) => [Math.round(from), Math.round(to)]);

test("a pass begins and ends where the way crosses the circle, also between places", () => {
  const drive = [at(0, -1_000), at(10_000, 0), at(20_000, 1_000)];
  expect(rounded(passesOf(drive, { lat: 0, lng: 0 }, 100, 60_000))).toEqual([[9_000, 11_000]]);
  const aside = [at(0, -1_000, 60), at(20_000, 1_000, 60)];
  expect(rounded(passesOf(aside, { lat: 0, lng: 0 }, 100, 60_000))).toEqual([[9_200, 10_800]]);
  expect(passesOf([at(0, -1_000, 101), at(20_000, 1_000, 101)], { lat: 0, lng: 0 }, 100, 60_000)).toEqual([]);
});

test("who comes back passes twice, who stays passes for as long, and over a gap nobody passes", () => {
  const back = [at(0, -1_000), at(10_000, 1_000), at(20_000, -1_000)];
  expect(rounded(passesOf(back, { lat: 0, lng: 0 }, 100, 60_000))).toEqual([
    [4_500, 5_500],
    [14_500, 15_500],
  ]);
  expect(rounded(passesOf([at(0, 10), at(9_000, 10), at(20_000, 20)], { lat: 0, lng: 0 }, 100, 60_000))).toEqual([
    [0, 20_000],
  ]);
  expect(passesOf([at(0, -1_000), at(10_000, 1_000)], { lat: 0, lng: 0 }, 100, 9_999)).toEqual([]);
});

test("a pass on the antimeridian counts from both sides", () => {
  const over = [at(0, 0), at(10_000, 0)].map((place, i) => ({ ...place, lng: i === 0 ? 179.999 : -179.999 }));
  expect(passesOf(over, { lat: 0, lng: 179.9999 }, 50, 60_000)).toHaveLength(1);
  expect(passesOf(over, { lat: 0, lng: -179.9999 }, 50, 60_000)).toHaveLength(1);
});

test("coverage ends at gaps, and spans can be taken out of it", () => {
  const covered = coverageOf([at(0, 0), at(10, 0), at(20, 0), at(100, 0), at(110, 0)], 10);
  expect(covered).toEqual([
    { from: 0, to: 20 },
    { from: 100, to: 110 },
  ]);
  expect(
    without(covered, [
      { from: 5, to: 8 },
      { from: 15, to: 105 },
    ]),
  ).toEqual([
    { from: 0, to: 5 },
    { from: 8, to: 15 },
    { from: 105, to: 110 },
  ]);
});
