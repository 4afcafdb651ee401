import type { Day } from "#lib/schemas/trips/v1/summary.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { alongOf } from "#lib/tracks/figures/figures.ts";
import { LegKind, legsOf } from "#lib/tracks/figures/legs.ts";
import { importanceOf } from "#lib/tracks/figures/simplify.ts";

/** A point on the page: where on the map (in its units), how far along the way in metres, and on which day. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly along: number;
  readonly elevation: number | null;
  readonly day: number;
  /** Whether the way to the next point is unknown. */
  readonly gap: boolean;
  readonly point: Point;
}

/** A trip laid out on a map of `width` by `height` units. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Metres on the ground of one unit, at the map's middle. */
  readonly metersAUnit: number;
  readonly spots: readonly Spot[];
  /** Those of the spots that shape the lines, days apart; gaps and ends of days are among them. */
  readonly shape: readonly number[];
}

const WIDTH = 1_000;
const MARGIN = 40;
const [LOWEST, HIGHEST] = [500, 1_100];
/** Shapes smaller than this, in units, are left out: a tenth of a pixel on a wide screen, a pixel at the deepest zoom. */
const TOLERANCE = 0.05;
const EARTH_M = 40_075_016.686;

/** Lays the points of a trip out in Web Mercator, north up. Points are sorted by time; a trip over the antimeridian stays whole. */
export function layOut(points: readonly Point[], days: readonly Day[]): Layout {
  const places = points.map(({ lat, lng, elevation, takenAt }) => ({ lat, lng, elevation, atMs: Date.parse(takenAt) }));
  const legs = legsOf(places);
  const along = alongOf(legs);
  const dayOf = dayIndices(
    places.map(({ atMs }) => atMs),
    days,
  );
  const world = mercator(points);
  const box = boxOf(world);
  const scale =
    (WIDTH - 2 * MARGIN) / Math.max(box.width, (box.height * (WIDTH - 2 * MARGIN)) / (HIGHEST - 2 * MARGIN), 1e-7);
  const height = Math.max(LOWEST, Math.min(HIGHEST, box.height * scale + 2 * MARGIN));
  const spots = points.map((point, index): Spot => {
    const { x, y } = world[index]!;
    return {
      x: WIDTH / 2 + (x - box.x) * scale,
      y: height / 2 + (y - box.y) * scale,
      along: along[index]!,
      elevation: point.elevation,
      day: dayOf[index]!,
      gap: legs.kinds[index] === LegKind.gap,
      point,
    };
  });
  const breaks = spots.flatMap(({ day, gap }, index) => {
    const next = spots[index + 1];
    return next && (gap || next.day !== day) ? [index + 1] : [];
  });
  const importance = importanceOf(places, breaks);
  const shape = spots.flatMap((_, index) => (importance[index]! > TOLERANCE / scale ? [index] : []));
  const middle = points.length > 0 ? Math.atan(Math.sinh(-2 * Math.PI * box.y)) : 0;
  return { width: WIDTH, height, metersAUnit: (EARTH_M * Math.cos(middle)) / scale, spots, shape };
}

/** The index of the day that each instant falls on: the last one that has begun by then. */
function dayIndices(instants: readonly number[], days: readonly Day[]): number[] {
  const starts = days.map(({ from }) => Date.parse(from));
  let at = 0;
  return instants.map((instant) => {
    while (at + 1 < starts.length && starts[at + 1]! <= instant) at++;
    return at;
  });
}

function mercator(points: readonly Point[]): { x: number; y: number }[] {
  let turns = 0;
  return points.map(({ lat, lng }, index) => {
    const step = index > 0 ? lng - points[index - 1]!.lng : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    const limited = Math.max(-85.05, Math.min(85.05, lat));
    return { x: lng / 360 + turns, y: -Math.asinh(Math.tan((limited * Math.PI) / 180)) / (2 * Math.PI) };
  });
}

/** The middle and the size of what holds all places. */
function boxOf(world: readonly { x: number; y: number }[]) {
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of world) {
    [west, east] = [Math.min(west, x), Math.max(east, x)];
    [north, south] = [Math.min(north, y), Math.max(south, y)];
  }
  if (world.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  return { x: (west + east) / 2, y: (north + south) / 2, width: east - west, height: south - north };
}
