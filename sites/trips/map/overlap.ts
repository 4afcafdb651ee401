import type { Track } from "../track.ts";

/** Side of the squares by which two ways are compared, in metres: about what GPS and the width of a road may differ. */
const CELL_M = 80;
const METERS_A_DEGREE = 111_195;
/** Days whose ways share less than this cross, they do not run together. Metres. */
const LEAST_M = 600;
/** A leg is looked at so many times at most. */
const SAMPLES = 64;
const LANES = 5;

interface Cell {
  readonly x: number;
  readonly y: number;
}

function* cellsOf(track: Track, leg: number): Generator<Cell> {
  const [a, b] = [track.points[leg - 1]!, track.points[leg]!];
  const meters = track.along[leg]! - track.along[leg - 1]!;
  const steps = Math.max(1, Math.min(SAMPLES, Math.ceil(meters / CELL_M)));
  for (let step = 1; step <= steps; step++) {
    const t = step / steps;
    const lat = a.lat + (b.lat - a.lat) * t;
    const lng = a.lng + (b.lng - a.lng) * t;
    const wide = Math.cos((Math.round(lat * 4) / 4) * (Math.PI / 180));
    yield {
      x: Math.floor((lng * METERS_A_DEGREE * wide) / CELL_M),
      y: Math.floor((lat * METERS_A_DEGREE) / CELL_M),
    };
  }
}

const keyOf = (x: number, y: number): number => y * 1_048_576 + x;

/** The days, as bits, whose way touches a square or one beside it. */
function around(seen: ReadonlyMap<number, number>, { x, y }: Cell): number {
  let days = 0;
  for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) days |= seen.get(keyOf(x + dx, y + dy)) ?? 0;
  return days;
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Stretches too short to be told from a crossing go back to the middle lane. */
function steady(lanes: Uint8Array, track: Track): Uint8Array {
  for (let from = 1; from < lanes.length;) {
    let to = from;
    while (to + 1 < lanes.length && lanes[to + 1] === lanes[from] && track.day[to + 1] === track.day[from]) to++;
    const meters = track.along[to]! - track.along[from - 1]!;
    const before = from > 1 && track.day[from - 1] === track.day[from] ? lanes[from - 1]! : 0;
    if (lanes[from]! > 0 && meters < LEAST_M) lanes.fill(before, from, to + 1);
    from = to + 1;
  }
  return lanes;
}

/**
 * For the leg that leads to each point, how many lanes it is to be drawn beside its own way, so that the lines of days that took the same
 * road lie next to each other: 0 for the first day there, 1 for the next. Gaps have none.
 */
export function lanesOf(track: Track): Uint8Array {
  const lanes = new Uint8Array(track.points.length);
  if ((track.day.at(-1) ?? 0) === (track.day[0] ?? 0)) return lanes;
  const seen = new Map<number, number>();
  for (let leg = 1; leg < track.points.length; leg++) {
    if (track.gap[leg]) continue;
    const own = 1 << (track.day[leg]! % 31);
    let [most, shared, count] = [0, 0, 0];
    for (const cell of cellsOf(track, leg)) {
      const others = bits(around(seen, cell) & ~own);
      most = Math.max(most, others);
      shared += others > 0 ? 1 : 0;
      count += 1;
      const key = keyOf(cell.x, cell.y);
      seen.set(key, (seen.get(key) ?? 0) | own);
    }
    if (shared * 2 > count) lanes[leg] = Math.min(LANES, most);
  }
  return steady(lanes, track);
}
