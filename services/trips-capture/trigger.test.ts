import { expect, test } from "vitest";
import { nextShotMs } from "./trigger.ts";
import { zoneMinutes } from "./zone.ts";

const byInterval = { intervalMs: 30_000, distanceM: 0, minIntervalMs: 2_000, maxIntervalMs: 120_000 };
const byDistance = { ...byInterval, intervalMs: 0, distanceM: 500 };
/** Two places 1,000 m apart on a meridian. */
const fixes = (ms: number) => [
  { atMs: 0, lat: 57, lng: -5 },
  { atMs: ms, lat: 57 + 1_000 / 111_195, lng: -5 },
];

test("the first picture is due at once, and none when both triggers are off", () => {
  expect(nextShotMs(byInterval, 7, null, [])).toBe(7);
  expect(nextShotMs({ ...byInterval, intervalMs: 0 }, 7, null, [])).toBeNull();
});

test("by interval the next is due so long after the last", () => {
  expect(nextShotMs(byInterval, 0, 1_000, fixes(60_000))).toBe(31_000);
});

test("by distance the speed between the last two pictures says when", () => {
  expect(nextShotMs(byDistance, 0, 1_000, fixes(60_000))).toBeCloseTo(31_000, -2);
  expect(nextShotMs(byDistance, 0, 1_000, fixes(20_000))).toBeCloseTo(11_000, -2);
});

test("a speed that the last picture tells counts before that", () => {
  const [first, last] = fixes(60_000);
  expect(nextShotMs(byDistance, 0, 0, [first!, { ...last!, speedMps: 50 }])).toBe(10_000);
  expect(nextShotMs(byDistance, 0, 0, [{ ...last!, speedMps: 0 }])).toBe(120_000);
});

test("a standing car, missing places and clocks that go back mean the longest interval, a fast car the shortest", () => {
  const place = { atMs: 0, lat: 57, lng: -5 };
  expect(nextShotMs(byDistance, 0, 0, [place, { ...place, atMs: 10_000 }])).toBe(120_000);
  expect(nextShotMs(byDistance, 0, 0, [place])).toBe(120_000);
  expect(nextShotMs(byDistance, 0, 0, fixes(0))).toBe(120_000);
  expect(nextShotMs(byDistance, 0, 0, fixes(100))).toBe(2_000);
});

test("with both triggers the one that comes first counts", () => {
  const both = { ...byDistance, intervalMs: 30_000 };
  expect(nextShotMs(both, 0, 0, fixes(20_000))).toBeCloseTo(10_000, -2);
  expect(nextShotMs(both, 0, 0, fixes(200_000))).toBe(30_000);
});

test("the camera's zone is the configured one, or that of the place, with its summer time", () => {
  const [winter, summer] = [new Date("2026-01-15T12:00:00Z"), new Date("2026-07-15T12:00:00Z")];
  expect(zoneMinutes(summer, "America/St_Johns", null)).toBe(-150);
  expect(zoneMinutes(summer, "auto", { lat: 57.5, lng: -4.2 })).toBe(60);
  expect(zoneMinutes(winter, "auto", { lat: 57.5, lng: -4.2 })).toBe(0);
  expect(zoneMinutes(winter, "auto", { lat: 27.7, lng: 85.3 })).toBe(345);
  expect(zoneMinutes(summer, "auto", null)).toBe(0 - summer.getTimezoneOffset());
});
