import { distanceM } from "#lib/geo/geo.ts";
import type { TimedPlace } from "../track.ts";

/** What is a gap and what is a stop. */
export interface LegRules {
  /** Between places further apart in time nobody knows the way. */
  readonly gapMs: number;
  /** The same, in metres. */
  readonly gapM: number;
  /** Who stays in a circle of this radius for {@link stopMs} has stopped. */
  readonly stopRadiusM: number;
  readonly stopMs: number;
  /** A leg slower than this is no movement, also outside of stops (a red light). */
  readonly slowMps: number;
}

/** Half an hour or 50 km are a gap; five minutes within 75 m are a stop; below 0.5 m/s nothing moves. */
export const LEG_RULES: LegRules = {
  gapMs: 30 * 60_000,
  gapM: 50_000,
  stopRadiusM: 75,
  stopMs: 5 * 60_000,
  slowMps: 0.5,
};

/** What a leg is: on the way; standing (the receiver's noise is no way); or unknown. */
export const LegKind = { moving: 0, stopped: 1, gap: 2 } as const;

/** A pause: the mean of its places. */
export interface Stop {
  readonly from: number;
  readonly to: number;
  readonly lat: number;
  readonly lng: number;
  /** Index of its first and of its last place. */
  readonly first: number;
  readonly last: number;
}

/** The ways between places that follow each other: leg `i` leads from place `i` to place `i + 1`. */
export interface Legs {
  readonly meters: Float64Array;
  readonly ms: Float64Array;
  /** Values of {@link LegKind}. */
  readonly kinds: Uint8Array;
  readonly stops: readonly Stop[];
}

/**
 * The legs and stops of places that are sorted by time, in one pass.
 * Stops are the stay points of Li et al. (Mining user similarity based on location history, 2008), with the centre of the
 * circle following its oldest place instead of trying every one, which keeps the work linear.
 */
export function legsOf(places: readonly TimedPlace[], rules: LegRules = LEG_RULES): Legs {
  const count = Math.max(0, places.length - 1);
  const [meters, ms, kinds] = [new Float64Array(count), new Float64Array(count), new Uint8Array(count)];
  const stops: Stop[] = [];
  let start = 0;
  for (let i = 0; i < count; i++) {
    const [from, to] = [places[i]!, places[i + 1]!];
    const way = distanceM(from, to);
    const time = to.atMs - from.atMs;
    meters[i] = way;
    ms[i] = time;
    if (time > rules.gapMs || way > rules.gapM) {
      kinds[i] = LegKind.gap;
      endStay(places, start, i, rules, kinds, stops);
      start = i + 1;
      continue;
    }
    kinds[i] = way * 1_000 < rules.slowMps * time ? LegKind.stopped : LegKind.moving;
    if (distanceM(places[start]!, to) <= rules.stopRadiusM) continue;
    if (endStay(places, start, i, rules, kinds, stops)) start = i + 1;
    else while (start <= i && distanceM(places[start]!, to) > rules.stopRadiusM) start++;
  }
  if (count > 0) endStay(places, start, count, rules, kinds, stops);
  return { meters, ms, kinds, stops };
}

function endStay(
  places: readonly TimedPlace[],
  first: number,
  last: number,
  rules: LegRules,
  kinds: Uint8Array,
  stops: Stop[],
): boolean {
  const [from, to] = [places[first]!.atMs, places[last]!.atMs];
  if (last <= first || to - from < rules.stopMs) return false;
  kinds.fill(LegKind.stopped, first, last);
  let [lat, east] = [0, 0];
  const { lng } = places[first]!;
  for (let i = first; i <= last; i++) {
    lat += places[i]!.lat;
    east += wrapped(places[i]!.lng - lng);
  }
  const count = last - first + 1;
  stops.push({ from, to, lat: lat / count, lng: wrapped(lng + east / count), first, last });
  return true;
}

/** An angle in degrees, from -180 up to 180: the shorter way round. */
const wrapped = (degrees: number) => ((((degrees + 180) % 360) + 360) % 360) - 180;

/** A stretch of which nobody knows the way: the indices of the places before and behind it. */
export interface Gap {
  readonly first: number;
  readonly last: number;
  readonly meters: number;
  readonly ms: number;
}

/** The gaps among legs, by time. */
export function gapsOf({ kinds, meters, ms }: Legs): Gap[] {
  const gaps: Gap[] = [];
  kinds.forEach((kind, i) => {
    if (kind === LegKind.gap) gaps.push({ first: i, last: i + 1, meters: meters[i]!, ms: ms[i]! });
  });
  return gaps;
}
