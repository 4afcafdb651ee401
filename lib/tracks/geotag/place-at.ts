import type { LatLng } from "#lib/geo/geo.ts";
import type { TimedPlace } from "../track.ts";

/** Where a track was at an instant. A `gap` is a time without places that is too long to say. */
export type PlaceAt =
  | { readonly kind: "placed"; readonly place: TimedPlace }
  | { readonly kind: "before" }
  | { readonly kind: "after" }
  | { readonly kind: "gap"; readonly ms: number };

/** How far apart in time two places may be with the way between them still known. */
export const MAX_GAP_S = 300;

/**
 * The place of a track at an instant, on the great circle between the places around it (elevation by time, accuracy the worse one
 * of both). Nothing is said beyond the ends of the track, and nothing between places further apart than `maxGapS` seconds.
 *
 * @param places by time, see `timedPlaces`
 */
export function placeAt(places: readonly TimedPlace[], atMs: number, options: { maxGapS?: number } = {}): PlaceAt {
  const next = firstAtOrAfter(places, atMs);
  const to = places[next];
  if (!to) return { kind: "after" };
  if (to.atMs === atMs) return { kind: "placed", place: to };
  const from = places[next - 1];
  if (!from) return { kind: "before" };
  const ms = to.atMs - from.atMs;
  if (ms > (options.maxGapS ?? MAX_GAP_S) * 1_000) return { kind: "gap", ms };
  return { kind: "placed", place: between(from, to, (atMs - from.atMs) / ms, atMs) };
}

function firstAtOrAfter(places: readonly TimedPlace[], atMs: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]!.atMs < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function between(from: TimedPlace, to: TimedPlace, share: number, atMs: number): TimedPlace {
  const elevation =
    from.elevation === null || to.elevation === null ? null : from.elevation + (to.elevation - from.elevation) * share;
  const accuracyM = Math.max(from.accuracyM ?? -1, to.accuracyM ?? -1);
  return { ...onGreatCircle(from, to, share), elevation, atMs, ...(accuracyM < 0 ? {} : { accuracyM }) };
}

/** The place at a share (0 to 1) of the shorter great circle from `from` to `to` (spherical linear interpolation). */
export function onGreatCircle(from: LatLng, to: LatLng, share: number): LatLng {
  const [a, b] = [unitOf(from), unitOf(to)];
  const angle = 2 * Math.asin(Math.min(1, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) / 2));
  if (angle < 1e-12) return { lat: from.lat, lng: from.lng };
  const [u, v] = [Math.sin((1 - share) * angle), Math.sin(share * angle)];
  const [x, y, z] = [a[0] * u + b[0] * v, a[1] * u + b[1] * v, a[2] * u + b[2] * v];
  return { lat: (Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI, lng: (Math.atan2(y, x) * 180) / Math.PI };
}

function unitOf({ lat, lng }: LatLng): readonly [number, number, number] {
  const [phi, lambda] = [(lat * Math.PI) / 180, (lng * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}
