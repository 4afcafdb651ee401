import sharp from "sharp";
import type { Limits } from "./config.ts";
import type { Format } from "./negotiate.ts";
import { encoded, sized, type Variant } from "./variants.ts";

/** What came of an attempt to make a picture. */
export type Rendered =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: Refusal; readonly message: string };

/** Why a picture cannot be made: it is no picture (of a kind that is read), too large, broken, or takes too long. */
export type Refusal = "not_an_image" | "too_large" | "broken_image" | "timed_out";

const LOADERS = ["Jpeg", "Png", "Webp", "Heif", "Tiff"];

/**
 * Sets up libvips for a server: only the loaders of camera and web formats (no SVG, PDF, GIF, ImageMagick, no files by name), no cache
 * of operations, one thread a picture. Several pictures at once use all cores, and memory stays that of so many pictures.
 */
export function setUpLibvips(): void {
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: LOADERS.map((loader) => `VipsForeignLoad${loader}Buffer`) });
  sharp.cache(false);
  sharp.concurrency(1);
}

/**
 * Makes a variant of a picture. The header is read first: nothing is decoded of a picture that claims more pixels than allowed, and
 * the decoder stops at those that the header has claimed. JPEG and WebP are shrunk while they are decoded.
 */
export async function render(input: Buffer, variant: Variant, format: Format, limits: Limits): Promise<Rendered> {
  if (!looksLikePicture(input))
    return refuse("not_an_image", "The stored bytes are no JPEG, PNG, WebP, AVIF or TIFF picture.");
  if (input.byteLength > limits.inputBytes) return refuse("too_large", tooManyBytes(limits));
  const options = {
    failOn: failOn(input),
    limitInputPixels: limits.inputPixels,
    sequentialRead: true,
    pages: 1,
  } as const;
  try {
    const picture = encoded(sized(sharp(input, options), variant), format).timeout({ seconds: limits.seconds });
    return { ok: true, bytes: await picture.toBuffer() };
  } catch (error) {
    return refusalOf(error as Error, limits);
  }
}

/** What the decoder has to complain of: JPEG only warns where data end before the picture does, TIFF of every tag it does not know. */
const failOn = (input: Buffer) => (input[0] === 0xff ? "warning" : "error");

/** The sentence for an input of too many bytes. */
export function tooManyBytes(limits: Limits): string {
  return `The stored picture has more than the ${limits.inputBytes} bytes that are allowed.`;
}

function refuse(reason: Refusal, message: string): Rendered {
  return { ok: false, reason, message };
}

function refusalOf({ message }: Error, limits: Limits): Rendered {
  if (/pixel limit|exceeds|too large|dimension/i.test(message))
    return refuse(
      "too_large",
      `The stored picture claims more than the ${limits.inputPixels} pixels that are allowed.`,
    );
  if (/timeout/i.test(message)) return refuse("timed_out", `The picture was not ready within ${limits.seconds} s.`);
  if (/unsupported|not supported|no decoder|codec/i.test(message))
    return refuse("not_an_image", "The stored picture is of a kind that is not read here; ask for its preview.");
  return refuse("broken_image", "The stored picture is damaged and cannot be decoded.");
}

/** Whether bytes begin as the formats do that are read: JPEG, PNG, WebP, AVIF and its kin, TIFF (also Big). */
export function looksLikePicture(bytes: Buffer): boolean {
  const ascii = (from: number, to: number) => bytes.toString("latin1", from, to);
  if (bytes.length < 12) return false;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return true;
  if (ascii(0, 8) === "\x89PNG\r\n\x1a\n") return true;
  if (ascii(0, 4) === "RIFF" && ascii(8, 12) === "WEBP") return true;
  if (ascii(4, 8) === "ftyp") return /^(avif|avis|mif1|msf1|heic|heix)$/.test(ascii(8, 12));
  return ["II*\0", "MM\0*", "II+\0", "MM\0+"].includes(ascii(0, 4));
}
