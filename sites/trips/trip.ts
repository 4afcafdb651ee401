import { distanceM } from "#lib/geo/geo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";

/** Between photos further apart than this in time or place nobody knows the way: it is a gap, not a route. */
const GAP_MS = 30 * 60_000;
const GAP_M = 50_000;

/** The way between two photos that follow each other. */
export interface Leg {
  readonly from: Point;
  readonly to: Point;
  readonly meters: number;
  readonly ms: number;
  readonly gap: boolean;
}

/** The photos of one calendar day. */
export interface Day {
  /** `2026-11-21` in the zone that was asked for. */
  readonly date: string;
  /** By time. */
  readonly points: readonly Point[];
}

/** Figures of a trip. Gaps count neither for the way nor for the time. */
export interface TripStats {
  readonly photos: number;
  readonly meters: number;
  readonly ms: number;
  /** Metres above sea level; null where no photo knows it. */
  readonly elevation: { readonly min: number; readonly max: number } | null;
}

/** The legs of a trip whose photos are sorted by time. */
export function legsOf(points: readonly Point[]): Leg[] {
  return points.slice(1).map((to, i) => {
    const from = points[i]!;
    const meters = distanceM(from, to);
    const ms = Date.parse(to.takenAt) - Date.parse(from.takenAt);
    return { from, to, meters, ms, gap: ms > GAP_MS || meters > GAP_M };
  });
}

/** The figures of a trip, from its photos and the legs between them. */
export function statsOf(points: readonly Point[], legs: readonly Leg[]): TripStats {
  let [meters, ms, min, max] = [0, 0, Infinity, -Infinity];
  for (const leg of legs) {
    if (leg.gap) continue;
    meters += leg.meters;
    ms += leg.ms;
  }
  for (const { elevation } of points) {
    if (elevation === null) continue;
    min = Math.min(min, elevation);
    max = Math.max(max, elevation);
  }
  return { photos: points.length, meters, ms, elevation: min <= max ? { min, max } : null };
}

/** The photos by calendar day in a time zone, newest day first. */
export function daysOf(points: readonly Point[], timeZone: string): Day[] {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const days: { date: string; points: Point[] }[] = [];
  for (const point of points) {
    const date = format.format(Date.parse(point.takenAt));
    const last = days.at(-1);
    if (last?.date === date) last.points.push(point);
    else days.push({ date, points: [point] });
  }
  return days.reverse();
}

/** One place of an elevation profile: how far along the way, how high. */
export interface ProfilePlace {
  readonly meters: number;
  readonly elevation: number;
}

/** The elevation along the way, thinned to at most `places`: the highest of each stretch stands for it. */
export function profileOf(points: readonly Point[], legs: readonly Leg[], places: number): ProfilePlace[] {
  let meters = 0;
  const all: ProfilePlace[] = [];
  points.forEach(({ elevation }, i) => {
    const leg = legs[i - 1];
    if (leg && !leg.gap) meters += leg.meters;
    if (elevation !== null) all.push({ meters, elevation });
  });
  if (all.length <= places) return all;
  const size = all.length / places;
  return Array.from({ length: places }, (_, i) =>
    all
      .slice(Math.floor(i * size), Math.floor((i + 1) * size))
      .reduce((high, place) => (place.elevation > high.elevation ? place : high)),
  );
}
