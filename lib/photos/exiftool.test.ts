import { parseMetadata, writeMetadata } from "@uswriting/exiftool";
import { TagValues } from "piexif-ts";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { type Metadata, readMetadata } from "./metadata.ts";
import { HEIC } from "./testing/heic.ts";
import { glencoe, jpegWith, sexagesimal } from "./testing/jpegs.ts";

const { ExifIFD, GPSIFD, ImageIFD } = TagValues;

/** What exiftool tells with -n; numbers are in degrees, metres and seconds, speeds in the unit of GPSSpeedRef. */
interface Told {
  readonly ImageSize: string;
  readonly Orientation?: number;
  readonly GPSLatitude?: number;
  readonly GPSLongitude?: number;
  readonly GPSAltitude?: number;
  readonly GPSSpeed?: number;
  readonly GPSTrack?: number;
  readonly GPSHPositioningError?: number;
  readonly GPSDOP?: number;
  readonly SubSecDateTimeOriginal?: string;
  readonly GPSDateTime?: string;
  readonly ISO?: number;
  readonly FNumber?: number;
  readonly ExposureTime?: number;
  readonly FocalLengthIn35mmFormat?: number;
  readonly LightValue?: number;
}

const corpus = new Map<string, Uint8Array>();

beforeAll(async () => {
  const plain = glencoe();
  const encoded = await jpegWith(plain);
  corpus.set("north-west.jpg", encoded);
  corpus.set(
    "south-east-below-sea.jpg",
    await jpegWith(
      glencoe({
        gps: {
          [GPSIFD.GPSLatitudeRef]: "S",
          [GPSIFD.GPSLatitude]: sexagesimal(31.5),
          [GPSIFD.GPSLongitudeRef]: "E",
          [GPSIFD.GPSLongitude]: sexagesimal(135.123456),
          [GPSIFD.GPSAltitudeRef]: 1,
          [GPSIFD.GPSAltitude]: [4304, 10],
        },
      }),
    ),
  );
  for (const orientation of [3, 6, 8])
    corpus.set(
      `turned-${orientation}.jpg`,
      await jpegWith(glencoe({ image: { [ImageIFD.Orientation]: orientation } })),
    );
  for (const offset of ["-03:30", "+05:45", "+00:00", "+14:00"])
    corpus.set(
      `offset${offset.replace(":", "")}.jpg`,
      await jpegWith(glencoe({ exif: { [ExifIFD.OffsetTimeOriginal]: offset } })),
    );
  corpus.set(
    "decimal-minutes.jpg",
    await jpegWith(
      glencoe({
        gps: {
          [GPSIFD.GPSLatitude]: [
            [56, 1],
            [409_560, 10_000],
            [0, 1],
          ],
          [GPSIFD.GPSAltitude]: [1, 3],
        },
      }),
    ),
  );
  corpus.set(
    "motion-in-miles.jpg",
    await jpegWith(
      glencoe({
        gps: {
          [GPSIFD.GPSSpeedRef]: "M",
          [GPSIFD.GPSSpeed]: [605, 10],
          [GPSIFD.GPSTrackRef]: "T",
          [GPSIFD.GPSTrack]: [27_050, 100],
          [GPSIFD.GPSDOP]: [14, 10],
          [GPSIFD.GPSHPositioningError]: [47, 10],
        },
      }),
    ),
  );
  corpus.set(
    "long-exposure.jpg",
    await jpegWith(
      glencoe({
        exif: { [ExifIFD.ExposureTime]: [30, 1], [ExifIFD.FNumber]: [28, 10], [ExifIFD.ISOSpeedRatings]: 6400 },
      }),
    ),
  );
  for (const format of ["png", "webp", "avif"] as const)
    corpus.set(`north-west.${format}`, await sharp(encoded).keepExif().toFormat(format).toBuffer());
  const tiff = await sharp(encoded).tiff({ compression: "lzw" }).toBuffer();
  corpus.set("north-west.tif", await withTagsOf(tiff));
  corpus.set("turned.heic", HEIC);
});

async function withTagsOf(tiff: Uint8Array): Promise<Uint8Array> {
  const tags = {
    DateTimeOriginal: "2026:05:01 11:20:30",
    OffsetTimeOriginal: "+01:00",
    GPSLatitude: "56.6826",
    GPSLatitudeRef: "N",
    GPSLongitude: "5.1023",
    GPSLongitudeRef: "W",
    GPSAltitude: "152.3",
    GPSAltitudeRef: "0",
    ISO: "100",
    FNumber: "2.5",
    ExposureTime: "0.004",
  };
  const written = await writeMetadata({ name: "a.tif", data: tiff }, tags, { args: ["-n"] });
  if (!written.success) throw new Error(`exiftool did not write the TIFF: ${written.error}`);
  return new Uint8Array(written.data);
}

async function tell(name: string): Promise<Told> {
  const file = { name, data: corpus.get(name)! };
  const answer = await parseMetadata(file, { args: ["-json", "-n"], transform: (text) => JSON.parse(text) as [Told] });
  if (!answer.success) throw new Error(`exiftool did not read ${name}: ${answer.error}`);
  return answer.data[0];
}

test("places, instants, optics, motion and sizes are those that exiftool tells, for every file of the corpus", async () => {
  expect(corpus.size).toBeGreaterThanOrEqual(15);
  for (const [name, bytes] of corpus) {
    const [metadata, told] = [await readMetadata(bytes), await tell(name)];
    expect({ name, ...ours(metadata!) }).toEqual({ name, ...theirs(told) });
  }
});

/** The fields that both tell, in one shape. HEIC's own size is left out: exiftool tells that of the coded tiles. */
function ours({ kind, size, placing, instant, motion, exposure }: Metadata) {
  const place = typeof placing === "string" ? null : placing;
  return {
    size: kind === "heic" ? null : [size!.width, size!.height].sort(),
    place,
    takenAt: instant?.takenAt,
    motion,
    exposure: { ...exposure, shutter: exposure.shutter?.toPrecision(6) },
  };
}

function theirs(told: Told) {
  const digits = (value: number, places: number) => Math.round(value * 10 ** places) / 10 ** places;
  const motion = {
    accuracyM: told.GPSHPositioningError,
    speedMps: told.GPSSpeed === undefined ? undefined : digits(told.GPSSpeed * 0.44704, 2),
    headingDeg: told.GPSTrack,
    dop: told.GPSDOP,
  };
  const taken = told.SubSecDateTimeOriginal!.replace(/^(\d{4}):(\d\d):(\d\d) /, "$1-$2-$3T");
  return {
    size: told.Orientation === 6 && told.ImageSize === "64 64" ? null : told.ImageSize.split(" ").map(Number).sort(),
    place: {
      lat: digits(told.GPSLatitude!, 5),
      lng: digits(told.GPSLongitude!, 5),
      elevation: digits(told.GPSAltitude!, 1),
    },
    takenAt: new Date(taken).toISOString(),
    motion: Object.fromEntries(Object.entries(motion).filter(([, value]) => value !== undefined)),
    exposure: {
      iso: told.ISO ?? null,
      shutter: told.ExposureTime?.toPrecision(6),
      aperture: told.FNumber ?? null,
      focalLength35mm: told.FocalLengthIn35mmFormat ?? null,
      ev: told.LightValue === undefined ? null : digits(told.LightValue, 1),
    },
  };
}
