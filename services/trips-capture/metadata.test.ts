import { expect, test } from "vitest";
import { takePhoto } from "#tools/gopro-simulator/photo.ts";
import { createRoute } from "#tools/gopro-simulator/route.ts";
import { exposureOf, placeOf, readMetadata, takenAtOf } from "./metadata.ts";

test("everything is read from a camera's file", async () => {
  const bytes = takePhoto({
    position: { ...createRoute().at(0), lat: 57.123456789, lng: -5.5, elevation: 12.3 },
    distance: 120_000,
    takenAt: new Date("2026-05-01T10:20:30.456Z"),
    zoneMinutes: 60,
    gpsLock: true,
    width: 64,
    height: 48,
  });
  expect(await readMetadata(bytes)).toEqual({
    width: 64,
    height: 48,
    takenAt: "2026-05-01T10:20:30.456Z",
    place: { lat: 57.12346, lng: -5.5, elevation: 12.3 },
    exposure: { iso: 100, shutter: expect.any(Number), aperture: 2.5, focalLength35mm: 16, ev: expect.any(Number) },
  });
});

test("bytes that are no JPEG, or a JPEG cut before its size, are no picture", async () => {
  expect(await readMetadata(new TextEncoder().encode("<html>busy</html>"))).toBeNull();
  expect(await readMetadata(new Uint8Array([0xff, 0xd8, 0xff]))).toBeNull();
  expect(await readMetadata(new Uint8Array())).toBeNull();
});

test("a local time counts with its offset, on either side of Greenwich and over midnight", () => {
  const at = (DateTimeOriginal: string, OffsetTimeOriginal: string) =>
    takenAtOf({ DateTimeOriginal, OffsetTimeOriginal });
  expect(at("2026:05:01 00:30:00", "+01:00")).toBe("2026-04-30T23:30:00.000Z");
  expect(at("2026:05:01 23:30:00", "-03:30")).toBe("2026-05-02T03:00:00.000Z");
});

test("without an offset the GPS time counts, and without either there is no instant", () => {
  const local = { DateTimeOriginal: "2026:05:01 11:20:30" };
  expect(takenAtOf({ ...local, GPSDateStamp: "2026:05:01", GPSTimeStamp: [10, 20, 30.5] })).toBe(
    "2026-05-01T10:20:30.500Z",
  );
  expect(takenAtOf(local)).toBeNull();
  expect(takenAtOf({})).toBeNull();
});

test("a place at 0, 0, outside the globe or half told is no fix", () => {
  expect(placeOf({ latitude: 0, longitude: 0 })).toBeNull();
  expect(placeOf({ latitude: 91, longitude: 0 })).toBeNull();
  expect(placeOf({ latitude: Number.NaN, longitude: 1 })).toBeNull();
  expect(placeOf({ latitude: 57 })).toBeNull();
});

test("an altitude below the sea is negative, and a missing one is null", () => {
  const dead = { latitude: 31.5, longitude: 35.5, GPSAltitude: 430.04, GPSAltitudeRef: new Uint8Array([1]) };
  expect(placeOf(dead)?.elevation).toBe(-430);
  expect(placeOf({ latitude: 31.5, longitude: 35.5 })?.elevation).toBeNull();
});

test("the exposure value is that of the sunny 16 rule, or null when a part is missing", () => {
  expect(exposureOf({ ISO: 100, ExposureTime: 1 / 128, FNumber: 16 }).ev).toBe(15);
  expect(exposureOf({ ISO: 800, ExposureTime: 1 / 128, FNumber: 16 }).ev).toBe(12);
  expect(exposureOf({ ISO: 100, FNumber: 0 })).toEqual({
    iso: 100,
    shutter: null,
    aperture: null,
    focalLength35mm: null,
    ev: null,
  });
});
