import { expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDay,
  formatDays,
  formatExposure,
  formatHeight,
  formatHours,
  formatInstant,
  formatMeters,
  formatPlace,
  formatShortDay,
  formatSpeed,
  formatTime,
} from "./format.ts";
import { whenOf } from "./panels/trip-head.tsx";
import { replyOf } from "./testing/figures.ts";
import { aPoint } from "./testing/points.ts";
import { pageTitle } from "./title.ts";

test("ways and sizes are short and exact", () => {
  expect([842.4, 12_345, 1_204_000].map(formatMeters)).toEqual(["842 m", "12.3 km", "1,204 km"]);
  expect([81_234, 4_120_000].map(formatBytes)).toEqual(["81 kB", "4.1 MB"]);
});

test("days, speeds, heights and counts are said as one says them", () => {
  expect(formatShortDay("2026-11-21")).toBe("Sat 21 Nov");
  expect(formatDays("2026-05-01", "2026-05-03")).toMatch(/^1\s?–\s?3 May 2026$/);
  expect([formatSpeed(20), formatHeight(1204.4)]).toEqual(["72 km/h", "1,204 m"]);
  expect([formatCount(1, "photo"), formatCount(1204, "photo")]).toEqual(["1 photo", "1,204 photos"]);
});

test("a trip that is called by its date says its hours instead of saying the date again", () => {
  const [from, to] = ["2026-05-01T08:12:00Z", "2026-05-01T16:40:59Z"];
  expect(formatHours(from, to, "Europe/London")).toBe("09:12 – 17:40 BST");
  const points = [aPoint({ id: "a", takenAt: from }), aPoint({ id: "b", takenAt: to })];
  const named = replyOf("t", "T", points, 2);
  const automatic = { ...named, trip: { ...named.trip, automatic: true } };
  expect(whenOf(automatic)).toBe("08:12 – 16:40 UTC");
  expect(whenOf(named)).toBe("1 May 2026 · 08:12 – 16:40 UTC");
  const later = replyOf("t", "T", [...points, aPoint({ id: "c", takenAt: "2026-05-03T12:00:00Z" })], 3);
  expect(whenOf(later)).toMatch(/^1\s?–\s?3 May 2026 · 2 days$/);
});

test("places name their hemispheres", () => {
  expect(formatPlace({ lat: 57.47908, lng: -4.22398 })).toBe("57.47908° N, 4.22398° W");
  expect(formatPlace({ lat: -33.9, lng: 18.4 })).toBe("33.90000° S, 18.40000° E");
});

test("times are said in the zone that was asked for, with its name", () => {
  expect(formatTime("2026-05-01T12:00:05.25Z", "Europe/Berlin")).toBe("14:00:05");
  expect(formatInstant("2026-05-01T12:00:05Z", "UTC")).toBe("1 May 2026, 12:00:05 UTC");
  expect(formatDay("2026-11-21")).toBe("Saturday, 21 November 2026");
});

test("exposure is written as photographers do, and leaves out what the camera did not say", () => {
  expect(formatExposure({ iso: 100, shutter: 1 / 480, aperture: 2.5, focalLength35mm: 19, ev: 13.2 })).toBe(
    "1/480 s · f/2.5 · ISO 100 · 19 mm · EV 13.2",
  );
  expect(formatExposure({ iso: null, shutter: 2, aperture: null, focalLength35mm: null, ev: null })).toBe("2 s");
  expect(formatExposure({ iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null })).toBeNull();
});

test("the tab says what is open, or else how things stand", () => {
  const facts = {
    loaded: true,
    failed: false,
    live: true,
    photos: 1204,
    openedAt: undefined,
    trip: "Coast",
    seq: null,
  };
  expect(pageTitle(facts)).toBe("1,204 photos, live · Coast · Trips");
  expect(pageTitle({ ...facts, photos: 1, live: false, trip: undefined })).toBe("1 photo, not live · Trips");
  expect(pageTitle({ ...facts, seq: 12 })).toBe("1,204 photos, as of event 12 · Coast · Trips");
  expect(pageTitle({ ...facts, loaded: false, failed: true })).toBe("Not loaded · Trips");
  expect(pageTitle({ ...facts, openedAt: "2026-05-01T12:00:05Z" })).toMatch(/^Photo of \d\d:\d\d:\d\d · Trips$/);
});
