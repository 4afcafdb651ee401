import type { LatLng } from "#lib/geo/geo.ts";

/** Width of a tile of the map in pixels at its zoom. */
const TILE_PX = 512;

/** A length on the map at a zoom, in parts of the world's width: what {@link importanceOf} measures in. */
export const mapLength = (px: number, zoom: number): number => px / (TILE_PX * 2 ** zoom);

/** Longer lines are simplified in pieces, so that no shape of a line costs more than this times its length. */
const PIECE = 1_024;

/**
 * How much each place matters for the shape of the line on a Web Mercator map: the tolerance (in parts of the world's width,
 * see {@link mapLength}) above which Douglas and Peucker's algorithm (1973) leaves it out. Computed once, it gives the line for
 * every zoom: the places whose importance is over the tolerance, see {@link placesOver}.
 *
 * `breaks` are the indices at which a new line begins (behind gaps, at new days), rising. Ends of lines matter infinitely.
 */
export function importanceOf(places: readonly LatLng[], breaks: readonly number[] = []): Float64Array {
  const importance = new Float64Array(places.length);
  const { x, y } = project(places);
  const starts = [0, ...breaks.filter((at) => at > 0 && at < places.length)];
  starts.forEach((start, i) => {
    const end = (starts[i + 1] ?? places.length) - 1;
    for (let first = start; first < end; first += PIECE) rank(x, y, first, Math.min(end, first + PIECE), importance);
    if (start <= end) importance[start] = importance[end] = Infinity;
  });
  return importance;
}

/** The indices of the places that matter more than a tolerance, rising. */
export function placesOver(importance: Float64Array, tolerance: number): Uint32Array {
  const indices = new Uint32Array(importance.length);
  let count = 0;
  for (let i = 0; i < importance.length; i++) if (importance[i]! > tolerance) indices[count++] = i;
  return indices.slice(0, count);
}

const MAX_LAT = 85.051_128_78;

/** Web Mercator in parts of the world's width; a line over the antimeridian goes on beyond it. */
function project(places: readonly LatLng[]): { x: Float64Array; y: Float64Array } {
  const [x, y] = [new Float64Array(places.length), new Float64Array(places.length)];
  let turns = 0;
  places.forEach(({ lat, lng }, i) => {
    const step = i > 0 ? lng - places[i - 1]!.lng : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    x[i] = lng / 360 + turns;
    const sin = Math.sin((Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * Math.PI) / 180);
    y[i] = -Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
  });
  return { x, y };
}

/** Ranks what lies between two places; what an inner range finds never matters more than what split it off. */
function rank(x: Float64Array, y: Float64Array, first: number, last: number, importance: Float64Array): void {
  const stack: [number, number, number][] = [[first, last, Infinity]];
  importance[first] = importance[last] = Infinity;
  for (let range = stack.pop(); range; range = stack.pop()) {
    const [from, to, bound] = range;
    if (to - from < 2) continue;
    const { at, squared } = furthest(x, y, from, to);
    const matters = Math.min(bound, Math.sqrt(squared));
    importance[at] = matters;
    stack.push([from, at, matters], [at, to, matters]);
  }
}

/** The place between two others that is furthest from the straight line between them (from the stretch, not from its extension). */
function furthest(x: Float64Array, y: Float64Array, from: number, to: number): { at: number; squared: number } {
  const x0 = x[from]!;
  const y0 = y[from]!;
  const dx = x[to]! - x0;
  const dy = y[to]! - y0;
  const length = dx * dx + dy * dy;
  let at = (from + to) >> 1;
  let most = 0;
  for (let i = from + 1; i < to; i++) {
    const px = x[i]! - x0;
    const py = y[i]! - y0;
    const along = length > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / length)) : 0;
    const ex = px - along * dx;
    const ey = py - along * dy;
    const squared = ex * ex + ey * ey;
    if (squared > most) {
      at = i;
      most = squared;
    }
  }
  return { at, squared: most };
}
