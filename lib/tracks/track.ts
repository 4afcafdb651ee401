import type { LatLng } from "#lib/geo/geo.ts";

/** A place of a track: where something was, and when, as far as its source says. */
export interface Place extends LatLng {
  /** Metres above sea level; null where the source says nothing. */
  readonly elevation: number | null;
  /** Milliseconds since 1970 UTC; null where the source has no time (a route that was drawn). */
  readonly atMs: number | null;
  readonly speedMps?: number;
  /** Clockwise from north, from 0 up to 360. */
  readonly headingDeg?: number;
  /** Radius in metres in which the receiver believes itself to be. */
  readonly accuracyM?: number;
  /** Dilution of precision (horizontal where the source tells them apart). */
  readonly dop?: number;
}

/** What a receiver recorded in one go: between segments it was off or saw no sky. */
export interface Track {
  readonly name: string | null;
  readonly segments: readonly (readonly Place[])[];
}

/** A place that stands for itself: a mark, a photo, a visit. */
export interface Waypoint extends Place {
  readonly name: string | null;
  /** A link that belongs to it, as the file spells it: not checked, never to be fetched. */
  readonly href: string | null;
}

/** The places of some tracks that have a time, by time; of places with the same time the first. */
export function timedPlaces(tracks: readonly Track[]): TimedPlace[] {
  const timed: TimedPlace[] = [];
  for (const { segments } of tracks) {
    for (const segment of segments) for (const place of segment) if (isTimed(place)) timed.push(place);
  }
  timed.sort((a, b) => a.atMs - b.atMs);
  return timed.filter((place, i) => i === 0 || place.atMs !== timed[i - 1]!.atMs);
}

/** A place whose time is known. */
export type TimedPlace = Place & { readonly atMs: number };

const isTimed = (place: Place): place is TimedPlace => place.atMs !== null;
