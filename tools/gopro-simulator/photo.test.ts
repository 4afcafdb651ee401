import exifr from "exifr";
import jpeg from "jpeg-js";
import { expect, test } from "vitest";
import { type Shot, takePhoto } from "./photo.ts";
import { createRoute } from "./route.ts";

const shot: Shot = {
  position: { ...createRoute().at(40_000), lat: 57.12345, lng: -5.54321, elevation: 123.4 },
  distance: 40_000,
  takenAt: new Date("2026-05-01T10:20:30.456Z"),
  zoneMinutes: 60,
  gpsLock: true,
  width: 160,
  height: 120,
};
const tagsOf = (bytes: Buffer) =>
  exifr.parse(bytes, { tiff: true, exif: true, gps: true, reviveValues: false, translateValues: false });

test("a picture is a JPEG of the asked size", () => {
  const { width, height, data } = jpeg.decode(takePhoto(shot), { useTArray: true });
  expect([width, height]).toEqual([160, 120]);
  expect(new Set(data).size).toBeGreaterThan(50);
});

test("its EXIF holds place, time with zone, exposure and camera", async () => {
  const tags = await tagsOf(takePhoto(shot));
  expect(tags).toMatchObject({
    Make: "GoPro",
    Model: "HERO13 Black",
    DateTimeOriginal: "2026:05:01 11:20:30",
    OffsetTimeOriginal: "+01:00",
    SubSecTimeOriginal: "456",
    FNumber: 2.5,
    FocalLengthIn35mmFormat: 16,
    GPSAltitude: 123.4,
    GPSDateStamp: "2026:05:01",
    GPSTimeStamp: [10, 20, 30],
  });
  expect(tags.latitude).toBeCloseTo(57.12345, 6);
  expect(tags.longitude).toBeCloseTo(-5.54321, 6);
  expect(tags.ExposureTime).toBeGreaterThan(0);
});

test("without a fix there is no GPS block, and without a zone no offset", async () => {
  const tags = await tagsOf(takePhoto({ ...shot, gpsLock: false, zoneMinutes: null }));
  expect(tags.latitude).toBeUndefined();
  expect(tags.OffsetTimeOriginal).toBeUndefined();
  expect(tags.DateTimeOriginal).toBe("2026:05:01 10:20:30");
});

test("zones west of Greenwich and of half hours are written as EXIF wants them", async () => {
  expect((await tagsOf(takePhoto({ ...shot, zoneMinutes: -210 }))).OffsetTimeOriginal).toBe("-03:30");
});

test("the same scene gives the same bytes, another place gives others", () => {
  expect(takePhoto(shot)).toEqual(takePhoto(shot));
  const further = { ...shot, distance: 90_000, position: createRoute().at(90_000) };
  expect(takePhoto(further).equals(takePhoto(shot))).toBe(false);
});
