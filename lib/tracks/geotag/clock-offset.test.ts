import fc from "fast-check";
import { expect, test } from "vitest";
import { type CameraPhoto, solveClockOffset } from "./clock-offset.ts";
import type { TimedPlace } from "../track.ts";
import { placeAt } from "./place-at.ts";
import { peaksOf, plateausOf } from "./votes.ts";

const T0 = Date.UTC(2026, 4, 1, 8);
const METER = 1 / 111_195.08;

/** Numbers from 0 to 1, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** A winding drive at 5 to 25 m/s with a place every 10 s, and a stop of 10 minutes after each 50. */
function drive(seed: number, hours: number): TimedPlace[] {
  const random = numbers(seed);
  let [lat, lng, course] = [57, -4, 0];
  return Array.from({ length: hours * 360 }, (_, i) => {
    course += random() - 0.5;
    const meters = i % 360 < 300 ? 50 + 200 * random() : 0;
    lat += meters * METER * Math.cos(course);
    lng += (meters * METER * Math.sin(course)) / Math.cos((lat * Math.PI) / 180);
    return { lat, lng, elevation: null, atMs: T0 + i * 10_000 };
  });
}

/** Photos at random instants of the drive, seen by a clock that is `offsetMs` behind; positions err by up to `noiseM`. */
function photosOf(
  places: readonly TimedPlace[],
  seed: number,
  count: number,
  offsetMs: number,
  noiseM: number,
  wrong = 0,
): CameraPhoto[] {
  const random = numbers(seed + 7);
  const [first, last] = [places[0]!.atMs, places.at(-1)!.atMs];
  return Array.from({ length: count }, (_, i) => {
    const trueMs = Math.round(first + random() * (last - first));
    const found = placeAt(places, trueMs);
    if (found.kind !== "placed") throw new Error(`the drive has a hole at ${trueMs}`);
    const far = i < wrong ? 5_000 + 50_000 * random() : 2 * noiseM * (random() - 0.5);
    const { lat, lng } = found.place;
    return {
      cameraMs: trueMs - offsetMs,
      position: { lat: lat + far * METER, lng: lng + 2 * noiseM * (random() - 0.5) * METER },
    };
  });
}

const world = fc.record({
  seed: fc.nat(1_000_000),
  offsetMs: fc.integer({ min: -14 * 3_600_000, max: 14 * 3_600_000 }),
});

test("any offset up to fourteen hours is found within seconds, in spite of noise and wrong positions", () => {
  fc.assert(
    fc.property(world, ({ seed, offsetMs }) => {
      const places = drive(seed, 5);
      const solved = solveClockOffset(photosOf(places, seed, 25, offsetMs, 30, 5), places);
      if (solved.kind !== "solved") throw new Error(`undetermined: ${solved.reason}`);
      expect(Math.abs(solved.offsetMs - offsetMs)).toBeLessThan(5_000);
      expect(solved.agreeing).toBeGreaterThanOrEqual(18);
      expect(solved.confidence).toBeGreaterThan(0.35);
    }),
    { numRuns: 40 },
  );
});

test("photos whose times have nothing to do with their places never determine a clock", () => {
  fc.assert(
    fc.property(world, ({ seed, offsetMs }) => {
      const places = drive(seed, 5);
      const photos = photosOf(places, seed, 20, offsetMs, 20);
      const others = photosOf(places, seed + 1, 20, offsetMs, 20);
      const mixed = photos.map(({ cameraMs }, i) => ({ ...others[i]!, cameraMs }));
      expect(solveClockOffset(mixed, places).kind).toBe("undetermined");
    }),
    { numRuns: 40 },
  );
});

test("a forgotten time zone is named with what the clock is wrong besides", () => {
  const places = drive(1, 5);
  const solved = solveClockOffset(photosOf(places, 1, 20, -(5.5 * 3_600_000) + 40_000, 10), places);
  expect(solved).toMatchObject({ kind: "solved", zoneMinutes: -330 });
  expect(solved.kind === "solved" && Math.abs(solved.restMs - 40_000)).toBeLessThan(4_000);
});

test("whether pictures stand or move is enough when the stops have a pattern", () => {
  const random = numbers(5);
  const pauses = [0, 2_000, 3_100, 5_900, 7_200, 9_000, 13_000, 15_500];
  let [lat, seconds] = [57, 0];
  const places: TimedPlace[] = [];
  for (; seconds < 18_000; seconds += 10) {
    if (!pauses.some((start) => seconds >= start && seconds < start + 400)) lat += 150 * METER;
    places.push({ lat, lng: -4, elevation: null, atMs: T0 + seconds * 1_000 });
  }
  const offsetMs = 3_600_000;
  const photos = Array.from({ length: 300 }, () => {
    const second = Math.floor(random() * 17_990);
    const still = pauses.some((start) => second >= start && second < start + 400);
    return { cameraMs: T0 + second * 1_000 - offsetMs, still };
  });
  const solved = solveClockOffset(photos, places);
  const best = solved.kind === "solved" ? solved : solved.candidates[0]!;
  expect(Math.abs(best.offsetMs - offsetMs)).toBeLessThan(60_000);
});

test("photos without any position, somewhere within a longer track, do not determine the clock", () => {
  const places = drive(2, 8);
  const photos = Array.from({ length: 20 }, (_, i) => ({ cameraMs: T0 + 3_600_000 + i * 60_000 }));
  expect(solveClockOffset(photos, places)).toMatchObject({ kind: "undetermined", reason: "wide" });
});

test("photos of one spot where the track stood for long do not determine the clock", () => {
  const places = Array.from({ length: 2_000 }, (_, i) => ({
    lat: 57,
    lng: -4,
    elevation: null,
    atMs: T0 + i * 10_000,
  }));
  expect(solveClockOffset(photosOf(places, 3, 20, 0, 10), places)).toMatchObject({
    kind: "undetermined",
    reason: "wide",
  });
});

test("the same round driven twice fits twice, and both times are told", () => {
  const round = drive(4, 1);
  const places = [...round, ...round.map((place) => ({ ...place, atMs: place.atMs + 2 * 3_600_000 }))];
  const photos = photosOf(round.slice(0, 300), 4, 20, 600_000, 10);
  const answer = solveClockOffset(photos, places);
  if (answer.kind !== "undetermined") throw new Error(answer.kind);
  expect(answer.reason).toBe("ambiguous");
  const offsets = answer.candidates
    .slice(0, 2)
    .map(({ offsetMs }) => offsetMs)
    .sort((a, b) => a - b);
  expect(Math.abs(offsets[0]! - 600_000)).toBeLessThan(5_000);
  expect(Math.abs(offsets[1]! - 600_000 - 2 * 3_600_000)).toBeLessThan(5_000);
});

test("an offset with which most but not all photos agree too leaves it ambiguous", () => {
  const round = drive(4, 1).slice(0, 300);
  const most = round.slice(0, 255).map((place) => ({ ...place, atMs: place.atMs + 2 * 3_600_000 }));
  const answer = solveClockOffset(photosOf(round, 4, 40, 0, 10), [...round, ...most]);
  expect(answer).toMatchObject({ kind: "undetermined", reason: "ambiguous" });
  const few = most.slice(0, 60);
  expect(solveClockOffset(photosOf(round, 4, 40, 0, 10), [...round, ...few])).toMatchObject({ kind: "solved" });
});

test("positions that the track never passed, and photos of another week, determine nothing", () => {
  const places = drive(6, 5);
  const elsewhere = photosOf(places, 6, 20, 0, 10).map(({ cameraMs }) => ({
    cameraMs,
    position: { lat: 10, lng: 10 },
  }));
  expect(solveClockOffset(elsewhere, places)).toMatchObject({ kind: "undetermined", reason: "no-evidence" });
  const week = 7 * 24 * 3_600_000;
  expect(solveClockOffset(photosOf(places, 6, 20, week, 10), places)).toMatchObject({ reason: "no-evidence" });
  expect(solveClockOffset(photosOf(places, 6, 20, week, 10), places, { maxOffsetMs: 2 * week })).toMatchObject({
    kind: "solved",
  });
  expect(solveClockOffset([], places)).toMatchObject({ reason: "no-evidence" });
});

test("mostly wrong positions agree on nothing", () => {
  const places = drive(8, 5);
  expect(solveClockOffset(photosOf(places, 8, 20, 0, 10, 14), places)).toMatchObject({
    kind: "undetermined",
    reason: "none-agree",
  });
});

test("a peak's slopes are no rivals, a second summit behind a valley is one", () => {
  const steps = (votes: readonly number[]) =>
    votes.map((count, i) => ({ from: i * 10, to: i * 10 + 10, votes: count }));
  const summits = (votes: readonly number[]) =>
    peaksOf(steps(votes), 4).map(({ from, votes: height }) => [from / 10, height]);
  expect(summits([6, 7, 9, 10, 9, 8, 7, 8, 6])).toEqual([[3, 10]]);
  expect(summits([7, 10, 6, 9, 6])).toEqual([
    [1, 10],
    [3, 9],
  ]);
});

test("of spans the value in most of them wins", () => {
  const voters = [
    [{ from: 0, to: 10 }],
    [
      { from: 5, to: 15 },
      { from: 90_000, to: 90_010 },
    ],
    [{ from: 8, to: 9 }],
  ];
  const plateaus = plateausOf(voters);
  expect(plateaus.map(({ from, to, votes }) => [from, to, votes])).toEqual([
    [0, 5, 1],
    [5, 8, 2],
    [8, 9, 3],
    [9, 10, 2],
    [10, 15, 1],
    [90_000, 90_010, 1],
  ]);
  expect(peaksOf(plateaus, 2)[0]).toMatchObject({ from: 8, to: 9, votes: 3 });
});
