/// <reference lib="esnext.temporal" />
import { seededChance } from "./chance.ts";
import type { Drive } from "./drive.ts";

/** A picture that was taken before the camera was switched on. */
export interface PastPicture {
  readonly takenAt: Date;
  /** Metres from the start of the route. */
  readonly distance: number;
}

/** What the camera did before. */
export interface History {
  /** By time. */
  readonly pictures: readonly PastPicture[];
  /** Where the car stands now, in metres from the start of the route. */
  readonly distance: number;
  /** Minutes that local time was ahead of UTC. */
  readonly zoneMinutes: number;
}

/** What is told of the days before. */
export interface HistoryOptions {
  /** Whole days before the day of `now`. */
  readonly days: number;
  /** Now, in milliseconds since 1970. */
  readonly now: number;
  readonly seed: number;
  readonly drive: Drive;
}

const ZONE = "Europe/London";
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** The earliest departure and the latest arrival, in local hours. */
const [DEPARTS, ARRIVES] = [8.5, 17.25];
const SHORTEST_DAY_MS = HOUR_MS;

/**
 * Invents the days before: each from half past eight or later to a quarter past five or earlier, local time at the route, with two
 * or three stops of 15 to 60 minutes and a picture about every five minutes, also during stops. Today goes the same way, up to
 * an hour before now. The same options give the same history; without days there is none.
 */
export function historyOf({ days, now, seed, drive }: HistoryOptions): History {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(ZONE);
  const zoneMinutes = Math.round(here.offsetNanoseconds / 60e9);
  const pictures: PastPicture[] = [];
  const chance = seededChance(seed);
  let distance = 0;
  for (let ago = days; days > 0 && ago >= 0; ago--) {
    const midnight = here.subtract({ days: ago }).startOfDay().epochMilliseconds;
    const departs = midnight + (DEPARTS + chance()) * HOUR_MS;
    const arrives = Math.min(midnight + (ARRIVES - chance() * 1.5) * HOUR_MS, now - HOUR_MS);
    const stops = stopsOf(departs, midnight + (ARRIVES - 0.5) * HOUR_MS, chance);
    if (arrives - departs < SHORTEST_DAY_MS) continue;
    const set = distance;
    const placeAt = (instant: number) => drive.after(set, (instant - departs - stoppedMs(stops, instant)) / 1_000);
    for (let at = departs; at < arrives; at += (4.7 + chance() * 0.6) * MINUTE_MS)
      pictures.push({ takenAt: new Date(Math.round(at)), distance: placeAt(at) });
    distance = placeAt(arrives);
    pictures.push({ takenAt: new Date(Math.round(arrives)), distance });
  }
  return { pictures, distance, zoneMinutes };
}

interface Pause {
  readonly from: number;
  readonly ms: number;
}

function stopsOf(departs: number, arrives: number, chance: () => number): Pause[] {
  const count = chance() < 0.5 ? 2 : 3;
  const part = (arrives - departs) / (count + 1);
  return Array.from({ length: count }, (_, index) => ({
    from: departs + (index + 0.75 + chance() * 0.4) * part,
    ms: (15 + chance() * 45) * MINUTE_MS,
  }));
}

function stoppedMs(stops: readonly Pause[], instant: number): number {
  return stops.reduce((sum, { from, ms }) => sum + Math.max(0, Math.min(ms, instant - from)), 0);
}
