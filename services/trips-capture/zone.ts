/// <reference lib="esnext.temporal" />
import tzLookup from "@photostructure/tz-lookup";
import type { LatLng } from "#lib/geo/geo.ts";

/** Before this the clock of this machine is surely wrong (no network time yet). */
export const EARLIEST_CLOCK = Date.UTC(2026, 0, 1);

/**
 * Minutes that local time is ahead of UTC at an instant: in the configured IANA zone, else (`auto`) in the zone of the place,
 * else in that of this machine.
 */
export function zoneMinutes(now: Date, configured: string, place: LatLng | null): number {
  const zone =
    configured !== "auto"
      ? configured
      : place
        ? tzLookup(place.lat, place.lng)
        : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
  return Math.round(local.offsetNanoseconds / 60e9);
}
