import type { TimedPlace } from "../track.ts";
import { LegKind, type Legs, legsOf } from "./legs.ts";

/** What is said of a way. Gaps count for nothing: neither for its length, nor for its time, nor for its ascent. */
export interface Figures {
  /** The way while moving; what a receiver's noise adds during a stop is left out. */
  readonly meters: number;
  readonly movingMs: number;
  readonly stoppedMs: number;
  /** Moving and stopped. */
  readonly elapsedMs: number;
  /** Null where fewer than two places know their elevation. */
  readonly ascentM: number | null;
  readonly descentM: number | null;
  /** What the receiver said, else the fastest stretch of at least {@link SPEED_WINDOW_MS}; null without movement. */
  readonly maxSpeedMps: number | null;
  readonly avgMovingSpeedMps: number | null;
  readonly minElevation: number | null;
  readonly maxElevation: number | null;
}

/** Ascent and descent smaller than this are taken for noise, of receivers as of elevation models. */
export const ELEVATION_NOISE_M = 5;

/** Over less time a speed is mostly the noise of two places. */
export const SPEED_WINDOW_MS = 5_000;

/**
 * The figures of the places from `first` up to and with `last`, in one pass; a day of a trip is a range of its places.
 * `legs` are those of all places, see {@link legsOf}.
 */
export function figuresOf(
  places: readonly TimedPlace[],
  legs: Legs = legsOf(places),
  first = 0,
  last = places.length - 1,
): Figures {
  let [meters, movingMs, stoppedMs] = [0, 0, 0];
  const climb = new Climb();
  const speed = new Speed();
  for (let i = first; i <= last; i++) {
    const place = places[i]!;
    if (place.elevation !== null) climb.add(place.elevation);
    if (place.speedMps !== undefined) speed.said(place.speedMps);
    if (i === last) break;
    const kind = legs.kinds[i];
    if (kind === LegKind.gap) climb.gap();
    if (kind === LegKind.stopped) stoppedMs += legs.ms[i]!;
    if (kind !== LegKind.moving) {
      speed.end();
      continue;
    }
    meters += legs.meters[i]!;
    movingMs += legs.ms[i]!;
    speed.leg(legs.meters[i]!, legs.ms[i]!);
  }
  speed.end();
  return {
    meters,
    movingMs,
    stoppedMs,
    elapsedMs: movingMs + stoppedMs,
    ...climb.result(),
    maxSpeedMps: speed.max(),
    avgMovingSpeedMps: movingMs > 0 ? (meters * 1_000) / movingMs : null,
  };
}

/**
 * Sums ascent and descent between turning points: a turn counts once the way back is {@link ELEVATION_NOISE_M} long
 * (hysteresis), and then in full. Over a gap nothing is summed.
 */
class Climb {
  #known = 0;
  #ascent = 0;
  #descent = 0;
  #lowest = Infinity;
  #highest = -Infinity;
  #direction: "up" | "down" | "unknown" = "unknown";
  #low = Infinity;
  #high = -Infinity;

  add(elevation: number): void {
    this.#known++;
    this.#lowest = Math.min(this.#lowest, elevation);
    this.#highest = Math.max(this.#highest, elevation);
    if (this.#direction !== "down" && elevation > this.#high) {
      if (this.#direction === "up") this.#ascent += elevation - this.#high;
      this.#high = elevation;
    }
    if (this.#direction !== "up" && elevation < this.#low) {
      if (this.#direction === "down") this.#descent += this.#low - elevation;
      this.#low = elevation;
    }
    if (this.#direction !== "up" && elevation - this.#low >= ELEVATION_NOISE_M) this.#turn("up", elevation);
    else if (this.#direction !== "down" && this.#high - elevation >= ELEVATION_NOISE_M) this.#turn("down", elevation);
  }

  gap(): void {
    this.#direction = "unknown";
    [this.#low, this.#high] = [Infinity, -Infinity];
  }

  #turn(direction: "up" | "down", elevation: number): void {
    if (direction === "up") this.#ascent += elevation - this.#low;
    else this.#descent += this.#high - elevation;
    this.#direction = direction;
    [this.#low, this.#high] = [elevation, elevation];
  }

  result(): Pick<Figures, "ascentM" | "descentM" | "minElevation" | "maxElevation"> {
    const known = this.#known >= 2;
    return {
      ascentM: known ? this.#ascent : null,
      descentM: known ? this.#descent : null,
      minElevation: this.#known > 0 ? this.#lowest : null,
      maxElevation: this.#known > 0 ? this.#highest : null,
    };
  }
}

class Speed {
  #said = 0;
  #derived = 0;
  #meters = 0;
  #ms = 0;

  said(mps: number): void {
    this.#said = Math.max(this.#said, mps);
  }

  leg(meters: number, ms: number): void {
    this.#meters += meters;
    this.#ms += ms;
    if (this.#ms < SPEED_WINDOW_MS) return;
    this.#derived = Math.max(this.#derived, (this.#meters * 1_000) / this.#ms);
    this.end();
  }

  end(): void {
    [this.#meters, this.#ms] = [0, 0];
  }

  max(): number | null {
    const max = this.#said || this.#derived;
    return max > 0 ? max : null;
  }
}

/**
 * Metres along the way at each place, from 0; gaps and what is walked during stops add nothing.
 * The x-axis of profiles and sparklines.
 */
export function alongOf({ meters, kinds }: Legs): Float64Array {
  const along = new Float64Array(meters.length + 1);
  for (let i = 0; i < meters.length; i++) along[i + 1] = along[i]! + (kinds[i] === LegKind.moving ? meters[i]! : 0);
  return along;
}
