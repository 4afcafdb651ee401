import type { Digest, StatsReply } from "#lib/schemas/trips/v1/api.ts";
import type { Day, Figures, TripReply, TripSummary, TripsReply } from "#lib/schemas/trips/v1/summary.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isInstant = (value: unknown): value is string => typeof value === "string" && !Number.isNaN(Date.parse(value));

function isFigures(value: unknown): value is Figures {
  if (!isFields(value) || !isFields(value["filtered"])) return false;
  return ["meters", "movingMs", "stoppedMs", "elapsedMs"].every((name) => isCount(value[name]));
}

function isSummary(value: unknown): value is TripSummary {
  if (!isFields(value)) return false;
  const { id, title, points, photos, days, bbox, stats } = value;
  const box = bbox === null || (Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite));
  const named = typeof id === "string" && typeof title === "string";
  return named && box && [points, photos, days].every(isCount) && isFigures(stats);
}

function isDay(value: unknown): value is Day {
  if (!isFields(value)) return false;
  const { date, zone, from, to, points, photos, stats, spark } = value;
  const when = typeof date === "string" && typeof zone === "string" && isInstant(from) && isInstant(to);
  return when && isCount(points) && isCount(photos) && isFigures(stats) && Array.isArray(spark) && spark.every(isCount);
}

const all = <T>(value: unknown, is: (one: unknown) => one is T): value is T[] =>
  Array.isArray(value) && value.every(is);

/** The answer of `GET api/trips`, or null when it is something else. */
export function parseTrips(value: unknown): TripsReply | null {
  if (!isFields(value) || !isCount(value["seq"]) || !all(value["trips"], isSummary)) return null;
  return { trips: value["trips"], seq: value["seq"] };
}

/** The answer of `GET api/trips/<id>`, or null when it is something else. */
export function parseTrip(value: unknown): TripReply | null {
  if (!isFields(value) || !isCount(value["seq"])) return null;
  const { trip, days, stops, gaps, seq } = value;
  if (!isSummary(trip) || !all(days, isDay) || !all(stops, isFields) || !all(gaps, isFields)) return null;
  return { trip, days, stops: stops as TripReply["stops"], gaps: gaps as TripReply["gaps"], seq };
}

/** The answer of `GET api/stats`, or null when it is something else. */
export function parseStats(value: unknown): Pick<StatsReply, "points" | "seq" | "unreadable" | "digest"> | null {
  if (!isFields(value)) return null;
  const { points, seq, unreadable } = value;
  const digest = parseDigest(value["digest"]);
  return isCount(points) && isCount(seq) && isCount(unreadable) && digest ? { points, seq, unreadable, digest } : null;
}

/** The answer of `GET api/digest`, or null when it is something else. */
export function parseDigest(value: unknown): Digest | null {
  if (!isFields(value) || !isCount(value["seq"]) || typeof value["sha256"] !== "string") return null;
  return { seq: value["seq"], sha256: value["sha256"] };
}
