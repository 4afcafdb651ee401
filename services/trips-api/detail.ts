import type { Day, Figures, TripReply } from "#lib/schemas/trips/v1/summary.ts";
import { alongOf, figuresOf } from "#lib/tracks/figures/figures.ts";
import { gapsOf, type Legs, legsOf } from "#lib/tracks/figures/legs.ts";
import { countNoise, noiseOf } from "#lib/tracks/figures/noise.ts";
import type { TimedPlace } from "#lib/tracks/track.ts";
import { localDayOf } from "./local-day.ts";
import type { Assigned } from "./partition.ts";
import type { Table } from "./table.ts";

/** Everything that is worked out from the points of a trip that somebody may see. */
export interface Detail {
  readonly reply: Omit<TripReply, "seq">;
  /** The points by time, and for each a number of noise.ts: 0 counts. */
  readonly rows: Int32Array;
  readonly noise: Uint8Array;
  /** The rows of the points that count, and the ways between them. */
  readonly good: Int32Array;
  readonly legs: Legs;
  /** For each day the indices of its first and last point in `good`. */
  readonly ranges: readonly { readonly first: number; readonly last: number }[];
}

/** How many slices of a day a sparkline has at most. */
const SPARK = 48;

/** Works a trip out. `rows` are its points by time, as far as they may be seen. */
export function detailOf(table: Table, trip: Assigned, rows: Int32Array, now: number): Detail {
  const { columns } = table;
  const all = Array.from(rows, (row) => placeOf(table, row));
  const noise = noiseOf(all, now);
  const good = rows.filter((_, index) => noise[index] === 0);
  const places = all.filter((_, index) => noise[index] === 0);
  const legs = legsOf(places);
  const along = alongOf(legs);
  const filtered = countNoise(noise);
  const nothing = { jump: 0, accuracy: 0, clock: 0 };
  const photosIn = (first: number, last: number) => {
    let count = 0;
    for (let index = first; index <= last; index++) count += columns.photo[good[index]!]!;
    return count;
  };
  const days: Day[] = [];
  const ranges: { first: number; last: number }[] = [];
  for (const { first, last, ...local } of daysOf(places)) {
    ranges.push({ first, last });
    days.push({
      ...local,
      from: iso(places[first]!.atMs),
      to: iso(places[last]!.atMs),
      points: last - first + 1,
      photos: photosIn(first, last),
      stats: { ...figuresOf(places, legs, first, last), filtered: nothing },
      firstId: table.id(good[first]!),
      lastId: table.id(good[last]!),
      spark: sparkOf(places, along, first, last),
    });
  }
  const stats: Figures = { ...figuresOf(places, legs), filtered };
  const end = places.length - 1;
  const cover = coverOf(table, good);
  return {
    ...{ rows, noise, good, legs, ranges },
    reply: {
      trip: {
        id: trip.id,
        title: trip.definition?.title ?? titleOf(trip.id, places),
        automatic: trip.definition === null,
        from: end < 0 ? (trip.definition?.from ?? null) : iso(places[0]!.atMs),
        to: end < 0 ? (trip.definition?.to ?? null) : iso(places[end]!.atMs),
        points: good.length,
        photos: photosIn(0, end),
        days: days.length,
        bbox: boxOf(places),
        cover: cover === null ? null : table.bodies.point(cover).image,
        stats,
      },
      days,
      stops: legs.stops.map(({ from, to, lat, lng }) => ({
        ...{ from: iso(from), to: iso(to), lat: round(lat), lng: round(lng), ms: to - from },
      })),
      gaps: gapsOf(legs).map(({ first, last, meters, ms }) => ({
        ...{ fromId: table.id(good[first]!), toId: table.id(good[last]!), meters: Math.round(meters), ms },
      })),
    },
  };
}

/** A point as the figures want it. */
export function placeOf({ columns }: Table, row: number): TimedPlace {
  const [elevation, accuracy, speed] = [columns.elevation[row]!, columns.accuracy[row]!, columns.speed[row]!];
  return {
    lat: columns.lat[row]!,
    lng: columns.lng[row]!,
    elevation: Number.isNaN(elevation) ? null : elevation,
    atMs: columns.time[row]!,
    ...(Number.isNaN(accuracy) ? {} : { accuracyM: accuracy }),
    ...(Number.isNaN(speed) ? {} : { speedMps: speed }),
  };
}

/** Cuts a trip at local midnights. Whoever travels west over midnight goes on with the day that he is in. */
function daysOf(places: readonly TimedPlace[]) {
  const days: { date: string; zone: string; offsetMinutes: number; first: number; last: number }[] = [];
  let endsAt = -Infinity;
  places.forEach(({ atMs, lat, lng }, index) => {
    const day = days.at(-1);
    if (day && atMs < endsAt) return void (day.last = index);
    const { endsAt: end, ...local } = localDayOf(atMs, lat, lng);
    endsAt = end;
    if (day && local.date <= day.date) day.last = index;
    else days.push({ ...local, first: index, last: index });
  });
  return days;
}

function sparkOf(places: readonly TimedPlace[], along: Float64Array, first: number, last: number): number[] {
  const [from, to] = [places[first]!.atMs, places[last]!.atMs];
  const count = Math.min(SPARK, last - first);
  if (count < 1 || to === from) return [];
  const spark = new Array<number>(count).fill(0);
  for (let index = first; index < last; index++) {
    const middle = (places[index]!.atMs + places[index + 1]!.atMs) / 2;
    const slice = Math.min(count - 1, Math.floor(((middle - from) / (to - from)) * count));
    spark[slice]! += along[index + 1]! - along[index]!;
  }
  return spark.map(Math.round);
}

/** The photo in the middle of the trip. */
function coverOf({ columns }: Table, good: Int32Array): number | null {
  for (let step = 0, at = good.length >> 1; step < good.length; step++) {
    at += step % 2 === 0 ? -step : step;
    const row = good[at];
    if (row !== undefined && columns.photo[row] === 1) return row;
  }
  return null;
}

/** West, south, east, north: the narrower of the boxes with and without the antimeridian (then west > east). */
function boxOf(places: readonly TimedPlace[]): number[] | null {
  if (places.length === 0) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  let [westOver, eastOver] = [Infinity, -Infinity];
  for (const { lat, lng } of places) {
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
    [west, east] = [Math.min(west, lng), Math.max(east, lng)];
    const over = lng < 0 ? lng + 360 : lng;
    [westOver, eastOver] = [Math.min(westOver, over), Math.max(eastOver, over)];
  }
  // Equal but for rounding: all places lie on one side of the antimeridian.
  if (eastOver - westOver > east - west - 1e-6) return [west, south, east, north];
  return [westOver, south, eastOver > 180 ? eastOver - 360 : eastOver, north].map(round);
}

const title = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

function titleOf(id: string, places: readonly TimedPlace[]): string {
  if (!id.startsWith("auto-") || places.length === 0) return id;
  return title.formatRange(places[0]!.atMs, places.at(-1)!.atMs);
}

const iso = (ms: number) => new Date(ms).toISOString();
const round = (value: number) => Math.round(value * 1e5) / 1e5;
