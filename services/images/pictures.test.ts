import { parseMetadata } from "@uswriting/exiftool";
import { parse as parseExif } from "exifr";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Objects } from "#lib/objects/objects.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";
import { setUpLibvips } from "./render.ts";
import { openBucket, photo, plain, type Service, startService, store } from "./testing.ts";

let s3: S3Server;
let objects: Objects;
let service: Service;

beforeAll(async () => {
  setUpLibvips();
  s3 = await startS3();
  objects = openBucket(s3);
  await objects.ensureBucket();
  service = await startService(objects);
});

afterAll(async () => {
  await service?.close();
  await s3?.close();
});

const get = (path: string, accept = "*/*") => fetch(`${service.url}${path}`, { headers: { accept } });
const picture = async (path: string, accept?: string) => {
  const answer = await get(path, accept);
  expect(answer.status, path).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};
const colourAt = async (bytes: Buffer, x: number, y: number) => [
  ...(await sharp(bytes).removeAlpha().extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer()),
];
const near = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));

test("a thumb is 300 pixels wide, a display picture fits into 1920 × 1080", async () => {
  const [wide, tall] = [
    await store(objects, await photo(2400, 1200).jpeg().toBuffer()),
    await store(objects, await photo(1000, 2000).jpeg().toBuffer()),
  ];
  const sizes = [];
  for (const path of [`/thumb/${wide}`, `/display/${wide}`, `/thumb/${tall}`, `/display/${tall}`]) {
    const { width, height } = await sharp(await picture(path)).metadata();
    sizes.push([width, height]);
  }
  expect(sizes).toEqual([
    [300, 150],
    [1920, 960],
    [300, 600],
    [540, 1080],
  ]);
});

test("a small picture is not enlarged", async () => {
  const key = await store(objects, await plain(80, 60).png().toBuffer());
  for (const variant of ["thumb", "display"]) {
    const { width, height } = await sharp(await picture(`/${variant}/${key}`)).metadata();
    expect([width, height]).toEqual([80, 60]);
  }
});

test.each([
  ["image/avif,image/webp,*/*", "image/avif", "heif"],
  ["image/webp,*/*", "image/webp", "webp"],
  ["*/*", "image/jpeg", "jpeg"],
] as const)("for Accept: %s comes %s, and Vary says so", async (accept, type, format) => {
  const key = await store(objects, await photo(800, 600).jpeg().toBuffer());
  const answer = await get(`/thumb/${key}`, accept);
  expect([answer.headers.get("content-type"), answer.headers.get("vary")]).toEqual([type, "Accept"]);
  expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).format).toBe(format);
});

/** Where the corners of the stored picture (top left, top right, bottom right, bottom left) are seen, by EXIF orientation. */
const SEEN: Record<number, readonly number[]> = {
  1: [0, 1, 2, 3],
  2: [1, 0, 3, 2],
  3: [2, 3, 0, 1],
  4: [3, 2, 1, 0],
  5: [0, 3, 2, 1],
  6: [3, 0, 1, 2],
  7: [2, 1, 0, 3],
  8: [1, 2, 3, 0],
};
const CORNERS = [
  [220, 30, 30],
  [30, 200, 30],
  [30, 30, 220],
  [220, 220, 40],
];

describe.each(Object.keys(SEEN).map(Number))("EXIF orientation %i", (orientation) => {
  test("is applied to the pixels and is gone", async () => {
    const quarter = (corner: number) =>
      ({
        input: { create: { width: 400, height: 300, channels: 3, background: rgb(CORNERS[corner] as number[]) } },
        left: corner === 1 || corner === 2 ? 400 : 0,
        top: corner >= 2 ? 300 : 0,
      }) as const;
    const stored = await plain(800, 600)
      .composite([0, 1, 2, 3].map(quarter))
      .withMetadata({ orientation })
      .jpeg()
      .toBuffer();
    const made = await picture(`/thumb/${await store(objects, stored)}`);
    const { width = 0, height = 0, orientation: left } = await sharp(made).metadata();
    expect([width, height, left]).toEqual(orientation < 5 ? [300, 225, undefined] : [300, 400, undefined]);
    const places = [
      [20, 20],
      [width - 20, 20],
      [width - 20, height - 20],
      [20, height - 20],
    ] as const;
    for (const [place, [x, y]] of places.entries()) {
      const wanted = CORNERS[SEEN[orientation]![place]!]!;
      expect(near(await colourAt(made, x, y), wanted), `corner ${place}`).toBeLessThan(12);
    }
  });
});

const rgb = ([r, g, b]: readonly number[]) => ({ r: r!, g: g!, b: b! });

test("Display P3 becomes sRGB with the colours that it had, and no profile is left to need", async () => {
  const colour = [200, 60, 40];
  const stored = await plain(400, 300, rgb(colour)).withIccProfile("p3").png().toBuffer();
  const { icc } = await sharp(stored).metadata();
  expect(icc?.length).toBeGreaterThan(100);
  const raw = await colourAt(await sharp(stored).keepIccProfile().png().toBuffer(), 5, 5);
  expect(near(raw, colour)).toBeLessThan(4);
  for (const accept of ["image/avif", "image/webp", "image/jpeg"]) {
    const made = await picture(`/thumb/${await store(objects, stored)}`, accept);
    expect((await sharp(made).metadata()).icc).toBeUndefined();
    expect(near(await colourAt(made, 150, 100), colour), accept).toBeLessThan(6);
  }
});

test("transparency is kept where the format can, and lies on white in a JPEG", async () => {
  const stored = await sharp({
    create: { width: 400, height: 300, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  const key = await store(objects, stored);
  expect((await sharp(await picture(`/thumb/${key}`, "image/webp")).metadata()).hasAlpha).toBe(true);
  expect(near(await colourAt(await picture(`/thumb/${key}`), 9, 9), [255, 255, 255])).toBeLessThan(3);
});

test("nothing but pixels is left of a photo: no place, camera, time, comment, profile or preview", async () => {
  const stored = await photo(800, 600)
    .withExif({
      IFD0: { Make: "ExampleCam", Copyright: "somebody" },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 0/1", GPSLongitudeRef: "W", GPSLongitude: "0/1 7/1 0/1" },
    })
    .withXmp(
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>',
    )
    .withIccProfile("p3")
    .jpeg()
    .toBuffer();
  expect((await parseExif(stored, { gps: true })).latitude).toBeCloseTo(51.5);
  const key = await store(objects, stored);
  for (const variant of ["thumb", "display"]) {
    for (const [accept, extension] of [
      ["image/avif", "avif"],
      ["image/webp", "webp"],
      ["image/jpeg", "jpg"],
    ] as const) {
      const made = await picture(`/${variant}/${key}`, accept);
      const { exif, xmp, iptc, icc } = await sharp(made).metadata();
      expect({ exif, xmp, iptc, icc }).toEqual({});
      if (extension === "jpg") expect(await parseExif(made, true).catch(() => undefined)).toBeUndefined();
      const told = await tagsOf(made, `made.${extension}`);
      expect(
        told.filter((tag) =>
          /GPS|Make|Model|Date(?!.*File)|Copyright|XMP|Profile(?!.*Tier)|Thumbnail|Comment|Orientation/.test(tag),
        ),
      ).toEqual([]);
      for (const text of ["ExampleCam", "somebody", "xmpmeta"]) expect(made.includes(text), text).toBe(false);
    }
  }
  expect(await tagsOf(stored, "stored.jpg")).toEqual(expect.arrayContaining(["GPSLatitude", "Make", "Copyright"]));
});

/** The names of the tags that ExifTool finds, without what it says of the file itself. */
async function tagsOf(bytes: Buffer, name: string): Promise<string[]> {
  const result = await parseMetadata<Record<string, unknown>[]>(new File([new Uint8Array(bytes)], name), {
    args: ["-json", "-n"],
    transform: (text) => JSON.parse(text),
  });
  if (!result.success) throw new Error(`ExifTool failed on ${name}: ${result.error}`);
  return Object.keys(result.data[0] ?? {}).filter((tag) => !/^(Source|File|Directory|ExifTool|MIME)/.test(tag));
}
