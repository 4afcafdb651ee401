import { expect, test } from "vitest";
import { figuresOf } from "#lib/tracks/figures/figures.ts";
import { legsOf } from "#lib/tracks/figures/legs.ts";
import { noiseOf } from "#lib/tracks/figures/noise.ts";
import { createDrive } from "./drive.ts";
import { type History, historyOf } from "./history.ts";
import { received } from "./receiver.ts";
import { createRoute } from "./route.ts";

const route = createRoute();
const drive = createDrive(route);
const told = (now: string, days = 2, seed = 1) => historyOf({ days, now: Date.parse(now), seed, drive });
const placesOf = ({ pictures }: History) =>
  pictures.map(({ takenAt, distance }) => ({ ...received(route.at(distance), takenAt), atMs: takenAt.getTime() }));
const localHours = ({ zoneMinutes }: History, takenAt: Date) => (takenAt.getTime() / 3_600_000 + zoneMinutes / 60) % 24;
const datesOf = ({ pictures }: History) => [
  ...new Set(pictures.map(({ takenAt }) => takenAt.toISOString().slice(0, 10))),
];

test("two days and today, from half past eight to six local time, up to an hour before now", () => {
  const afternoon = told("2026-07-15T15:00:00Z");
  expect(afternoon.zoneMinutes).toBe(60);
  expect(datesOf(afternoon)).toEqual(["2026-07-13", "2026-07-14", "2026-07-15"]);
  for (const { takenAt } of afternoon.pictures) {
    expect(localHours(afternoon, takenAt)).toBeGreaterThanOrEqual(8.5);
    expect(localHours(afternoon, takenAt)).toBeLessThanOrEqual(18);
  }
  expect(afternoon.pictures.at(-1)!.takenAt.toISOString()).toBe("2026-07-15T14:00:00.000Z");
});

test("at night today is not told, and in winter the zone is another", () => {
  const night = told("2026-11-21T03:00:00Z");
  expect(night.zoneMinutes).toBe(0);
  expect(datesOf(night)).toEqual(["2026-11-19", "2026-11-20"]);
});

test("without days there is nothing, and the car stands at the start", () => {
  expect(told("2026-07-15T15:00:00Z", 0)).toMatchObject({ pictures: [], distance: 0 });
});

test("the same seed tells the same, another one something else", () => {
  expect(told("2026-07-15T15:00:00Z")).toEqual(told("2026-07-15T15:00:00Z"));
  expect(told("2026-07-15T15:00:00Z", 2, 2)).not.toEqual(told("2026-07-15T15:00:00Z"));
});

test("pictures are about five minutes apart, and the car stands where the last was taken", () => {
  const history = told("2026-07-15T19:00:00Z");
  history.pictures.slice(1).forEach(({ takenAt, distance }, index) => {
    const before = history.pictures[index]!;
    const minutes = (takenAt.getTime() - before.takenAt.getTime()) / 60_000;
    expect(minutes > 10 * 60 || minutes < 5.4).toBe(true);
    expect(distance).toBeGreaterThanOrEqual(before.distance - 0.001);
  });
  expect(history.distance).toBe(history.pictures.at(-1)!.distance);
});

test("to the figures of a trip it is a drive: believable speeds, two or three stops a day, nights as gaps, no noise", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const history = told("2026-07-15T19:30:00Z", 2, seed);
    const places = placesOf(history);
    const legs = legsOf(places);
    const figures = figuresOf(places, legs);
    expect(noiseOf(places, Date.parse("2026-07-15T19:30:00Z")).every((noise) => noise === 0)).toBe(true);
    expect(legs.kinds.filter((kind) => kind === 2)).toHaveLength(2);
    for (const date of datesOf(history)) {
      const stops = legs.stops.filter(({ from }) => new Date(from).toISOString().startsWith(date));
      expect([2, 3], `stops of ${date}, seed ${seed}`).toContain(stops.length);
      for (const { from, to } of stops) expect((to - from) / 60_000).toBeLessThanOrEqual(60);
    }
    expect(figures.maxSpeedMps! * 3.6).toBeLessThan(90);
    expect(figures.avgMovingSpeedMps! * 3.6).toBeGreaterThan(40);
    expect(figures.meters / 3).toBeGreaterThan(200_000);
    expect(figures.meters / 3).toBeLessThan(400_000);
  }
});

test("a receiver errs by four metres at most, and by less from one second to the next", () => {
  const place = { lat: 57.5, lng: -5 };
  const metres = (a: typeof place, b: typeof place) =>
    Math.hypot((a.lat - b.lat) * 111_195, (a.lng - b.lng) * 111_195 * Math.cos((57.5 * Math.PI) / 180));
  let widest = 0;
  for (let second = 0; second < 3_000; second++) {
    const at = (s: number) => received(place, new Date(1.79e12 + s * 1_000));
    widest = Math.max(widest, metres(at(second), place));
    expect(metres(at(second), at(second + 1))).toBeLessThan(0.5);
  }
  expect(widest).toBeGreaterThan(2);
  expect(widest).toBeLessThanOrEqual(4);
});
