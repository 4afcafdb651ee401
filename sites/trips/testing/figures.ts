import { distanceM } from "#lib/geo/geo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Day, Figures, Gap, Stop, TripReply, TripSummary } from "#lib/schemas/trips/v1/summary.ts";

const GAP_MS = 30 * 60_000;
const GAP_M = 50_000;
const SPARK = 48;

interface Leg {
  readonly from: Point;
  readonly to: Point;
  readonly meters: number;
  readonly ms: number;
}

const at = ({ takenAt }: Point): number => Date.parse(takenAt);

function legsOf(points: readonly Point[]): Leg[] {
  return points.slice(1).map((to, i) => {
    const from = points[i]!;
    return { from, to, meters: distanceM(from, to), ms: at(to) - at(from) };
  });
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
const isGap = ({ meters, ms }: Leg): boolean => ms > GAP_MS || meters > GAP_M;

function figures(points: readonly Point[]): Figures {
  const driven = legsOf(points).filter((leg) => !isGap(leg));
  const sum = (of: (leg: Leg) => number) => driven.reduce((total, leg) => total + of(leg), 0);
  const heights = points.flatMap(({ elevation }) => (elevation === null ? [] : [elevation]));
  const rise = ({ from, to }: Leg) => (to.elevation ?? 0) - (from.elevation ?? 0);
  const meters = sum((leg) => leg.meters);
  const movingMs = sum((leg) => (leg.meters > 20 ? leg.ms : 0));
  return {
    meters,
    movingMs,
    stoppedMs: sum((leg) => leg.ms) - movingMs,
    elapsedMs: points.length > 0 ? at(points.at(-1)!) - at(points[0]!) : 0,
    ascentM: heights.length > 0 ? sum((leg) => Math.max(0, rise(leg))) : null,
    descentM: heights.length > 0 ? sum((leg) => Math.max(0, -rise(leg))) : null,
    maxSpeedMps: driven.length > 0 ? most(driven.map((leg) => (leg.meters / leg.ms) * 1000)) : null,
    avgMovingSpeedMps: movingMs > 0 ? (meters / movingMs) * 1000 : null,
    minElevation: heights.length > 0 ? least(heights) : null,
    maxElevation: heights.length > 0 ? most(heights) : null,
    filtered: { jump: 0, accuracy: 0, clock: 0 },
  };
}

function dayOf(date: string, points: readonly Point[]): Day {
  const [first, last] = [points[0]!, points.at(-1)!];
  const spark = Array.from({ length: SPARK }, () => 0);
  for (const leg of legsOf(points)) {
    const slice = Math.floor(((at(leg.to) - at(first)) / Math.max(1, at(last) - at(first))) * (SPARK - 1));
    if (!isGap(leg)) spark[slice] = spark[slice]! + leg.meters;
  }
  return {
    date,
    zone: "UTC",
    offsetMinutes: 0,
    from: first.takenAt,
    to: last.takenAt,
    points: points.length,
    photos: points.filter(({ image }) => image !== null).length,
    stats: figures(points),
    firstId: first.id,
    lastId: last.id,
    spark,
  };
}

/** The summary of a trip from its points, sorted by time: what tests need of trips-api, in UTC days. */
export function summaryOf(id: string, title: string, points: readonly Point[]): TripSummary {
  const [lngs, lats] = [points.map(({ lng }) => lng), points.map(({ lat }) => lat)];
  return {
    id,
    title,
    automatic: false,
    from: points[0]?.takenAt ?? null,
    to: points.at(-1)?.takenAt ?? null,
    points: points.length,
    photos: points.filter(({ image }) => image !== null).length,
    days: new Set(points.map(({ takenAt }) => takenAt.slice(0, 10))).size,
    bbox: points.length > 0 ? [least(lngs), least(lats), most(lngs), most(lats)] : null,
    cover: points.find(({ image }) => image !== null)?.image ?? null,
    stats: figures(points),
  };
}

/** A trip with its days, stops and gaps, from its points sorted by time. */
export function replyOf(id: string, title: string, points: readonly Point[], seq: number): TripReply {
  const byDate = Map.groupBy(points, ({ takenAt }) => takenAt.slice(0, 10));
  const legs = legsOf(points);
  const gaps: Gap[] = legs
    .filter(isGap)
    .map(({ from, to, meters, ms }) => ({ fromId: from.id, toId: to.id, meters, ms }));
  const stops: Stop[] = legs
    .filter((leg) => leg.meters < 100 && leg.ms >= 5 * 60_000)
    .map(({ from, to, ms }) => ({ from: from.takenAt, to: to.takenAt, lat: from.lat, lng: from.lng, ms }));
  return {
    trip: summaryOf(id, title, points),
    days: [...byDate].map(([date, of]) => dayOf(date, of)),
    stops,
    gaps,
    seq,
  };
}
