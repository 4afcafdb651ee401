import { embeddedJpeg } from "./embedded.ts";
import { decodeHeic, loadHeif } from "./heic.ts";
import { isRaw, type Kind } from "./kind.ts";
import { readTags } from "./tags.ts";

/** A JPEG that browsers show: upright, sRGB, without metadata. */
export interface Preview {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const LONGEST_EDGE = 4096;
const QUALITY = 88;
const MOST_PIXELS = 268_402_689;

/** Thrown when a picture cannot be shown: it is damaged, too large, or a RAW file without a JPEG in it. */
export class PreviewError extends Error {
  override readonly name = "PreviewError";
}

/**
 * Makes a JPEG of a picture of any kind but JPEG: HEIC by libheif, PNG, WebP, AVIF and TIFF by libvips, RAW by the largest
 * JPEG in the file. At most 4096 pixels long.
 *
 * @throws PreviewError when the picture is damaged, larger than 268 megapixels, or a RAW file without a JPEG in it
 */
export async function previewOf(bytes: Uint8Array, kind: Kind): Promise<Preview> {
  const { default: sharp } = await import("sharp");
  const source = await (kind === "heic" ? heicPixels(bytes) : isRaw(kind) ? rawJpeg(bytes) : { bytes });
  const input = { limitInputPixels: MOST_PIXELS, ...("raw" in source ? { raw: source.raw } : {}) };
  let picture = sharp(source.bytes, input);
  if ("orientation" in source && source.orientation > 1) picture = oriented(picture, source.orientation);
  else if (!isRaw(kind)) picture = picture.autoOrient();
  const shown = picture
    .resize({ width: LONGEST_EDGE, height: LONGEST_EDGE, fit: "inside", withoutEnlargement: true })
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .jpeg({ quality: QUALITY, mozjpeg: true })
    .toBuffer({ resolveWithObject: true });
  const { data, info } = await shown.catch((cause: Error) => {
    throw new PreviewError(`The ${kind.toUpperCase()} file cannot be decoded (${cause.message}).`, { cause });
  });
  return { bytes: data, width: info.width, height: info.height };
}

type Picture = ReturnType<(typeof import("sharp"))["default"]>;

/**
 * Turns and mirrors by an EXIF orientation, which stands in the RAW file and not in the JPEG inside it.
 * Sharp mirrors before it turns, in whatever order that is asked for.
 */
function oriented(picture: Picture, orientation: number): Picture {
  const turned = picture.rotate({ 3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270 }[orientation] ?? 0);
  return [2, 4, 5, 7].includes(orientation) ? turned.flop() : turned;
}

async function rawJpeg(bytes: Uint8Array) {
  const jpeg = embeddedJpeg(bytes);
  if (!jpeg)
    throw new PreviewError("The RAW file holds no JPEG; expected one in it, or a .JPG of the same name beside it.");
  const tags = await readTags(bytes);
  return { bytes: jpeg.bytes, orientation: Number(tags?.["Orientation"] ?? 1) };
}

async function heicPixels(bytes: Uint8Array) {
  await loadHeif();
  const { data, width, height } = await decodeHeic(bytes, MOST_PIXELS).catch((cause: Error) => {
    throw new PreviewError(`The HEIC file cannot be decoded (${cause.message}).`, { cause });
  });
  return { bytes: data, raw: { width, height, channels: 4 as const } };
}
