import fc from "fast-check";
import { expect, test } from "vitest";
import { distanceM } from "#lib/geo/geo.ts";
import { type TimedPlace, timedPlaces } from "../track.ts";
import { onGreatCircle, placeAt } from "./place-at.ts";

const T0 = Date.UTC(2026, 4, 1, 12);
const at = (seconds: number, lat: number, lng: number, more: Partial<TimedPlace> = {}): TimedPlace => ({
  lat,
  lng,
  elevation: null,
  atMs: T0 + seconds * 1_000,
  ...more,
});

test("between two places the time tells the place, its elevation and its accuracy", () => {
  const places = [at(0, 57, -4, { elevation: 100, accuracyM: 5 }), at(60, 57.01, -4, { elevation: 160, accuracyM: 9 })];
  const found = placeAt(places, T0 + 15_000);
  if (found.kind !== "placed") throw new Error(found.kind);
  expect(found.place.lat).toBeCloseTo(57.0025, 9);
  expect(found.place).toMatchObject({ elevation: 115, accuracyM: 9, atMs: T0 + 15_000 });
});

test("at its places, a track is there; before, behind and in gaps it says nothing", () => {
  const places = [at(0, 57, -4), at(60, 57.01, -4), at(461, 57.02, -4)];
  for (const place of places) expect(placeAt(places, place.atMs)).toEqual({ kind: "placed", place });
  expect(placeAt(places, T0 - 1)).toEqual({ kind: "before" });
  expect(placeAt(places, T0 + 461_001)).toEqual({ kind: "after" });
  expect(placeAt(places, T0 + 100_000)).toEqual({ kind: "gap", ms: 401_000 });
  expect(placeAt(places, T0 + 100_000, { maxGapS: 401 }).kind).toBe("placed");
  expect(placeAt([], T0)).toEqual({ kind: "after" });
});

test("the way goes over the antimeridian and near the poles on the shorter side", () => {
  const pacific = placeAt([at(0, 0, 179.9), at(60, 0, -179.9)], T0 + 45_000);
  expect(pacific.kind === "placed" && pacific.place.lng).toBeCloseTo(-179.95, 6);
  const pole = onGreatCircle({ lat: 89, lng: 0 }, { lat: 89, lng: 180 }, 0.5);
  expect(pole.lat).toBeCloseTo(90, 6);
});

test("a share of the great circle is that share of its length", () => {
  const place = fc.record({
    lat: fc.double({ min: -89, max: 89, noNaN: true }),
    lng: fc.double({ min: -180, max: 180, noNaN: true }),
  });
  fc.assert(
    fc.property(place, place, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, share) => {
      const whole = distanceM(from, to);
      fc.pre(whole < 19_000_000);
      const between = onGreatCircle(from, to, share);
      expect(distanceM(from, between)).toBeCloseTo(whole * share, 0);
      expect(distanceM(between, to)).toBeCloseTo(whole * (1 - share), 0);
    }),
  );
});

test("tracks are one line by time: without times, out of order and double ones are settled", () => {
  const untimed = { lat: 1, lng: 1, elevation: null, atMs: null };
  const [a, b, c] = [at(0, 57, -4), at(10, 57.1, -4), at(20, 57.2, -4)];
  const tracks = [
    { name: null, segments: [[b, untimed], [c]] },
    { name: null, segments: [[a, at(10, 9, 9)]] },
  ];
  expect(timedPlaces(tracks)).toEqual([a, b, c]);
});
