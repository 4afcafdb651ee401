import { roundCoordinate } from "#lib/geo/geo.ts";
import { numberOf, numbersOf, type Tags, textOf } from "./tags.ts";

/** Where a picture was taken: WGS84 degrees to 5 decimals, metres above the sea to one. */
export interface Place {
  readonly lat: number;
  readonly lng: number;
  readonly elevation: number | null;
}

/** A place, or why there is none: no GPS or no fix, exactly 0, 0, or outside the globe. */
export type Placing = Place | "no-place" | "null-island" | "out-of-range";

/** How good a fix was and how the camera moved; what is not told is absent. Named and measured as in photo events. */
export interface Motion {
  readonly accuracyM?: number;
  readonly speedMps?: number;
  readonly headingDeg?: number;
  readonly dop?: number;
}

const METRES_A_SECOND: Readonly<Record<string, number>> = { K: 1 / 3.6, M: 1609.344 / 3600, N: 1852 / 3600 };

/** The place of the GPS block. A void status (`V`) or a missing hemisphere is no place. */
export function placeOf(tags: Tags): Placing {
  const lat = degrees(tags["GPSLatitude"], textOf(tags["GPSLatitudeRef"]), "N", "S");
  const lng = degrees(tags["GPSLongitude"], textOf(tags["GPSLongitudeRef"]), "E", "W");
  if (lat === null || lng === null || textOf(tags["GPSStatus"]) === "V") return "no-place";
  const altitude = numberOf(tags["GPSAltitude"]);
  const below = numberOf(tags["GPSAltitudeRef"]);
  return checkedPlace(lat, lng, altitude === null ? null : altitude * (below === 1 || below === 3 ? -1 : 1));
}

/** Rounds a place as events carry it, or says why it is none. */
export function checkedPlace(lat: number, lng: number, elevation: number | null): Placing {
  if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return "out-of-range";
  const place = { lat: positiveZero(roundCoordinate(lat)), lng: positiveZero(roundCoordinate(lng)) };
  if (place.lat === 0 && place.lng === 0) return "null-island";
  return { ...place, elevation: elevation === null ? null : positiveZero(Math.round(elevation * 10) / 10) };
}

/** Accuracy, speed, heading and dilution of precision of the GPS block. The heading is the track's, else the camera's. */
export function motionOf(tags: Tags): Motion {
  const scale = METRES_A_SECOND[textOf(tags["GPSSpeedRef"]) ?? "K"];
  const speed = numberOf(tags["GPSSpeed"]);
  const heading = numberOf(tags["GPSTrack"]) ?? numberOf(tags["GPSImgDirection"]);
  return definedMotion({
    accuracyM: numberOf(tags["GPSHPositioningError"]),
    speedMps: speed === null || scale === undefined ? null : speed * scale,
    headingDeg: heading !== null && heading <= 360 ? heading : null,
    dop: numberOf(tags["GPSDOP"]),
  });
}

/** Leaves out what is unknown or negative, and rounds the rest to two decimals. */
export function definedMotion(values: Readonly<Record<keyof Motion, number | null>>): Motion {
  const known = Object.entries(values).filter(([, value]) => value !== null && value >= 0);
  return Object.fromEntries(known.map(([name, value]) => [name, Math.round(value! * 100) / 100]));
}

function degrees(value: unknown, hemisphere: string | null, positive: string, negative: string): number | null {
  const [whole, minutes = 0, seconds = 0] = numbersOf(value);
  const sign = hemisphere?.[0]?.toUpperCase();
  if (whole === undefined || !Number.isFinite(whole) || (sign !== positive && sign !== negative)) return null;
  const part = (number: number) => (Number.isFinite(number) ? number : 0);
  return (whole + part(minutes) / 60 + part(seconds) / 3600) * (sign === negative ? -1 : 1);
}

function positiveZero(value: number): number {
  return value === 0 ? 0 : value;
}
