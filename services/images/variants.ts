import { createHash } from "node:crypto";
import sharp, { type Sharp } from "sharp";
import type { Format } from "./negotiate.ts";

/** What a picture is made for. `thumb` is 300 pixels wide, `display` fits into 1920 × 1080; neither is ever enlarged. */
export type Variant = "thumb" | "display";

/** All variants. */
export const VARIANTS: readonly Variant[] = ["thumb", "display"];

const SIZES: Record<Variant, { width: number; height?: number }> = {
  thumb: { width: 300 },
  display: { width: 1920, height: 1080 },
};

/** MIME types of the formats. */
export const MIME: Record<Format, string> = { avif: "image/avif", webp: "image/webp", jpeg: "image/jpeg" };

/**
 * Says with what pictures are made, so that an ETag changes when they do. Raise the first number with every change of sizes,
 * qualities or steps in this file.
 */
export const ENCODER = `1-${sharp.versions.sharp}-${sharp.versions.vips}`;

/** The steps from a decoded picture to a variant: upright, in size, in sRGB; without metadata, which sharp leaves out. */
export function sized(picture: Sharp, variant: Variant): Sharp {
  return picture
    .autoOrient()
    .resize({ ...SIZES[variant], fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb");
}

/** Encodes: qualities that look alike in the three formats, and the efforts that pay at a request's time. */
export function encoded(picture: Sharp, format: Format): Sharp {
  if (format === "avif") return picture.avif({ quality: 55, effort: 2 });
  if (format === "webp") return picture.webp({ quality: 80, effort: 3 });
  return picture.flatten({ background: "white" }).jpeg({ quality: 82 });
}

/** What names one made picture: the stored one, the variant, the format and the encoder. */
export interface Derivative {
  readonly key: string;
  readonly variant: Variant;
  readonly format: Format;
}

/** The strong ETag of a made picture, with its quotes. Needs no look at any byte: keys name content. */
export function etagOf({ key, variant, format }: Derivative): string {
  return `"${contentId(key)}-${variant}-${format}-${ENCODER}"`;
}

/** The hash or UUID in a key: the name of the stored bytes. */
export function contentId(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1, key.lastIndexOf("."));
}

/** A file name for a made picture: 64 hex digits. */
export function fileName(derivative: Derivative): string {
  return createHash("sha256")
    .update(`${derivative.key} ${etagOf(derivative)}`)
    .digest("hex");
}
