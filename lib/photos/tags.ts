import exifr from "exifr";

/** EXIF tags by exifr's names, as the file holds them: dates are texts, rationals numbers. */
export type Tags = Readonly<Record<string, unknown>>;

const OPTIONS = { tiff: true, exif: true, gps: true, reviveValues: false, translateValues: false, mergeOutput: true };

/** Reads the EXIF of a JPEG, a TIFF or of a bare EXIF block; null when there is none that can be read. */
export async function readTags(bytes: Uint8Array): Promise<Tags | null> {
  try {
    const tags = (await exifr.parse(bytes, OPTIONS)) as Tags | undefined;
    return tags && Object.keys(tags).some((name) => name !== "errors") ? tags : null;
  } catch {
    return null;
  }
}

/** The number of a tag, or null when it has none that is finite. A list gives its first. */
export function numberOf(value: unknown): number | null {
  const [first] = numbersOf(value);
  return first !== undefined && Number.isFinite(first) ? first : null;
}

/** The numbers of a tag, as they are: a rational with a denominator of 0 is not finite. */
export function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as Iterable<unknown>, Number) : [];
}

/** The text of a tag without what pads it, or null. */
export function textOf(value: unknown): string | null {
  const text = typeof value === "string" ? value.replaceAll("\0", "").trim() : "";
  return text === "" ? null : text;
}
