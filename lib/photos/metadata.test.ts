import { expect, test } from "vitest";
import { exposureOf } from "./exposure.ts";
import { instantOf } from "./instant.ts";
import { readMetadata } from "./metadata.ts";
import { motionOf, placeOf } from "./place.ts";
import { glencoe, jpegWith } from "./testing/jpegs.ts";

const GLENCOE = { lat: 56.6826, lng: -5.1023 };

test("a local time counts with its offset, on either side of Greenwich and over midnight", () => {
  const at = (DateTimeOriginal: string, OffsetTimeOriginal: string) =>
    instantOf({ DateTimeOriginal, OffsetTimeOriginal }, { place: null });
  expect(at("2026:05:01 00:30:00", "+01:00")).toEqual({ takenAt: "2026-04-30T23:30:00.000Z", timeSource: "offset" });
  expect(at("2026:05:01 23:30:00", "-03:30")?.takenAt).toBe("2026-05-02T03:00:00.000Z");
});

test("without an offset the GPS time counts, then the zone that is told, then that of the place", () => {
  const local = { DateTimeOriginal: "2026:05:01 11:20:30", SubSecTimeOriginal: "5" };
  const gps = { ...local, GPSDateStamp: "2026:05:01", GPSTimeStamp: [10, 20, 30.5] };
  expect(instantOf(gps, { place: GLENCOE })).toEqual({ takenAt: "2026-05-01T10:20:30.500Z", timeSource: "gps" });
  expect(instantOf(local, { place: GLENCOE, zone: "America/Vancouver" })).toEqual({
    takenAt: "2026-05-01T18:20:30.500Z",
    timeSource: "offset",
  });
  expect(instantOf(local, { place: GLENCOE })).toEqual({ takenAt: "2026-05-01T10:20:30.500Z", timeSource: "assumed" });
  expect(instantOf(local, { place: null })).toBeNull();
});

test("the zone of the place knows summer time and the hour that is left out", () => {
  const at = (DateTimeOriginal: string) => instantOf({ DateTimeOriginal }, { place: GLENCOE })?.takenAt;
  expect(at("2026:01:15 12:00:00")).toBe("2026-01-15T12:00:00.000Z");
  expect(at("2026:07:15 12:00:00")).toBe("2026-07-15T11:00:00.000Z");
  expect(at("2026:03:29 01:30:00")).toBe("2026-03-29T01:30:00.000Z");
});

test("times that are none are none: zeros, a 30th of February, rubbish", () => {
  for (const DateTimeOriginal of ["0000:00:00 00:00:00", "2026:02:30 10:00:00", "yesterday", "    :  :     :  :  "])
    expect(instantOf({ DateTimeOriginal, OffsetTimeOriginal: "+01:00" }, { place: GLENCOE })).toBeNull();
  expect(instantOf({ GPSDateStamp: "2026:13:01", GPSTimeStamp: [1, 2, 3] }, { place: null })).toBeNull();
  expect(instantOf({ GPSDateStamp: "2026:05:01", GPSTimeStamp: [99, 2, 3] }, { place: null })).toBeNull();
});

const at = (lat: unknown, lng: unknown, more: object = {}) =>
  placeOf({ GPSLatitudeRef: "N", GPSLongitudeRef: "E", GPSLatitude: lat, GPSLongitude: lng, ...more });

test("a place is rounded to 5 decimals, south and west are negative", () => {
  expect(at([57, 7, 24.444444], [5, 30, 0])).toEqual({ lat: 57.12346, lng: 5.5, elevation: null });
  expect(at([57, 0, 0], [5, 0, 0], { GPSLatitudeRef: "S", GPSLongitudeRef: "W" })).toMatchObject({ lat: -57, lng: -5 });
});

test("no place says why: nothing told, a void fix, exactly 0, 0, or outside the globe", () => {
  expect(placeOf({})).toBe("no-place");
  expect(placeOf({ GPSLatitude: [57, 0, 0], GPSLongitude: [5, 0, 0] })).toBe("no-place");
  expect(at([57, 0, 0], [5, 0, 0], { GPSStatus: "V" })).toBe("no-place");
  expect(at([Number.NaN, 0, 0], [5, 0, 0])).toBe("no-place");
  expect(at([0, 0, 0], [0, 0, 0])).toBe("null-island");
  expect(at([91, 0, 0], [5, 0, 0])).toBe("out-of-range");
});

test("an altitude below the sea is negative, and a missing one is null", () => {
  const below = { GPSAltitude: 430.04, GPSAltitudeRef: new Uint8Array([1]) };
  expect(at([31, 30, 0], [35, 30, 0], below)).toMatchObject({ elevation: -430 });
  expect(at([31, 30, 0], [35, 30, 0])).toMatchObject({ elevation: null });
});

test("speed is in metres a second, whatever its unit; what is not told is absent", () => {
  expect(motionOf({ GPSSpeed: 36, GPSSpeedRef: "K" })).toEqual({ speedMps: 10 });
  expect(motionOf({ GPSSpeed: 60, GPSSpeedRef: "M" })).toEqual({ speedMps: 26.82 });
  expect(motionOf({ GPSSpeed: 10, GPSSpeedRef: "N" })).toEqual({ speedMps: 5.14 });
  expect(motionOf({ GPSTrack: 90, GPSImgDirection: 180, GPSDOP: 1.25 })).toEqual({ headingDeg: 90, dop: 1.25 });
  expect(motionOf({ GPSImgDirection: 400, GPSDOP: Number.NaN })).toEqual({});
});

test("the exposure value is that of the sunny 16 rule, or null when a part is missing", () => {
  expect(exposureOf({ ISO: 100, ExposureTime: 1 / 128, FNumber: 16 }).ev).toBe(15);
  expect(exposureOf({ ISO: 800, ExposureTime: 1 / 128, FNumber: 16 }).ev).toBe(12);
  const none = { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null };
  expect(exposureOf({ ISO: 0, FNumber: 0, ExposureTime: Number.POSITIVE_INFINITY })).toEqual(none);
});

test("the size is that of the picture as seen, and nothing but the size", async () => {
  const upright = await readMetadata(await jpegWith(glencoe(), { width: 40, height: 30 }));
  expect(upright?.size).toEqual({ width: 40, height: 30 });
  const turned = await readMetadata(await jpegWith(glencoe({ image: { 0x0112: 6 } }), { width: 40, height: 30 }));
  expect(turned?.size).toEqual({ width: 30, height: 40 });
});

test("a JPEG that was cut anywhere behind its size is truncated, and before it has no size", async () => {
  const whole = await jpegWith(glencoe());
  const cuts = Array.from({ length: 20 }, (_, index) => Math.floor((whole.length * (index + 1)) / 21));
  for (const cut of cuts) {
    const metadata = await readMetadata(whole.subarray(0, cut));
    expect(metadata?.truncated).toBe(true);
  }
  expect(await readMetadata(whole)).toMatchObject({ truncated: false, described: true });
});
