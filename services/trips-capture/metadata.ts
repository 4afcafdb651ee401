import exifr from "exifr";
import { roundCoordinate } from "#lib/geo/geo.ts";
import type { Exposure } from "#lib/schemas/trips/v1/photo.ts";

/** What a picture says of itself. Places and times are null when it does not say, or says nonsense. */
export interface Metadata {
  readonly width: number;
  readonly height: number;
  /** ISO 8601 in UTC. */
  readonly takenAt: string | null;
  readonly place: { readonly lat: number; readonly lng: number; readonly elevation: number | null } | null;
  readonly exposure: Exposure;
}

/** Reads a JPEG's size and EXIF; null when the bytes are no JPEG. */
export async function readMetadata(bytes: Uint8Array): Promise<Metadata | null> {
  const size = jpegSize(bytes);
  if (!size) return null;
  const tags = await readTags(bytes);
  return { ...size, takenAt: takenAtOf(tags), place: placeOf(tags), exposure: exposureOf(tags) };
}

/** EXIF tags by name, as the file holds them. */
export type Tags = Readonly<Record<string, unknown>>;

async function readTags(bytes: Uint8Array): Promise<Tags> {
  try {
    const options = { tiff: true, exif: true, gps: true, reviveValues: false, translateValues: false };
    return ((await exifr.parse(bytes, options)) as Tags | undefined) ?? {};
  } catch {
    return {};
  }
}

/**
 * The instant of a picture: the local time with its offset, or else the GPS block's time in UTC.
 * A local time without an offset is no instant, so that gives null.
 */
export function takenAtOf(tags: Tags): string | null {
  const local = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/.exec(String(tags["DateTimeOriginal"] ?? ""));
  const offset = /^([+-])(\d\d):(\d\d)/.exec(String(tags["OffsetTimeOriginal"] ?? ""));
  if (local && offset) {
    const minutes = (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === "-" ? -1 : 1);
    const fraction = /^\d{1,3}/.exec(String(tags["SubSecTimeOriginal"] ?? ""))?.[0] ?? "0";
    const [, year, month, day, hour, minute, second] = local.map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return instant(
      Date.UTC(year, month - 1, day, hour, minute, second, Number(fraction.padEnd(3, "0"))) - minutes * 60_000,
    );
  }
  const date = /^(\d{4}):(\d\d):(\d\d)/.exec(String(tags["GPSDateStamp"] ?? ""));
  const time = numbers(tags["GPSTimeStamp"]);
  if (!date || time.length !== 3) return null;
  const [hour, minute, second] = time as [number, number, number];
  return instant(
    Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]), hour, minute, 0, Math.round(second * 1000)),
  );
}

function instant(ms: number): string | null {
  return Number.isFinite(ms) && ms > 0 ? new Date(ms).toISOString() : null;
}

/** The place of a picture, rounded to 5 decimals; null without a fix, outside the globe or at exactly 0, 0. */
export function placeOf(tags: Tags): Metadata["place"] {
  const lat = numberOf(tags["latitude"]);
  const lng = numberOf(tags["longitude"]);
  if (lat === null || lng === null || Math.abs(lat) > 90 || Math.abs(lng) > 180 || (lat === 0 && lng === 0))
    return null;
  const altitude = numberOf(tags["GPSAltitude"]);
  const below = numbers(tags["GPSAltitudeRef"])[0] === 1;
  const elevation = altitude === null ? null : Math.round(altitude * (below ? -1 : 1) * 10) / 10;
  return { lat: roundCoordinate(lat), lng: roundCoordinate(lng), elevation };
}

/** The exposure of a picture; the exposure value is log2(N²/t) − log2(ISO/100), to one decimal. */
export function exposureOf(tags: Tags): Exposure {
  const positive = (name: string) => {
    const value = numberOf(tags[name]);
    return value !== null && value > 0 ? value : null;
  };
  const [iso, shutter, aperture] = [numbers(tags["ISO"])[0] ?? null, positive("ExposureTime"), positive("FNumber")];
  const known = iso !== null && iso >= 1 && shutter !== null && aperture !== null;
  const ev = known ? Math.round((Math.log2(aperture ** 2 / shutter) - Math.log2(iso / 100)) * 10) / 10 : null;
  const length = positive("FocalLengthIn35mmFormat");
  return { iso: iso !== null && iso >= 1 ? Math.round(iso) : null, shutter, aperture, focalLength35mm: length, ev };
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function numbers(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return Array.isArray(value) || value instanceof Uint8Array ? Array.from(value, Number).filter(Number.isFinite) : [];
}

function jpegSize(bytes: Uint8Array): { width: number; height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 < bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker < 0xffc0 || marker > 0xfffe) return null;
    const frame = marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (frame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
  }
  return null;
}
