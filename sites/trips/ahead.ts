import type { Day, Figures, TripReply } from "#lib/schemas/trips/v1/summary.ts";
import type { Track } from "./track.ts";

/** Slower than this, in metres a second, nobody drives: a camera's place wanders so much while it stands. */
const MOVING_MPS = 0.5;

/** What a stretch of the track adds to figures. Metres and ms. */
interface More {
  readonly points: number;
  readonly photos: number;
  readonly meters: number;
  readonly movingMs: number;
  readonly stoppedMs: number;
}

function between({ points, times, along, gap }: Track, first: number): More {
  let [photos, movingMs, stoppedMs] = [0, 0, 0];
  for (let i = first; i < points.length; i++) {
    if (points[i]!.image !== null) photos++;
    if (i === 0 || gap[i]) continue;
    const ms = times[i]! - times[i - 1]!;
    if (along[i]! - along[i - 1]! >= (MOVING_MPS * ms) / 1000) movingMs += ms;
    else stoppedMs += ms;
  }
  const meters = along.at(-1)! - along[Math.max(0, first - 1)]!;
  return { points: points.length - first, photos, meters, movingMs, stoppedMs };
}

function plus(stats: Figures, { meters, movingMs, stoppedMs }: More): Figures {
  return {
    ...stats,
    meters: stats.meters + meters,
    movingMs: stats.movingMs + movingMs,
    stoppedMs: stats.stoppedMs + stoppedMs,
    elapsedMs: stats.elapsedMs + movingMs + stoppedMs,
  };
}

/**
 * The trip with what was heard since the server computed its figures: points behind its last one are added to counts, distance and times,
 * so that the page need not ask with each. What takes more than adding (ascent, speeds, stops) waits for the server's next answer.
 */
export function ahead(detail: TripReply, track: Track): TripReply {
  const { points, times } = track;
  const { trip, seq } = detail;
  const known = trip.to === null ? -Infinity : Date.parse(trip.to);
  let first = points.length;
  while (first > 0 && points[first - 1]!.seq > seq && times[first - 1]! > known) first--;
  const to = points.at(-1)?.takenAt;
  if (first === points.length || to === undefined) return detail;
  const more = between(track, first);
  const add = <T extends Day | TripReply["trip"]>(figures: T): T => ({
    ...figures,
    to,
    points: figures.points + more.points,
    photos: figures.photos + more.photos,
    stats: plus(figures.stats, more),
  });
  const last = detail.days.length - 1;
  const sameDay = track.day[first] === last && track.day.at(-1) === last;
  return { ...detail, trip: add(trip), days: sameDay ? detail.days.with(last, add(detail.days[last]!)) : detail.days };
}
