/// <reference lib="esnext.temporal" />
import tzLookup from "@photostructure/tz-lookup";
import type { LatLng } from "#lib/geo/geo.ts";
import { numbersOf, type Tags, textOf } from "./tags.ts";

/** When a picture was taken, ISO 8601 in UTC with milliseconds, and how its local time became UTC. */
export interface Instant {
  readonly takenAt: string;
  /** `offset`: the camera wrote it or the caller told it; `gps`: GPS time; `assumed`: the zone of the place. */
  readonly timeSource: "offset" | "gps" | "assumed";
}

/**
 * The instant of a picture, by the best that it says: the local time with its offset, the GPS block's time, the local
 * time in the zone that the caller names, or in the zone of the place. Null when none of these can be told.
 *
 * @param options.zone an IANA zone such as `Europe/London`, or an offset such as `+01:00`
 */
export function instantOf(tags: Tags, options: { place: LatLng | null; zone?: string }): Instant | null {
  const local = localTimeOf(tags);
  const offset = offsetOf(tags);
  if (local && offset) return at(local, offset, "offset");
  const gps = gpsTimeOf(tags);
  if (gps) return gps;
  if (!local) return null;
  if (options.zone) return at(local, options.zone, "offset");
  return options.place ? at(local, tzLookup(options.place.lat, options.place.lng), "assumed") : null;
}

function at(local: Temporal.PlainDateTime, zone: string, timeSource: Instant["timeSource"]): Instant | null {
  const ms = local.toZonedDateTime(zone, { disambiguation: "compatible" }).epochMilliseconds;
  return { takenAt: new Date(ms).toISOString(), timeSource };
}

function localTimeOf(tags: Tags): Temporal.PlainDateTime | null {
  const text = textOf(tags["DateTimeOriginal"]) ?? textOf(tags["CreateDate"]) ?? "";
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text)?.slice(1).map(Number);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  const fraction = /^\d{1,3}/.exec(textOf(tags["SubSecTimeOriginal"]) ?? "")?.[0] ?? "0";
  const millisecond = Number(fraction.padEnd(3, "0"));
  try {
    const date = { year, month, day, hour, minute, second: Math.min(second, 59), millisecond };
    return Temporal.PlainDateTime.from(date, { overflow: "reject" });
  } catch {
    return null;
  }
}

function offsetOf(tags: Tags): string | null {
  const text = textOf(tags["OffsetTimeOriginal"]) ?? textOf(tags["OffsetTimeDigitized"]) ?? textOf(tags["OffsetTime"]);
  const parts = /^([+-])(\d\d):?(\d\d)$/.exec(text === "Z" ? "+00:00" : (text ?? ""));
  if (!parts || Number(parts[2]) > 15 || Number(parts[3]) > 59) return null;
  return `${parts[1]}${parts[2]}:${parts[3]}`;
}

function gpsTimeOf(tags: Tags): Instant | null {
  const date = /^(\d{4})[:-](\d\d)[:-](\d\d)/.exec(textOf(tags["GPSDateStamp"]) ?? "");
  const [hour, minute, second] = numbersOf(tags["GPSTimeStamp"]);
  if (!date || hour === undefined || minute === undefined || second === undefined) return null;
  const [year, month, day] = date.slice(1).map(Number) as [number, number, number];
  const ms = Date.UTC(year, month - 1, day, hour, minute, 0, Math.round(second * 1000));
  const real = new Date(ms);
  if (Number.isNaN(ms) || real.getUTCMonth() + 1 !== month || hour > 23 || minute > 59 || second >= 61) return null;
  return { takenAt: real.toISOString(), timeSource: "gps" };
}

/** Whether a text is a zone that {@link instantOf} takes. */
export function isZone(text: string): boolean {
  try {
    Temporal.PlainDateTime.from("2026-01-01T00:00").toZonedDateTime(text);
    return true;
  } catch {
    return false;
  }
}
