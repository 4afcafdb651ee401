import { distanceM } from "#lib/geo/geo.ts";
import type { TimedPlace } from "../track.ts";

/** Why a place is taken for noise. */
export type NoiseReason = "jump" | "accuracy" | "clock";

const BITS: Readonly<Record<NoiseReason, number>> = { jump: 1, accuracy: 2, clock: 4 };

/** From where on a place is noise. */
export interface NoiseRules {
  /** Faster than this nothing on the ground travels. */
  readonly maxMps: number;
  /** Between places further apart in time than this there may have been a flight, at {@link flightMps} at most. */
  readonly flightMs: number;
  readonly flightMps: number;
  /** How far two places may lie apart at any speed: what receivers err by. */
  readonly slackM: number;
  /** How many places in a row a jump may last. */
  readonly maxJump: number;
  readonly maxAccuracyM: number;
  readonly maxDop: number;
  /** The first instant that a clock can show: cameras that lost theirs begin in earlier years. */
  readonly fromMs: number;
  /** How far ahead of now a clock may be. */
  readonly aheadMs: number;
}

/** 100 m/s (300 m/s over more than half an hour), 100 m and ten places for jumps; accuracy of 200 m, dilution of 10; 2015 up to a day ahead of now. */
export const NOISE_RULES: NoiseRules = {
  maxMps: 100,
  flightMs: 30 * 60_000,
  flightMps: 300,
  slackM: 100,
  maxJump: 10,
  maxAccuracyM: 200,
  maxDop: 10,
  fromMs: Date.UTC(2015, 0, 1),
  aheadMs: 24 * 3_600_000,
};

/**
 * Looks for noise in places that are sorted by time: a number for each place, 0 where it is good; {@link reasonsOf} tells what
 * the others say. Nothing is changed; leave noisy places out before the figures are made.
 *
 * A jump is a place (or up to `maxJump` in a row) that could only be reached at an impossible speed, while a place
 * behind it is reached at a possible one from before it. A real flight, which does not come back, is none. The last place of all
 * counts as a jump until another one confirms it. The place (0, 0) is a jump always.
 */
export function noiseOf(places: readonly TimedPlace[], nowMs: number, rules: NoiseRules = NOISE_RULES): Uint8Array {
  const noise = new Uint8Array(places.length);
  const good: number[] = [];
  places.forEach((place, i) => {
    if (place.atMs < rules.fromMs || place.atMs > nowMs + rules.aheadMs) noise[i]! |= BITS.clock;
    if ((place.accuracyM ?? 0) > rules.maxAccuracyM || (place.dop ?? 0) > rules.maxDop) noise[i]! |= BITS.accuracy;
    if (place.lat === 0 && place.lng === 0) noise[i]! |= BITS.jump;
    if (noise[i] === 0) good.push(i);
  });
  markJumps(places, good, noise, rules);
  return noise;
}

function markJumps(places: readonly TimedPlace[], good: readonly number[], noise: Uint8Array, rules: NoiseRules): void {
  const possible = (a: number, b: number) => {
    const [from, to] = [places[good[a]!]!, places[good[b]!]!];
    const ms = to.atMs - from.atMs;
    return distanceM(from, to) - rules.slackM <= ((ms > rules.flightMs ? rules.flightMps : rules.maxMps) * ms) / 1_000;
  };
  const mark = (a: number, b: number) => {
    for (let i = a; i < b; i++) noise[good[i]!]! |= BITS.jump;
  };
  let last = 0;
  if (good.length > 2 && !possible(0, 1) && possible(1, 2)) {
    if (!possible(0, 2)) mark(0, 1);
    last = possible(0, 2) ? 0 : 1;
  }
  while (last + 1 < good.length) {
    const back = Math.min(good.length, last + 2 + rules.maxJump);
    let next = last + 1;
    while (next < back && !possible(last, next)) next++;
    if (next < back) mark(last + 1, next);
    else if (last + 2 === good.length) mark(last + 1, good.length);
    last = next < back ? next : last + 1;
  }
}

/** The reasons in a number of {@link noiseOf}. */
export function reasonsOf(noise: number): NoiseReason[] {
  return (["jump", "accuracy", "clock"] as const).filter((reason) => (noise & BITS[reason]) !== 0);
}

/** How many places each reason concerns; a place can have several. */
export function countNoise(noise: Uint8Array): Record<NoiseReason, number> {
  const counts = { jump: 0, accuracy: 0, clock: 0 };
  for (const bits of noise) {
    if (bits === 0) continue;
    for (const reason of reasonsOf(bits)) counts[reason]++;
  }
  return counts;
}
