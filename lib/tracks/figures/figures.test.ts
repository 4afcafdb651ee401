import fc from "fast-check";
import { expect, test } from "vitest";
import type { TimedPlace } from "../track.ts";
import { alongOf, figuresOf } from "./figures.ts";
import { gapsOf, legsOf } from "./legs.ts";

const START = Date.UTC(2026, 4, 1, 12);
const METER = 1 / 111_195.08;

/** A place that many metres north of the equator, that many seconds behind the start. */
const place = (seconds: number, meters: number, more: Partial<TimedPlace> = {}): TimedPlace => ({
  lat: meters * METER,
  lng: 0,
  elevation: null,
  atMs: START + seconds * 1_000,
  ...more,
});
const drive = (from: number, to: number, mps: number, start = 0, step = 10) =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => place(from + i * step, start + i * step * mps));

test("a drive at a constant speed has its length, its time and its speed", () => {
  const figures = figuresOf(drive(0, 600, 20));
  expect(figures.meters).toBeCloseTo(12_000, 0);
  expect(figures).toMatchObject({ movingMs: 600_000, stoppedMs: 0, elapsedMs: 600_000, ascentM: null });
  expect(figures.avgMovingSpeedMps).toBeCloseTo(20, 2);
  expect(figures.maxSpeedMps).toBeCloseTo(20, 2);
});

test("a pause of five minutes is a stop, whose noise adds nothing to the way", () => {
  const noisy = Array.from({ length: 40 }, (_, i) => place(610 + i * 10, 12_000 + (i % 2) * 30));
  const places = [...drive(0, 600, 20), ...noisy, ...drive(1_010, 1_310, 20, 12_000)];
  const legs = legsOf(places);
  expect(legs.stops).toHaveLength(1);
  const [stop] = legs.stops;
  expect((stop!.to - stop!.from) / 1_000).toBeCloseTo(400, -2);
  expect(stop!.lat / METER).toBeCloseTo(12_015, -2);
  const figures = figuresOf(places, legs);
  expect(figures.meters / 1_000).toBeCloseTo(18, 0);
  expect(figures.meters).toBeLessThan(18_100);
  expect(figures.movingMs + figures.stoppedMs).toBe(1_310_000);
  expect(alongOf(legs).at(-1)).toBeCloseTo(figures.meters, 6);
});

test("a red light is no stop, but no movement either", () => {
  const places = [...drive(0, 100, 20), ...drive(110, 200, 20, 2_000)];
  const waiting = [...places.slice(0, 11), place(101, 2_000), place(109, 2_001), ...places.slice(11)];
  expect(legsOf(waiting).stops).toEqual([]);
  expect(figuresOf(waiting).stoppedMs).toBeGreaterThanOrEqual(9_000);
});

test("over a gap in time or in place nothing is counted, and it is told", () => {
  const places = [
    place(0, 0, { elevation: 0 }),
    place(100, 1_000, { elevation: 100 }),
    place(100 + 1_801, 9_000, { elevation: 900 }),
    place(2_000, 10_000, { elevation: 950 }),
    place(2_010, 70_000, { elevation: 950 }),
  ];
  const legs = legsOf(places);
  expect(gapsOf(legs).map(({ first, last, ms }) => [first, last, ms])).toEqual([
    [1, 2, 1_801_000],
    [3, 4, 10_000],
  ]);
  const figures = figuresOf(places, legs);
  expect(figures).toMatchObject({ movingMs: 199_000, elapsedMs: 199_000, ascentM: 150, descentM: 0 });
  expect(figures.meters).toBeCloseTo(2_000, 0);
});

test("a night without places at the hotel is a gap and no stop", () => {
  const legs = legsOf([place(0, 0), place(8 * 3_600, 0)]);
  expect(legs.stops).toEqual([]);
  expect(gapsOf(legs)).toHaveLength(1);
});

const climbing = (...elevations: (number | null)[]) =>
  figuresOf(elevations.map((elevation, i) => place(i * 10, i * 100, { elevation })));

test("ups and downs below five metres are noise, turns count in full", () => {
  expect(climbing(100, 104, 100, 104, 100)).toMatchObject({
    ascentM: 0,
    descentM: 0,
    minElevation: 100,
    maxElevation: 104,
  });
  expect(climbing(100, 103, 106, 103, 109)).toMatchObject({ ascentM: 9, descentM: 0 });
  expect(climbing(100, null, 200, 150, 152, 149, null, 160)).toMatchObject({ ascentM: 111, descentM: 51 });
  expect(climbing(null, 7)).toMatchObject({ ascentM: null, descentM: null, minElevation: 7 });
});

test("what goes up and comes back went down as far as up", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -400, max: 4_000 }), { minLength: 1, maxLength: 60 }), (half) => {
      const { ascentM, descentM } = climbing(0, 100, ...half, ...half.toReversed(), 100, 0);
      expect(ascentM).toBeCloseTo(descentM!, 6);
      expect(ascentM).toBeGreaterThanOrEqual(Math.max(...half) - 0.001 > 100 ? Math.max(...half) : 100);
    }),
  );
});

test("the receiver's own speed counts before what places say", () => {
  const places = drive(0, 60, 20).map((at, i) => (i === 3 ? { ...at, speedMps: 27 } : at));
  expect(figuresOf(places).maxSpeedMps).toBe(27);
});

test("the figures of days add up to those of the trip", () => {
  const step = fc.record({
    seconds: fc.integer({ min: 1, max: 4_000 }),
    meters: fc.integer({ min: -60_000, max: 60_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 3, maxLength: 60 }), fc.nat(), (steps, cut) => {
      let [seconds, meters] = [0, 0];
      const places = steps.map((next) => place((seconds += next.seconds), (meters += next.meters) % 8_000_000));
      const legs = legsOf(places);
      const at = cut % places.length;
      const [whole, a, b] = [figuresOf(places, legs), figuresOf(places, legs, 0, at), figuresOf(places, legs, at)];
      expect(a.meters + b.meters).toBeCloseTo(whole.meters, 3);
      expect(a.elapsedMs + b.elapsedMs).toBe(whole.elapsedMs);
      const gapMs = gapsOf(legs).reduce((sum, { ms }) => sum + ms, 0);
      expect(whole.elapsedMs + gapMs).toBe(places.at(-1)!.atMs - places[0]!.atMs);
    }),
  );
});

test("nothing and a single place have no figures", () => {
  for (const places of [[], [place(0, 0)]])
    expect(figuresOf(places)).toMatchObject({ meters: 0, elapsedMs: 0, maxSpeedMps: null, avgMovingSpeedMps: null });
});

test("a stop on the antimeridian lies there", () => {
  const places = [0, 200, 400].map((seconds, i) => place(seconds, 0, { lng: i === 1 ? -179.9999 : 179.9999 }));
  const [stop] = legsOf(places).stops;
  expect(Math.abs(stop!.lng)).toBeGreaterThan(179.999);
});
