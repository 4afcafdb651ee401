import { bearingDeg } from "#lib/geo/geo.ts";
import { lastAtMost, type Place, type Track } from "./track.ts";

/** The time of playback: that of the trip without the gaps, in which nothing is to be seen. */
export interface Timeline {
  /** When each point is reached, in ms from the start of playback. */
  readonly reached: Float64Array;
  /** ms. */
  readonly length: number;
}

/** A gap takes so long to play, in ms of the trip: one sees that there is one. */
const GAP_PLAY_MS = 60_000;

/** The playback time of a track. */
export function timelineOf({ times, gap }: Track): Timeline {
  const reached = new Float64Array(times.length);
  for (let i = 1; i < times.length; i++) {
    const ms = times[i]! - times[i - 1]!;
    reached[i] = reached[i - 1]! + (gap[i] ? Math.min(GAP_PLAY_MS, ms) : ms);
  }
  return { reached, length: reached.at(-1) ?? 0 };
}

/** Where playback is after so many ms. */
export function placeAt({ reached }: Timeline, ms: number): Place {
  const index = lastAtMost(reached, ms);
  const next = reached[index + 1];
  const span = next === undefined ? 0 : next - reached[index]!;
  const share = span > 0 ? Math.max(0, Math.min(1, (ms - reached[index]!) / span)) : 0;
  return { index, share };
}

/** How many ms of playback lie before an instant (ms since 1970). */
export function msAt({ times }: Track, timeline: Timeline, instant: number): number {
  if (times.length === 0 || instant <= times[0]!) return 0;
  const index = lastAtMost(times, instant);
  const [from, to] = [times[index]!, times[index + 1] ?? Infinity];
  const share = Number.isFinite(to) && to > from ? Math.min(1, (instant - from) / (to - from)) : 0;
  const [start, end] = [timeline.reached[index]!, timeline.reached[index + 1] ?? timeline.length];
  return start + (end - start) * share;
}

/** Where one is at a place between two points. */
export interface Position {
  readonly lat: number;
  readonly lng: number;
  /** Degrees clockwise from north. */
  readonly heading: number;
  /** ms since 1970. */
  readonly instant: number;
  /** Metres along the way. */
  readonly along: number;
}

/** The position at a place of a track that has at least one point. Nothing moves in a gap before its end. */
export function positionAt({ points, times, along, gap }: Track, { index, share }: Place): Position {
  const from = points[index]!;
  const to = points[index + 1] ?? from;
  const t = gap[index + 1] ? 0 : share;
  const wide = ((to.lng - from.lng + 540) % 360) - 180;
  const behind = points[index - 1] ?? from;
  const still = to.lat === from.lat && to.lng === from.lng;
  return {
    lat: from.lat + (to.lat - from.lat) * t,
    lng: from.lng + wide * t,
    heading: still || gap[index + 1] ? bearingDeg(behind, from) : bearingDeg(from, to),
    instant: times[index]! + ((times[index + 1] ?? times[index]!) - times[index]!) * share,
    along: along[index]! + ((along[index + 1] ?? along[index]!) - along[index]!) * t,
  };
}
