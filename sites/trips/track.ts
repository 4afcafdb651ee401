import { distanceM } from "#lib/geo/geo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Day } from "#lib/schemas/trips/v1/summary.ts";

/** Between points further apart than this in time or place nobody knows the way: it is a gap, not a route. */
const GAP_MS = 30 * 60_000;
const GAP_M = 50_000;

/** The points of a trip with what the map, the profile and playback need of each, by the same index. */
export interface Track {
  /** By time. */
  readonly points: readonly Point[];
  /** Instants in ms since 1970. */
  readonly times: Float64Array;
  /** Metres along the way from the first point; gaps add nothing. */
  readonly along: Float64Array;
  /** 1 where nobody knows the way from the point before. */
  readonly gap: Uint8Array;
  /** Which day of the trip each point belongs to, counted from 0. */
  readonly day: Uint16Array;
}

/** A place between two points: the point before, and how far the way to the next one has come, from 0 to 1. */
export interface Place {
  readonly index: number;
  readonly share: number;
}

/** The last index whose value is at most `value`; 0 before the first. The values rise. */
export function lastAtMost(values: Float64Array, value: number): number {
  let [low, high] = [0, Math.max(0, values.length - 1)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

const DAY_MS = 86_400_000;

/** When the last known day is over where it took place, in ms since 1970. */
function endOf(days: readonly Day[]): number {
  const last = days.at(-1);
  return last ? Date.parse(`${last.date}T00:00:00Z`) + DAY_MS - last.offsetMinutes * 60_000 : Infinity;
}

/** Lays points that are sorted by time out along the way. `days` are the trip's, also sorted. */
export function trackOf(points: readonly Point[], days: readonly Day[]): Track {
  const starts = Float64Array.from(days, ({ from }) => Date.parse(from));
  const times = Float64Array.from(points, ({ takenAt }) => Date.parse(takenAt));
  const along = new Float64Array(points.length);
  const gap = new Uint8Array(points.length);
  const end = endOf(days);
  const day = Uint16Array.from(times, (ms) => (ms >= end ? days.length : lastAtMost(starts, ms)));
  for (let i = 1; i < points.length; i++) {
    const meters = distanceM(points[i - 1]!, points[i]!);
    gap[i] = times[i]! - times[i - 1]! > GAP_MS || meters > GAP_M ? 1 : 0;
    along[i] = along[i - 1]! + (gap[i] ? 0 : meters);
  }
  return { points, times, along, gap, day };
}

/** One place of an elevation profile. */
export interface ProfilePlace {
  readonly meters: number;
  readonly elevation: number;
  /** Index of the point in the track. */
  readonly index: number;
  readonly day: number;
}

/** The elevation along the way, thinned to at most `places`: the highest of each stretch stands for it. */
export function profileOf({ points, along, day }: Track, places: number): ProfilePlace[] {
  const length = along.at(-1) ?? 0;
  const out: ProfilePlace[] = [];
  let stretch = -1;
  points.forEach(({ elevation }, index) => {
    if (elevation === null) return;
    const meters = along[index]!;
    const at = length > 0 ? Math.min(places - 1, Math.floor((meters / length) * places)) : 0;
    const last = out.at(-1);
    const place = { meters, elevation, index, day: day[index]! };
    if (points.length <= places || at !== stretch || !last || last.day !== place.day) out.push(place);
    else if (elevation > last.elevation) out[out.length - 1] = place;
    stretch = at;
  });
  return out;
}

/** The point nearest to a distance along the way. */
export function indexAlong({ along }: Track, meters: number): number {
  const before = lastAtMost(along, meters);
  const after = Math.min(before + 1, along.length - 1);
  return Math.abs(along[after]! - meters) < Math.abs(meters - along[before]!) ? after : before;
}

/** West, south, east and north of some points; null when there are none. */
export function boundsOf(points: Iterable<Pick<Point, "lat" | "lng">>): [number, number, number, number] | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { lat, lng } of points) {
    west = Math.min(west, lng);
    east = Math.max(east, lng);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return west <= east ? [west, south, east, north] : null;
}
