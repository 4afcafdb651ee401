import { expect, test } from "vitest";
import { boundsOf, photoData, routeData } from "./map/sources.ts";
import { elevationShare } from "./ramp.ts";
import { aPoint } from "./testing/points.ts";
import { daysOf, legsOf, profileOf, statsOf } from "./trip.ts";

const minute = (m: number, fields: Partial<Parameters<typeof aPoint>[0]> = {}) =>
  aPoint({ id: `p${m}`, takenAt: new Date(Date.UTC(2026, 4, 1, 12, m)).toISOString(), lat: 57 + m / 1000, ...fields });

test("the way is the sum of the legs, and so is the time", () => {
  const points = [minute(0), minute(10), minute(20)];
  const stats = statsOf(points, legsOf(points));
  expect(stats.meters).toBeCloseTo(2224, -1);
  expect(stats.ms).toBe(20 * 60_000);
});

test("over a gap in time or place nothing is counted, and the map says that it is one", () => {
  const points = [minute(0), minute(45), minute(46, { lng: 20 })];
  const legs = legsOf(points);
  expect(legs.map(({ gap }) => gap)).toEqual([true, true]);
  expect(statsOf(points, legs)).toMatchObject({ photos: 3, meters: 0, ms: 0 });
  expect(routeData(legs, null).features.map(({ properties }) => properties.gap)).toEqual([true, true]);
});

test("a trip without elevations has none", () => {
  const points = [minute(0, { elevation: null }), minute(5, { elevation: null })];
  expect(statsOf(points, legsOf(points)).elevation).toBeNull();
  expect(profileOf(points, legsOf(points), 10)).toEqual([]);
});

test("a profile is thinned by keeping summits", () => {
  const points = Array.from({ length: 100 }, (_, m) =>
    minute(m / 10, { id: `p${m}`, elevation: m === 57 ? 900 : 100 }),
  );
  const profile = profileOf(points, legsOf(points), 10);
  expect(profile).toHaveLength(10);
  expect(Math.max(...profile.map(({ elevation }) => elevation))).toBe(900);
});

test("days are the calendar's in the zone that was asked for, newest first", () => {
  const points = [
    aPoint({ id: "a", takenAt: "2026-05-01T22:30:00Z" }),
    aPoint({ id: "b", takenAt: "2026-05-01T23:30:00Z" }),
  ];
  expect(daysOf(points, "UTC").map(({ date }) => date)).toEqual(["2026-05-01"]);
  expect(daysOf(points, "Europe/London").map(({ date, points: [first] }) => [date, first!.id])).toEqual([
    ["2026-05-02", "b"],
    ["2026-05-01", "a"],
  ]);
});

test("the route is tinted by where its legs lie between the lowest and the highest place; a flat trip is all low", () => {
  expect([0, 50, 100].map((height) => elevationShare(height, { min: 0, max: 100 }))).toEqual([0, 0.5, 1]);
  expect(elevationShare(15, { min: 0, max: 15 })).toBe(0);
});

test("a leg over the date line goes the short way", () => {
  const [line] = routeData(legsOf([minute(0, { lng: 179.9 }), minute(1, { lng: -179.9 })]), null).features;
  expect(line!.geometry.coordinates.map(([lng]) => lng)).toEqual([179.9, 180.1]);
});

test("dots are thinned along the way; both ends are always drawn and no photo is lost at the closest zoom", () => {
  const points = Array.from({ length: 500 }, (_, m) => minute(m / 50, { id: `p${m}` }));
  const zooms = photoData(points, legsOf(points)).features.map(({ properties }) => properties.zoom);
  expect(zooms[0]).toBe(0);
  expect(zooms.at(-1)).toBe(0);
  expect(zooms.filter((zoom) => zoom <= 8).length).toBeLessThan(zooms.filter((zoom) => zoom <= 11).length / 4);
  expect(Math.max(...zooms)).toBeLessThanOrEqual(11);
});

test("bounds are null without photos", () => {
  expect(boundsOf([])).toBeNull();
  expect(boundsOf([minute(0), minute(10)])).toEqual([-4.2, 57, -4.2, 57.01]);
});
