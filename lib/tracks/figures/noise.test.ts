import fc from "fast-check";
import { expect, test } from "vitest";
import type { TimedPlace } from "../track.ts";
import { countNoise, noiseOf, reasonsOf } from "./noise.ts";

const NOW = Date.UTC(2026, 4, 2);
const place = (seconds: number, km: number, more: Partial<TimedPlace> = {}): TimedPlace => ({
  lat: 57,
  lng: -4 + km / 60.56,
  elevation: null,
  atMs: NOW - 100_000_000 + seconds * 1_000,
  ...more,
});
const drive = Array.from({ length: 40 }, (_, i) => place(i * 10, i * 0.2));
const noiseAt = (places: readonly TimedPlace[]) =>
  [...noiseOf(places, NOW)].flatMap((bits, i) => (bits === 0 ? [] : [[i, ...reasonsOf(bits)]]));

test("a drive has no noise", () => {
  expect(noiseAt(drive)).toEqual([]);
});

test("a jump is somewhere else and back, alone or some in a row, also at either end", () => {
  const jumping = (...at: number[]) => drive.map((good, i) => (at.includes(i) ? place(i * 10, 90 + i) : good));
  expect(noiseAt(jumping(7))).toEqual([[7, "jump"]]);
  expect(noiseAt(jumping(7, 8, 9))).toEqual([
    [7, "jump"],
    [8, "jump"],
    [9, "jump"],
  ]);
  expect(noiseAt(jumping(0))).toEqual([[0, "jump"]]);
  expect(noiseAt(jumping(39))).toEqual([[39, "jump"]]);
});

test("who flies away and stays there has not jumped", () => {
  const away = drive.map((good, i) => (i < 20 ? good : place(i * 10 + 6 * 3_600, 5_000 + i * 0.2)));
  expect(noiseAt(away)).toEqual([]);
  const beamed = drive.map((good, i) => (i < 20 ? good : place(i * 10, 5_000 + i * 0.2)));
  expect(noiseAt(beamed)).toEqual([]);
});

test("the first place behind a flight and the only one before it are no jumps", () => {
  const flown = [...drive, place(390 + 6 * 3_600, 5_000)];
  expect(noiseAt(flown)).toEqual([]);
  const before = [place(-6 * 3_600, 5_000), ...drive];
  expect(noiseAt(before)).toEqual([]);
});

test("the place (0, 0) is always a jump, also among places at sea around it", () => {
  const sea = drive.map((good, i) => ({ ...good, lat: 0, lng: i === 5 ? 0 : 0.000_1 }));
  expect(noiseAt(sea)).toEqual([[5, "jump"]]);
});

test("what the receiver doubts is noise, and its jump is not looked at again", () => {
  const doubted = drive.map((good, i) =>
    i === 3 ? place(30, 90, { accuracyM: 5_000 }) : i === 4 ? { ...good, dop: 25 } : { ...good, accuracyM: 12, dop: 1 },
  );
  expect(noiseAt(doubted)).toEqual([
    [3, "accuracy"],
    [4, "accuracy"],
  ]);
});

test("clocks before 2015 and more than a day ahead are noise", () => {
  const at = (atMs: number) => ({ ...drive[0]!, atMs });
  const places = [at(Date.UTC(2014, 11, 31, 23, 59)), at(Date.UTC(2015, 0, 1)), at(NOW), at(NOW + 25 * 3_600_000)];
  expect(noiseAt(places)).toEqual([
    [0, "clock"],
    [3, "clock"],
  ]);
  expect(countNoise(noiseOf(places, NOW))).toEqual({ jump: 0, accuracy: 0, clock: 2 });
});

test("single jumps anywhere in a drive are found, and nothing else", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 8 }),
      fc.integer({ min: 50, max: 9_000 }),
      (jumps, km) => {
        const at = jumps.map((n) => n * 3).sort((a, b) => a - b);
        const places = drive.map((good, i) => (at.includes(i) ? place(i * 10, km + i) : good));
        expect(noiseAt(places).map(([i]) => i)).toEqual(at);
      },
    ),
  );
});
