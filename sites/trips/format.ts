import type { Exposure } from "#lib/schemas/trips/v1/photo.ts";

/** The reader's own time zone. */
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A way: `840 m`, `12.3 km`, `1,204 km`. */
export function formatMeters(meters: number): string {
  if (meters < 1000) return `${Math.round(meters)} m`;
  const km = meters / 1000;
  return `${km.toLocaleString("en", { maximumFractionDigits: km < 100 ? 1 : 0, minimumFractionDigits: km < 100 ? 1 : 0 })} km`;
}

/** A place in degrees with its hemispheres: `57.47908° N, 4.22398° W`. */
export function formatPlace({ lat, lng }: { readonly lat: number; readonly lng: number }): string {
  const one = (value: number, positive: string, negative: string) =>
    `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`;
  return `${one(lat, "N", "S")}, ${one(lng, "E", "W")}`;
}

/** A clock time in a zone, seconds included: `14:03:22`. */
export function formatTime(instant: string, timeZone: string): string {
  return new Date(instant).toLocaleTimeString("en-GB", { timeZone });
}

/** A day in words: `Saturday, 21 November 2026`. */
export function formatDay(date: string): string {
  const options = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Date(`${date}T12:00:00Z`).toLocaleDateString("en-GB", options);
}

/** A photo's day and time with the zone's name: `21 Nov 2026, 14:03:22 GMT`. */
export function formatInstant(instant: string, timeZone: string): string {
  const options = {
    timeZone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  } as const;
  return new Date(instant).toLocaleString("en-GB", options);
}

function shutter(seconds: number): string {
  return seconds >= 0.4 ? `${Number(seconds.toFixed(1))} s` : `1/${Math.round(1 / seconds)} s`;
}

/** What the camera says of the exposure, as photographers write it: `1/480 s · f/2.5 · ISO 100 · 19 mm · EV 13.2`; null when it says nothing. */
export function formatExposure({ shutter: time, aperture, iso, focalLength35mm, ev }: Exposure): string | null {
  const parts = [
    time === null ? null : shutter(time),
    aperture === null ? null : `f/${Number(aperture.toFixed(1))}`,
    iso === null ? null : `ISO ${iso}`,
    focalLength35mm === null ? null : `${Math.round(focalLength35mm)} mm`,
    ev === null ? null : `EV ${ev.toFixed(1)}`,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(" · ") : null;
}

/** A size in bytes: `812 kB`, `4.1 MB`. */
export function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A short day: `Sat 21 Nov`. */
export function formatShortDay(date: string): string {
  const options = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" } as const;
  return new Date(`${date}T12:00:00Z`).toLocaleDateString("en-GB", options);
}

/** From one day to another: `21 Nov 2026`, `1–3 May 2026`, `30 Apr – 2 May 2026`. */
export function formatDays(from: string, to: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return format.formatRange(new Date(`${from}T12:00:00Z`), new Date(`${to}T12:00:00Z`));
}

/** From one time of a day to another, with the zone: `09:12 – 17:40 BST`. */
export function formatHours(from: string, to: string, timeZone: string): string {
  const options = { timeZone, hour: "2-digit", minute: "2-digit" } as const;
  const zoned = new Intl.DateTimeFormat("en-GB", { ...options, timeZoneName: "short" });
  return `${new Date(from).toLocaleTimeString("en-GB", options)} – ${zoned.format(new Date(to))}`;
}

/** A speed: `64 km/h`. */
export function formatSpeed(metersASecond: number): string {
  return `${Math.round(metersASecond * 3.6)} km/h`;
}

/** A height: `1,204 m`. */
export function formatHeight(meters: number): string {
  return `${Math.round(meters).toLocaleString("en")} m`;
}

/** How many of something: `1 photo`, `1,204 photos`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
