import sharp from "sharp";
import { expect, test } from "vitest";
import { identityOf, trackPointId } from "./identity.ts";
import { kindOf } from "./kind.ts";
import { dngWith } from "./testing/dng.ts";
import { HEIC } from "./testing/heic.ts";

const square = sharp({ create: { width: 8, height: 8, channels: 3, background: "#456" } });

test.each(["jpeg", "png", "webp", "avif", "tiff"] as const)("a %s is known by its bytes", async (format) => {
  expect(kindOf(await square.clone().toFormat(format).toBuffer())).toBe(format);
});

test("HEIC and AVIF are told apart, though both are boxes", () => {
  expect(kindOf(HEIC)).toBe("heic");
});

test("a DNG is no TIFF, and one by GoPro is a GPR", () => {
  expect(kindOf(dngWith(null, { 0x010f: "Example" }))).toBe("dng");
  expect(kindOf(dngWith(null, { 0x010f: "GoPro" }))).toBe("gpr");
});

test("anything else is no picture: pages, videos, scraps, nothing", () => {
  const text = (value: string) => new TextEncoder().encode(value);
  const others = [text("<html>"), text("\0\0\0\x18ftypisom\0\0\0\0isom"), text("II*\0\xff\xff\xff\xff"), text("RIFF")];
  for (const bytes of [...others, new Uint8Array(), new Uint8Array([0xff, 0xd8])]) expect(kindOf(bytes)).toBeNull();
});

test("the key and the id follow from the bytes, the extension from the kind", () => {
  const identity = identityOf(new TextEncoder().encode("abc"), "gpr");
  expect(identity).toEqual({
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    id: "14681082-1062-593b-9332-a93da0067be7",
    key: "photos/14/14681082-1062-593b-9332-a93da0067be7.gpr",
  });
});

test("a point without a picture is named by camera, instant and place to 5 decimals", () => {
  const point = { camera: "track", takenAt: "2026-05-01T10:00:00Z", lat: 56.68261, lng: -5.1 };
  expect(trackPointId(point)).toBe(trackPointId({ ...point, takenAt: "2026-05-01T10:00:00.000Z", lat: 56.682611 }));
  expect(trackPointId(point)).not.toBe(trackPointId({ ...point, camera: "phone" }));
});
