import type { LatLng } from "#lib/geo/geo.ts";
import type { TimedPlace } from "../track.ts";

/** A stretch of time in milliseconds, both ends belong to it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When a track has places that follow each other closely. */
export function coverageOf(places: readonly TimedPlace[], maxGapMs: number): Span[] {
  const spans: Span[] = [];
  for (const { atMs } of places) addSpan(spans, atMs, atMs, maxGapMs);
  return spans;
}

/** What is in `spans` and not in `holes`; both are sorted and do not overlap. */
export function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  return spans.flatMap(({ from, to }) => {
    const parts: Span[] = [];
    let start = from;
    for (const hole of holes) {
      if (hole.to < start || hole.from > to) continue;
      if (hole.from > start) parts.push({ from: start, to: hole.from });
      start = Math.max(start, hole.to);
    }
    if (start < to) parts.push({ from: start, to });
    return parts;
  });
}

const METERS_PER_DEGREE = 111_195.08;

/**
 * When a track passes a place at `radiusM` or less, exact between its places (straight lines in a plane around the place).
 * Between places further apart than `maxGapMs` nothing is said.
 */
export function passesOf(places: readonly TimedPlace[], at: LatLng, radiusM: number, maxGapMs: number): Span[] {
  const spans: Span[] = [];
  const reach = radiusM / METERS_PER_DEGREE;
  const east = METERS_PER_DEGREE * Math.max(0.01, Math.cos((at.lat * Math.PI) / 180));
  const lngFrom = (lng: number) =>
    Math.abs(lng - at.lng) > 180 ? lng - at.lng - 360 * Math.sign(lng - at.lng) : lng - at.lng;
  for (let i = 1; i < places.length; i++) {
    const [a, b] = [places[i - 1]!, places[i]!];
    if ((a.lat < at.lat - reach && b.lat < at.lat - reach) || (a.lat > at.lat + reach && b.lat > at.lat + reach))
      continue;
    if (b.atMs - a.atMs > maxGapMs) continue;
    const [ax, ay] = [lngFrom(a.lng) * east, (a.lat - at.lat) * METERS_PER_DEGREE];
    const [bx, by] = [lngFrom(b.lng) * east, (b.lat - at.lat) * METERS_PER_DEGREE];
    const inside = insideCircle(ax, ay, bx - ax, by - ay, radiusM);
    if (inside) addSpan(spans, a.atMs + inside[0] * (b.atMs - a.atMs), a.atMs + inside[1] * (b.atMs - a.atMs), 1);
  }
  return spans;
}

/** The part (shares from 0 to 1) of the way from (x, y) by (dx, dy) that is within a circle around the origin. */
function insideCircle(
  x: number,
  y: number,
  dx: number,
  dy: number,
  radius: number,
): readonly [number, number] | undefined {
  const [a, b, c] = [dx * dx + dy * dy, x * dx + y * dy, x * x + y * y - radius * radius];
  if (a < 1e-9) return c <= 0 ? [0, 1] : undefined;
  const root = b * b - a * c;
  if (root < 0) return undefined;
  const [enter, leave] = [(-b - Math.sqrt(root)) / a, (-b + Math.sqrt(root)) / a];
  return leave < 0 || enter > 1 ? undefined : [Math.max(0, enter), Math.min(1, leave)];
}

/** Adds a span behind the last one, or lengthens that when the space between is at most `joinMs`. */
function addSpan(spans: Span[], from: number, to: number, joinMs: number): void {
  const last = spans.at(-1);
  if (last && from - last.to <= joinMs) spans[spans.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  else spans.push({ from, to });
}
