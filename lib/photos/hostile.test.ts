import fc from "fast-check";
import sharp from "sharp";
import Value from "typebox/value";
import { expect, test } from "vitest";
import { PhotoSchema } from "#lib/schemas/trips/v1/photo.ts";
import { preparePhoto } from "./prepare.ts";
import { dngWith } from "./testing/dng.ts";
import { gpmfWithGps5, withApp6 } from "./testing/gpmf.ts";
import { HEIC } from "./testing/heic.ts";
import { glencoe, jpegWith } from "./testing/jpegs.ts";

const jpeg = await jpegWith(glencoe());
const sample = {
  lat: 1,
  lng: 2,
  altitude: 3,
  speed2d: 4,
  speed3d: 5,
  fix: 3,
  dop: 1,
  at: new Date("2026-05-01T10:20:30Z"),
} as const;
const corpus: readonly Uint8Array[] = [
  jpeg,
  HEIC,
  withApp6(jpeg, gpmfWithGps5([sample])),
  dngWith(jpeg, { 0x010f: "GoPro" }, { 0x9003: "2026:05:01 11:20:30" }),
  await sharp(jpeg).keepExif().webp().toBuffer(),
  await sharp(jpeg).keepExif().png().toBuffer(),
];

const damage = fc.record({
  which: fc.nat({ max: corpus.length - 1 }),
  changes: fc.array(fc.tuple(fc.nat({ max: 2_000 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 12 }),
  cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: 1 }),
});

test("whatever became of its bytes, a picture is kept aside or gives an event that fits its schema; nothing throws", async () => {
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(damage, async ({ which, changes, cut }) => {
      const bytes = Uint8Array.from(corpus[which]!);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const part = bytes.subarray(0, Math.ceil(bytes.length * cut));
      const locate = (takenAt: string) => ({ takenAt, place: { lat: 1, lng: 2, elevation: null } });
      const prepared = await preparePhoto(
        part,
        { camera: "one", source: "import", zone: "+01:00", locate },
        Date.now(),
      );
      outcomes.add(prepared.kind);
      if (prepared.kind === "photo") expect(Value.Errors(PhotoSchema, prepared.photo)).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect([...outcomes].sort()).toEqual(["aside", "photo"]);
});
