import type { Place } from "../track.ts";

/** A photo of a journey. */
export interface PhotoPlace extends Place {
  readonly name: string;
  /** Where the picture can be fetched; null when there is none. */
  readonly href: string | null;
  /** MIME type of the picture. */
  readonly type?: string;
}

/** A day of a journey: what was travelled between two pauses is one segment. */
export interface JourneyDay {
  /** What the reader sees, such as `2026-05-01`. */
  readonly name: string;
  /** Gaps, of which nobody knows the way, are the ends of segments: no format draws a line over them. */
  readonly segments: readonly (readonly Place[])[];
}

/** What is exported: see {@link gpxOf}, {@link geoJsonOf} and {@link kmlOf}. */
export interface Journey {
  readonly name: string;
  readonly days: readonly JourneyDay[];
  readonly photos: readonly PhotoPlace[];
}

/** A format of {@link EXPORTS}. */
export type ExportFormat = "gpx" | "geojson" | "kml";

/** The instant as all three formats write it, with milliseconds. */
export const isoOf = (atMs: number): string => new Date(atMs).toISOString();

/** A number without an exponent, which XML schema's decimal does not know, and without zeros at its end; `digits` is not 0. */
export function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}

const UNWRITABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text for XML content and attributes; characters that XML cannot hold become `U+FFFD`. */
export function escapeXml(text: string): string {
  return text
    .replace(UNWRITABLE, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;")
    .replaceAll("\n", "&#10;")
    .replaceAll("\t", "&#9;");
}

const CHUNK = 64 * 1024;

/** Joins small pieces to chunks of about 64 KB, for streams. */
export function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
