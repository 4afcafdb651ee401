/// <reference path="./libheif.d.ts" />
import { embeddedJpeg } from "./embedded.ts";
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

/**
 * Makes a JPEG of a picture of any kind but JPEG: HEIC by libheif, PNG, WebP, AVIF and TIFF by libvips, RAW by the largest
 * JPEG in the file. At most 4096 pixels long.
 *
 * @throws when the picture is damaged, larger than 268 megapixels, or a RAW file without a JPEG in it
 */
export async function previewOf(bytes: Uint8Array, kind: Kind): Promise<Preview> {
  const { default: sharp } = await import("sharp");
  const source = await (kind === "heic" ? decodeHeic(bytes) : isRaw(kind) ? rawJpeg(bytes) : { bytes });
  const input = { limitInputPixels: MOST_PIXELS, ...("raw" in source ? { raw: source.raw } : {}) };
  let picture = sharp(source.bytes, input);
  if ("orientation" in source && source.orientation > 1) picture = oriented(picture, source.orientation);
  else if (!isRaw(kind)) picture = picture.autoOrient();
  const { data, info } = await picture
    .resize({ width: LONGEST_EDGE, height: LONGEST_EDGE, fit: "inside", withoutEnlargement: true })
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .jpeg({ quality: QUALITY, mozjpeg: true })
    .toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height };
}

type Picture = ReturnType<(typeof import("sharp"))["default"]>;

/** Turns and mirrors by an EXIF orientation, which stands in the RAW file and not in the JPEG inside it. */
function oriented(picture: Picture, orientation: number): Picture {
  const turned = picture.rotate({ 3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270 }[orientation] ?? 0);
  return [2, 4, 5, 7].includes(orientation) ? turned.flop() : turned;
}

async function rawJpeg(bytes: Uint8Array) {
  const jpeg = embeddedJpeg(bytes);
  if (!jpeg) throw new Error("The RAW file holds no JPEG; expected one in it, or a .JPG of the same name beside it.");
  const tags = await readTags(bytes);
  return { bytes: jpeg.bytes, orientation: Number(tags?.["Orientation"] ?? 1) };
}

async function decodeHeic(bytes: Uint8Array) {
  const { default: libheif } = await import("libheif-js/wasm-bundle.js");
  const images = new libheif.HeifDecoder().decode(bytes);
  try {
    const image = images[0];
    if (!image) throw new Error("The HEIC file holds no picture that libheif can read.");
    const [width, height] = [image.get_width(), image.get_height()];
    if (width * height > MOST_PIXELS)
      throw new Error(`The HEIC file is ${width} × ${height}; expected less than 268 MP.`);
    const data = new Uint8ClampedArray(width * height * 4);
    const filled = await new Promise((resolve) => image.display({ data, width, height }, resolve));
    if (!filled) throw new Error("libheif could not decode the HEIC file.");
    return { bytes: Buffer.from(data.buffer), raw: { width, height, channels: 4 as const } };
  } finally {
    for (const image of images) image.free();
  }
}
