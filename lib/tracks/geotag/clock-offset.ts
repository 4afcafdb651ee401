import { distanceM, type LatLng } from "#lib/geo/geo.ts";
import { legsOf } from "../figures/legs.ts";
import type { TimedPlace } from "../track.ts";
import { MAX_GAP_S, placeAt } from "./place-at.ts";
import { coverageOf, passesOf, type Span, without } from "./spans.ts";
import { type Peak, peaksOf, plateausOf } from "./votes.ts";

/** A photo of the camera whose clock is wrong. */
export interface CameraPhoto {
  /** What the camera's clock showed, in milliseconds since 1970, read as if it were UTC. */
  readonly cameraMs: number;
  /** Where it was taken, when that is known without the track (GPS of the photo, a hand on the map). */
  readonly position?: LatLng;
  /** Whether the camera stood still, when the pictures tell. */
  readonly still?: boolean;
}

/** Bounds of the search; all have defaults. */
export interface OffsetOptions {
  /** The largest offset that is looked for: 15 hours hold every time zone. */
  readonly maxOffsetMs?: number;
  /** How far a photo's position may lie from the track. */
  readonly radiusM?: number;
  readonly maxGapS?: number;
  /** An offset that can be shifted further than this with nearly all photos still agreeing is not determined. */
  readonly maxSpanMs?: number;
}

/** An offset that could be: add it to the camera's time to get the true one. */
export interface OffsetCandidate {
  readonly offsetMs: number;
  /** How far it can be shifted either way with the same photos agreeing. */
  readonly plusMinusMs: number;
  readonly agreeing: number;
  /** The quarter of an hour next to it, in minutes, and what remains: a forgotten time zone has a small rest. */
  readonly zoneMinutes: number;
  readonly restMs: number;
}

/** The result of {@link solveClockOffset}; candidates and alternatives have the best one first. */
export type ClockOffset =
  | (OffsetCandidate & {
      readonly kind: "solved";
      /** Share of the photos that agree, times how far the best alternative is behind: from 0 to 1. */
      readonly confidence: number;
      readonly alternatives: readonly OffsetCandidate[];
    })
  | {
      readonly kind: "undetermined";
      /** No photo can say anything; too few agree on any offset; the best is too wide; another one is nearly as good. */
      readonly reason: "no-evidence" | "none-agree" | "wide" | "ambiguous";
      readonly candidates: readonly OffsetCandidate[];
    };

const MIN_AGREEING = 3;
const MIN_SHARE = 0.6;
/** An alternative with more than this share of the best one's votes makes it ambiguous. */
const RIVAL = 0.75;
const MAX_PHOTOS = 300;

/**
 * Finds the constant by which a camera's clock is wrong, from its photos and a track of the same time.
 *
 * Every photo names the offsets that it agrees with: with a position, those at which the track passes it; without, those at which
 * the track has places at all, and when it is known whether the camera stood, those at which the track stands or moves. The offset
 * with most votes wins (Marzullo's algorithm), so that wrong positions do not matter while they are the minority; within what the
 * votes leave open, the distances of the positions from the track decide. The answer is `undetermined` when an offset far off is
 * nearly as good, or when it could be shifted far: photos taken at one spot do not tell the time.
 */
export function solveClockOffset(
  photos: readonly CameraPhoto[],
  places: readonly TimedPlace[],
  options: OffsetOptions = {},
): ClockOffset {
  const { maxOffsetMs = 15 * 3_600_000, radiusM = 75, maxGapS = MAX_GAP_S, maxSpanMs = 10 * 60_000 } = options;
  const chosen = spread(photos, MAX_PHOTOS);
  const voters = votersOf(chosen, places, radiusM, maxGapS * 1_000).map((spans) => clipped(spans, maxOffsetMs));
  const peaks = peaksOf(plateausOf(voters), 4);
  const [best, rival] = peaks;
  const candidates = peaks.map((peak) => candidateOf(peak, chosen, places, radiusM, maxGapS));
  const [first, ...alternatives] = candidates;
  if (!best || !first) return { kind: "undetermined", reason: "no-evidence", candidates };
  const referenced = chosen.filter(({ position }) => position).length;
  const needed = Math.max(MIN_AGREEING, MIN_SHARE * (referenced || chosen.length));
  if (best.votes < needed) return { kind: "undetermined", reason: "none-agree", candidates };
  if (rival && rival.votes > Math.min(RIVAL * best.votes, best.votes - 2))
    return { kind: "undetermined", reason: "ambiguous", candidates };
  if (best.shoulders.to - best.shoulders.from > maxSpanMs) return { kind: "undetermined", reason: "wide", candidates };
  const confidence = (best.votes / chosen.length) * (1 - (rival?.votes ?? 0) / best.votes);
  return { kind: "solved", ...first, confidence, alternatives };
}

/** At most `count` of the photos, evenly from all of them. */
function spread(photos: readonly CameraPhoto[], count: number): readonly CameraPhoto[] {
  if (photos.length <= count) return photos;
  return Array.from({ length: count }, (_, i) => photos[Math.floor((i * photos.length) / count)]!);
}

function votersOf(
  photos: readonly CameraPhoto[],
  places: readonly TimedPlace[],
  radiusM: number,
  maxGapMs: number,
): Span[][] {
  const covered = coverageOf(places, maxGapMs);
  const stops = legsOf(places).stops.map(({ from, to }) => ({ from, to }));
  const moving = without(covered, stops);
  return photos.map(({ cameraMs, position, still }) => {
    const possible = position
      ? passesOf(places, position, radiusM, maxGapMs)
      : still === undefined
        ? covered
        : still
          ? stops
          : moving;
    return possible.map(({ from, to }) => ({ from: from - cameraMs, to: to - cameraMs }));
  });
}

const clipped = (spans: readonly Span[], max: number) =>
  spans
    .filter(({ from, to }) => to >= -max && from <= max)
    .map(({ from, to }) => ({ from: Math.max(-max, from), to: Math.min(max, to) }));

const QUARTER_MS = 15 * 60_000;

function candidateOf(
  peak: Peak,
  photos: readonly CameraPhoto[],
  places: readonly TimedPlace[],
  radiusM: number,
  maxGapS: number,
): OffsetCandidate {
  const offsetMs = Math.round(nearest(peak, photos, places, radiusM, maxGapS));
  const quarters = Math.round(offsetMs / QUARTER_MS);
  return {
    offsetMs,
    plusMinusMs: Math.ceil((peak.to - peak.from) / 2),
    agreeing: peak.votes,
    zoneMinutes: quarters * 15 + 0,
    restMs: offsetMs - quarters * QUARTER_MS,
  };
}

const GRID = 20;

/** The offset on a peak's shoulders at which the positions are nearest to the track, each distance counted up to twice the radius. */
function nearest(
  peak: Peak,
  photos: readonly CameraPhoto[],
  places: readonly TimedPlace[],
  radiusM: number,
  maxGapS: number,
): number {
  const referenced = photos.flatMap(({ cameraMs, position }) => (position ? [{ cameraMs, position }] : []));
  const middle = (peak.from + peak.to) / 2;
  if (referenced.length === 0) return middle;
  const cost = (offset: number) => {
    let sum = 0;
    for (const { cameraMs, position } of referenced) {
      const at = placeAt(places, cameraMs + offset, { maxGapS });
      sum += Math.min(2 * radiusM, at.kind === "placed" ? distanceM(at.place, position) : Infinity) ** 2;
    }
    return sum;
  };
  let { from, to } = peak.shoulders;
  let best = { offset: middle, cost: cost(middle) };
  while (to - from > 100) {
    const step = (to - from) / GRID;
    for (let i = 0; i <= GRID; i++) {
      const offset = from + i * step;
      const found = cost(offset);
      if (found < best.cost) best = { offset, cost: found };
    }
    [from, to] = [best.offset - step, best.offset + step];
  }
  return best.offset;
}
