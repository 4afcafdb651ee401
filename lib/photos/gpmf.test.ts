import { expect, test } from "vitest";
import { readTelemetry } from "./gpmf.ts";
import { readJpeg } from "./jpeg.ts";
import { readMetadata } from "./metadata.ts";
import { gpmfWithGps5, gpmfWithGps9, type GpsSample, withApp6 } from "./testing/gpmf.ts";
import { glencoe, jpegWith } from "./testing/jpegs.ts";

const good: GpsSample = {
  lat: -56.6826,
  lng: -5.1023,
  altitude: -3.25,
  speed2d: 13.4,
  speed3d: 13.5,
  fix: 3,
  dop: 1.4,
  at: new Date("2026-05-01T10:20:30.250Z"),
};
const read = (gpmf: Uint8Array) => readTelemetry([Buffer.concat([Buffer.from("GoPro\0"), gpmf])]);

test.each([
  ["GPS5", gpmfWithGps5],
  ["GPS9", gpmfWithGps9],
])("%s tells place, instant, speed and dilution of precision", async (_name, gpmf) => {
  expect(await read(gpmf([good]))).toEqual({
    placing: { lat: -56.6826, lng: -5.1023, elevation: -3.2 },
    instant: { takenAt: "2026-05-01T10:20:30.250Z", timeSource: "gps" },
    motion: { speedMps: 13.4, dop: 1.4 },
  });
});

test("the sample with the least dilution of precision counts", async () => {
  const telemetry = await read(
    gpmfWithGps9([
      { ...good, dop: 3 },
      { ...good, lat: 10, dop: 1 },
      { ...good, dop: 2 },
    ]),
  );
  expect(telemetry?.placing).toMatchObject({ lat: 10 });
});

test("no fix, or one of poor precision, is no place; a fix in two dimensions has no elevation", async () => {
  expect((await read(gpmfWithGps9([{ ...good, fix: 0 }])))?.placing).toBe("no-place");
  expect((await read(gpmfWithGps5([{ ...good, fix: 0 }])))?.placing).toBe("no-place");
  expect((await read(gpmfWithGps9([{ ...good, dop: 9.9 }])))?.placing).toBe("no-place");
  expect((await read(gpmfWithGps9([{ ...good, fix: 2 }])))?.placing).toMatchObject({ elevation: null });
});

test("a JPEG without EXIF gets its place and time from the telemetry in APP6", async () => {
  const metadata = await readMetadata(withApp6(await jpegWith(null), gpmfWithGps5([good])));
  expect(metadata).toMatchObject({
    described: true,
    placing: { lat: -56.6826, lng: -5.1023 },
    instant: { takenAt: "2026-05-01T10:20:30.250Z", timeSource: "gps" },
  });
});

test("where EXIF has a place it counts, and the telemetry adds what EXIF does not tell", async () => {
  const metadata = await readMetadata(withApp6(await jpegWith(glencoe()), gpmfWithGps9([good])));
  expect(metadata).toMatchObject({ placing: { lat: 56.6826 }, motion: { speedMps: 13.4, dop: 1.4 } });
});

test("broken telemetry and other APP6 segments are as none", async () => {
  expect(await read(gpmfWithGps9([good]).subarray(0, 40))).toBeNull();
  expect(await readTelemetry([Buffer.from("something else")])).toBeNull();
  expect(readJpeg(withApp6(await jpegWith(null), new Uint8Array(8)))?.app6).toHaveLength(1);
});
