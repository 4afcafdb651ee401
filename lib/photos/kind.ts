import { readTiff } from "./tiff.ts";

/** What a picture's bytes are. RAW files of GoPro are DNG files by GoPro, and have a name of their own. */
export type Kind = "jpeg" | "heic" | "png" | "webp" | "avif" | "tiff" | "gpr" | "dng";

/** The extension in object keys and the MIME type of each kind. */
export const KINDS: Readonly<Record<Kind, { readonly extension: string; readonly type: string }>> = {
  jpeg: { extension: "jpg", type: "image/jpeg" },
  heic: { extension: "heic", type: "image/heic" },
  png: { extension: "png", type: "image/png" },
  webp: { extension: "webp", type: "image/webp" },
  avif: { extension: "avif", type: "image/avif" },
  tiff: { extension: "tif", type: "image/tiff" },
  gpr: { extension: "gpr", type: "image/x-gopro-gpr" },
  dng: { extension: "dng", type: "image/x-adobe-dng" },
};

const DNG_VERSION = 0xc612;
const MAKE = 0x010f;
const HEIC_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];
const AVIF_BRANDS = ["avif", "avis"];

/** Tells the kind of a picture by its bytes, whatever its file is called; null for anything else. */
export function kindOf(bytes: Uint8Array): Kind | null {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "jpeg";
  if (text(0, 8) === "\x89PNG\r\n\x1a\n") return "png";
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return "webp";
  if (text(4, 8) === "ftyp") return kindOfBrands(bytes, text);
  const first = readTiff(bytes)?.directories[0];
  if (!first) return null;
  if (!first.has(DNG_VERSION)) return "tiff";
  return first.text(MAKE)?.startsWith("GoPro") ? "gpr" : "dng";
}

function kindOfBrands(bytes: Uint8Array, text: (from: number, to: number) => string): Kind | null {
  const end = Math.min(bytes.length, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), 128);
  const brands = [text(8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text(at, at + 4));
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return "avif";
  return brands.some((brand) => HEIC_BRANDS.includes(brand)) ? "heic" : null;
}

/** Whether a kind is a camera's raw data, which needs a JPEG beside or inside it to be seen. */
export function isRaw(kind: Kind): boolean {
  return kind === "dng" || kind === "gpr";
}
