import { TagValues } from "piexif-ts";
import sharp from "sharp";
import Value from "typebox/value";
import { expect, test } from "vitest";
import { PhotoSchema } from "#lib/schemas/trips/v1/photo.ts";
import { type Origin, preparePhoto } from "./prepare.ts";
import { dngWith } from "./testing/dng.ts";
import { HEIC } from "./testing/heic.ts";
import { glencoe, jpegWith, sexagesimal } from "./testing/jpegs.ts";
import type { AsideReason } from "./verdict.ts";

const { ExifIFD, GPSIFD } = TagValues;
const NOW = Date.parse("2026-05-02T00:00:00Z");
const origin: Origin = { camera: "one", source: "import", name: "IMG_1.JPG" };
const prepare = (bytes: Uint8Array, more: Partial<Origin> = {}) => preparePhoto(bytes, { ...origin, ...more }, NOW);

async function photoOf(bytes: Uint8Array, more: Partial<Origin> = {}) {
  const prepared = await prepare(bytes, more);
  if (prepared.kind !== "photo") throw new Error(`It was kept aside: ${prepared.message}`);
  expect(Value.Errors(PhotoSchema, prepared.photo)).toEqual([]);
  return prepared;
}

test("a JPEG's event has everything that it tells, and no more", async () => {
  const bytes = await jpegWith(glencoe());
  const { photo, uploads } = await photoOf(bytes, { tags: ["car"], trip: "north" });
  expect(photo).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    takenAt: "2026-05-01T10:20:30.250Z",
    lat: 56.6826,
    lng: -5.1023,
    elevation: 152.3,
    image: {
      key: `photos/${photo.id.slice(0, 2)}/${photo.id}.jpg`,
      width: 40,
      height: 30,
      bytes: bytes.length,
      type: "image/jpeg",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
    camera: "one",
    tags: ["car"],
    exposure: { iso: 100, shutter: 1 / 240, aperture: 2.5, focalLength35mm: 16, ev: 10.6 },
    source: "import",
    timeSource: "offset",
    name: "IMG_1.JPG",
    trip: "north",
    elevationSource: "gps",
  });
  expect(uploads.map(({ key }) => key)).toEqual([photo.image?.key]);
});

test("the same bytes under another name are the same point and the same object", async () => {
  const bytes = await jpegWith(glencoe());
  const [one, two] = [await photoOf(bytes), await photoOf(bytes, { name: "copy of IMG_1.png" })];
  expect(two.photo.id).toBe(one.photo.id);
  expect(two.uploads).toEqual(one.uploads);
});

test.each(["png", "webp", "avif"] as const)(
  "a %s keeps its type, and gets a preview that is a JPEG",
  async (format) => {
    const turned = glencoe({ image: { 0x0112: 6 } });
    const bytes = await sharp(await jpegWith(turned))
      .keepExif()
      .toFormat(format)
      .toBuffer();
    const { photo, uploads } = await photoOf(bytes, { name: "IMG_1.JPG" });
    expect(photo.image).toMatchObject({ type: `image/${format}`, key: expect.stringMatching(`\\.${format}$`) });
    const [, preview] = uploads;
    const shown = await sharp(preview!.bytes).metadata();
    expect(shown).toMatchObject({ format: "jpeg", width: 30, height: 40 });
    expect(shown.exif).toBeUndefined();
    expect(photo.image?.preview).toEqual({ key: preview!.key, width: 30, height: 40, bytes: preview!.bytes.length });
    expect(photo.image).toMatchObject({ width: 30, height: 40 });
    expect(Object.keys(photo.image!).sort()).toEqual(["bytes", "height", "key", "preview", "sha256", "type", "width"]);
  },
);

test("a HEIC is decoded upright, as it is to be seen", async () => {
  const { photo, uploads } = await photoOf(HEIC);
  expect(photo.image).toMatchObject({ type: "image/heic", width: 48, height: 64, preview: { width: 48, height: 64 } });
  const pixels = await sharp(uploads[1]!.bytes).raw().toBuffer();
  const [top, bottom] = [pixels.subarray(0, 3), pixels.subarray(-3)];
  expect(top[2]).toBeGreaterThan(150);
  expect(bottom[0]).toBeGreaterThan(150);
});

const raw = { 0x010f: "GoPro" };
const taken = { 0x9003: "2026:05:01 11:20:30" };
const located: Partial<Origin> = {
  locate: (takenAt) => ({ takenAt, place: { lat: 1, lng: 2, elevation: null } }),
  zone: "+01:00",
};

test("a GPR is kept as it is, with the largest JPEG in it as its preview", async () => {
  const inside = await sharp({ create: { width: 32, height: 20, channels: 3, background: "#082" } })
    .jpeg()
    .toBuffer();
  const { photo, uploads } = await photoOf(dngWith(inside, { ...raw, 0x0112: [6] }, taken), located);
  expect(photo.image).toMatchObject({
    type: "image/x-gopro-gpr",
    width: 20,
    height: 32,
    preview: { width: 20, height: 32 },
  });
  expect(uploads.map(({ key }) => key.split(".")[1])).toEqual(["gpr", "jpg"]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "a RAW file's orientation %i turns its preview as it turns a JPEG",
  async (orientation) => {
    const corners = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
    const four = sharp(corners, { raw: { width: 2, height: 2, channels: 3 } }).resize(32, 32, { kernel: "nearest" });
    const inside = await four.clone().jpeg({ quality: 100 }).toBuffer();
    const { uploads } = await photoOf(dngWith(inside, { ...raw, 0x0112: [orientation] }, taken), located);
    const expected = await sharp(
      await four.clone().withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer(),
    ).autoOrient();
    const [ours, theirs] = await Promise.all([sharp(uploads[1]!.bytes).raw().toBuffer(), expected.raw().toBuffer()]);
    for (const at of [0, 31, 31 * 32, 32 * 32 - 1])
      for (const channel of [0, 1, 2])
        expect(Math.abs(ours[at * 3 + channel]! - theirs[at * 3 + channel]!)).toBeLessThan(90);
  },
);

test("a HEIC that was cut is damaged, and the next one is read all the same", async () => {
  for (const cut of [200, 500, HEIC.length - 40, HEIC.length - 5])
    expect(await prepare(HEIC.subarray(0, cut))).toMatchObject({ kind: "aside" });
  expect(await prepare(HEIC)).toMatchObject({ kind: "photo" });
});

test("a RAW file without a JPEG in it takes the one beside it, byte for byte, and is kept aside without", async () => {
  const beside = await jpegWith(glencoe());
  const size = { 0xc620: [40, 30] };
  const { uploads } = await photoOf(dngWith(null, { ...raw, ...size }, taken), { ...located, beside });
  expect(Buffer.from(uploads[1]!.bytes).equals(beside)).toBe(true);
  expect(await prepare(dngWith(null, { ...raw, ...size }, taken), located)).toMatchObject({
    kind: "aside",
    reason: "damaged",
  });
});

test("what cannot become a point says why", async () => {
  const reasonOf = async (bytes: Uint8Array, more: Partial<Origin> = {}): Promise<AsideReason | "none"> => {
    const prepared = await prepare(bytes, more);
    return prepared.kind === "aside" ? prepared.reason : "none";
  };
  const dated = (DateTimeOriginal: string) =>
    jpegWith(glencoe({ exif: { [ExifIFD.DateTimeOriginal]: DateTimeOriginal } }));
  const placed = (gps: object) => jpegWith(glencoe({ gps }));
  const whole = await jpegWith(glencoe());
  const nowhere = { ...glencoe(), GPS: {} };

  expect(await reasonOf(new TextEncoder().encode("<html>busy</html>"))).toBe("not-a-picture");
  expect(await reasonOf(new Uint8Array())).toBe("not-a-picture");
  expect(await reasonOf(whole, { mostBytes: whole.length - 1 })).toBe("too-large");
  expect(await reasonOf(whole.subarray(0, -20))).toBe("truncated");
  expect(await reasonOf((await sharp(whole).keepExif().png().toBuffer()).subarray(0, 600))).toBe("damaged");
  expect(await reasonOf(await jpegWith(null))).toBe("no-exif");
  expect(await reasonOf(await jpegWith(nowhere))).toBe("no-place");
  expect(
    await reasonOf(await placed({ [GPSIFD.GPSLatitude]: sexagesimal(0), [GPSIFD.GPSLongitude]: sexagesimal(0) })),
  ).toBe("null-island");
  expect(
    await reasonOf(
      await placed({
        [GPSIFD.GPSLatitude]: [
          [99, 1],
          [0, 1],
          [0, 1],
        ],
      }),
    ),
  ).toBe("out-of-range");
  expect(await reasonOf(await dated("0000:00:00 00:00:00"))).toBe("no-time");
  expect(await reasonOf(await dated("2014:12:31 23:00:00"))).toBe("clock");
  expect(await reasonOf(await dated("2026:05:04 12:00:00"))).toBe("clock");
  expect(await reasonOf(await dated("2026:05:02 12:00:00"))).toBe("none");
  expect(await reasonOf(await jpegWith(nowhere), { locate: () => null })).toBe("no-place");
});

test("a picture without a place is placed by its instant, one with a place keeps its own", async () => {
  const asked: string[] = [];
  const locate = (takenAt: string) => {
    asked.push(takenAt);
    return { takenAt: "2026-05-01T11:00:00.000Z", place: { lat: 1.5, lng: 2.5, elevation: 9 } };
  };
  const { photo } = await photoOf(await jpegWith({ ...glencoe(), GPS: {} }), { locate });
  expect(photo).toMatchObject({
    lat: 1.5,
    lng: 2.5,
    elevation: 9,
    takenAt: "2026-05-01T11:00:00.000Z",
    timeSource: "assumed",
  });
  expect(asked).toEqual(["2026-05-01T10:20:30.250Z"]);
  expect((await photoOf(await jpegWith(glencoe()), { locate })).photo.lat).toBe(56.6826);
});

test("an elevation that the picture does not tell is asked for, and says where it is from", async () => {
  const { [GPSIFD.GPSAltitude]: _, ...gps } = glencoe().GPS as Record<number, unknown>;
  const flat = await jpegWith({ ...glencoe(), GPS: gps as never });
  const elevate = async () => ({ metres: 77.77, source: "dem" as const });
  expect((await photoOf(flat, { elevate })).photo).toMatchObject({ elevation: 77.8, elevationSource: "dem" });
  const unknown = (await photoOf(flat, { elevate: async () => null })).photo;
  expect(unknown.elevation).toBeNull();
  expect(unknown).not.toHaveProperty("elevationSource");
});
