import type { Exposure } from "#lib/schemas/trips/v1/photo.ts";
import { readContainer } from "./container.ts";
import { embeddedJpeg } from "./embedded.ts";
import { exposureOf } from "./exposure.ts";
import { readTelemetry, type Telemetry } from "./gpmf.ts";
import { type Instant, instantOf } from "./instant.ts";
import { type Jpeg, readJpeg } from "./jpeg.ts";
import { isRaw, type Kind, kindOf } from "./kind.ts";
import { type Motion, motionOf, placeOf, type Placing } from "./place.ts";
import { numberOf, numbersOf, readTags, type Tags } from "./tags.ts";

/** What a picture says of itself. */
export interface Metadata {
  readonly kind: Kind;
  /** Size in pixels as it is to be seen: the orientation is applied. Null when the picture cannot be read. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** Whether the file ends before the picture does. Told of JPEGs only. */
  readonly truncated: boolean;
  /** Whether there is any EXIF or telemetry. */
  readonly described: boolean;
  readonly instant: Instant | null;
  readonly placing: Placing;
  readonly motion: Motion;
  readonly exposure: Exposure;
}

const ACROSS = [5, 6, 7, 8];

/**
 * Reads a picture's kind, size, EXIF and, where GoPro wrote it, GPMF telemetry; null when the bytes are no picture of a
 * kind that we take. Never throws because of the bytes. JPEGs need no native library.
 *
 * @param options.zone counts for a local time that has no offset; see {@link instantOf}
 */
export async function readMetadata(bytes: Uint8Array, options: { zone?: string } = {}): Promise<Metadata | null> {
  const kind = kindOf(bytes);
  if (!kind) return null;
  const jpeg = kind === "jpeg" ? readJpeg(bytes) : null;
  const container = kind === "jpeg" || isRaw(kind) ? null : await readContainer(bytes);
  const block = kind === "jpeg" || isRaw(kind) || kind === "tiff" ? bytes : container?.exif;
  const tags = block ? await readTags(block) : null;
  const telemetry = jpeg ? await readTelemetry(jpeg.app6) : null;
  const described = telemetry !== null || (tags !== null && DESCRIBING.some((name) => name in tags));
  return {
    kind,
    size: container ? { width: container.width, height: container.height } : sizeOf(kind, bytes, jpeg, tags ?? {}),
    truncated: kind === "jpeg" && (jpeg?.truncated ?? true),
    described,
    ...whereAndWhen(tags ?? {}, telemetry, options),
    exposure: exposureOf(tags ?? {}),
  };
}

/** Tags of which at least one stands in every EXIF that a camera writes; a bare TIFF has none of them. */
const DESCRIBING = ["Make", "Model", "DateTimeOriginal", "CreateDate", "GPSLatitude", "GPSDateStamp", "ExposureTime"];

function whereAndWhen(tags: Tags, telemetry: Telemetry | null, options: { zone?: string }) {
  const exif = placeOf(tags);
  const placing = typeof exif === "string" && telemetry ? telemetry.placing : exif;
  const place = typeof placing === "string" ? null : placing;
  const written = instantOf(tags, { ...options, place });
  const instant = written && written.timeSource !== "assumed" ? written : (telemetry?.instant ?? written);
  return { placing, instant, motion: { ...telemetry?.motion, ...motionOf(tags) } };
}

function sizeOf(kind: Kind, bytes: Uint8Array, jpeg: Jpeg | null, tags: Tags): Metadata["size"] {
  const stored = isRaw(kind) ? (rawSize(tags) ?? embeddedJpeg(bytes)) : jpeg;
  if (!stored) return null;
  const { width, height } = stored;
  return ACROSS.includes(numberOf(tags["Orientation"]) ?? 1) ? { width: height, height: width } : { width, height };
}

function rawSize(tags: Tags): Metadata["size"] {
  const [width, height] = numbersOf(tags["DefaultCropSize"]);
  if (width && height) return { width: Math.round(width), height: Math.round(height) };
  const [across, down] = [numberOf(tags["ExifImageWidth"]), numberOf(tags["ExifImageHeight"])];
  return across && down ? { width: across, height: down } : null;
}
