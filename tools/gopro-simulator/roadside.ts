import { blend, type Light, lit, type Rgb } from "./light.ts";
import type { Noise } from "./noise.ts";
import type { RoutePosition } from "./route.ts";
import type { Terrain } from "./waypoints.ts";

/** Where things stand in a picture, and in which light. */
export interface Roadside {
  readonly width: number;
  readonly height: number;
  /** The row of the horizon. */
  readonly horizon: number;
  readonly light: Light;
  readonly noise: Noise;
  readonly position: RoutePosition;
  /** Metres from the start of the route. */
  readonly distance: number;
  /** The side without ground; 0: none. */
  readonly waterSide: 1 | -1 | 0;
  /** The column in which the middle of the road is seen so many times nine metres ahead. */
  course(depth: number): number;
  /** How much of a colour the air takes away at a depth. */
  haze(depth: number): number;
}

/** Sets a pixel. */
export type Put = (x: number, y: number, colour: Rgb) => void;

/** The colour at a place of a thing: `u` from -1 (left) to 1, `v` from 0 (foot) to 1; null: nothing is there. */
type Shape = (u: number, v: number, grain: (fine: number) => number) => Rgb | null;

interface Thing {
  readonly shape: Shape;
  /** Half its width, and its height, in metres. */
  readonly halfM: number;
  readonly highM: number;
  /** How far from the middle of the road, in metres. */
  readonly asideM: number;
}

/** How densely trees stand, from 0 to 1, and how many of them are conifers; how many sheep there are. */
const GROWTH: Readonly<Record<Terrain, { trees: number; conifers: number; sheep: number }>> = {
  sea: { trees: 0.08, conifers: 0.4, sheep: 0.1 },
  loch: { trees: 0.65, conifers: 0.6, sheep: 0.05 },
  mountain: { trees: 0.4, conifers: 0.95, sheep: 0.08 },
  moor: { trees: 0.1, conifers: 0.9, sheep: 0.12 },
  farmland: { trees: 0.55, conifers: 0.15, sheep: 0.05 },
};

const METRES_A_DEPTH = 9;
const METRES_A_UNIT = 5.6;
const EVERY_M = 4;
const [NEAREST, FARTHEST] = [14, 420];
/** So near to a waypoint, as a share of the way to the next, stand houses. */
const VILLAGE = 0.07;

/** Paints what stands beside the road, the far before the near: woods, houses near waypoints, sheep, signs of passing places. */
export function paintRoadside(view: Roadside, put: Put): void {
  const first = Math.ceil((view.distance + NEAREST) / EVERY_M);
  const last = Math.floor((view.distance + FARTHEST) / EVERY_M);
  for (let slot = last; slot >= first; slot--) {
    for (const side of [-1, 1] as const) {
      const thing = side === view.waterSide ? null : thingAt(view, slot, side);
      if (thing) paint(view, thing, slot, side, put);
    }
  }
}

function thingAt({ noise, position }: Roadside, slot: number, side: 1 | -1): Thing | null {
  const chance = (what: number) => noise.grain(slot * 4 + (side > 0 ? 1 : 3), what);
  const { trees, conifers, sheep } = GROWTH[position.blend < 0.5 ? position.terrain : position.nextTerrain];
  const village = Math.max(0, 1 - Math.min(position.blend, 1 - position.blend) / VILLAGE);
  if (chance(1) < village * 0.22)
    return { shape: house(chance(2)), halfM: 5 + 3 * chance(3), highM: 6, asideM: 12 + 8 * chance(4) };
  const wood = Math.max(0, Math.min(1, (noise.line((slot * EVERY_M) / 260 + side * 500) - 0.4) * 6));
  if (chance(5) < trees * wood * (1 - village * 0.8)) {
    const high = 5 + 9 * chance(6);
    const asideM = 6.5 + 16 * chance(7) ** 1.6;
    return chance(8) < conifers
      ? { shape: conifer(chance(9)), halfM: high * 0.24, highM: high, asideM }
      : { shape: broadleaf(chance(9)), halfM: high * 0.42, highM: high * 0.85, asideM };
  }
  if (chance(10) < sheep * 0.4) return { shape: woolly, halfM: 0.75, highM: 1.05, asideM: 6 + 18 * chance(11) };
  if (slot % 47 === 0 && side === -1) return { shape: sign, halfM: 0.4, highM: 2.4, asideM: 4.6 };
  return null;
}

function paint(view: Roadside, thing: Thing, slot: number, side: 1 | -1, put: Put): void {
  const depth = (slot * EVERY_M - view.distance) / METRES_A_DEPTH;
  const pixelsAMetre = view.width / (2 * depth * METRES_A_UNIT);
  const foot = view.horizon + (view.height - view.horizon) / depth;
  const middle = view.course(depth) + side * thing.asideM * pixelsAMetre;
  const [half, high] = [thing.halfM * pixelsAMetre, thing.highM * pixelsAMetre];
  if (half < 0.4 || middle + half < 0 || middle - half > view.width) return;
  const haze = view.haze(depth);
  for (let y = Math.max(0, Math.floor(foot - high)); y < Math.min(view.height, foot); y++) {
    for (let x = Math.max(0, Math.floor(middle - half)); x < Math.min(view.width, middle + half); x++) {
      const [u, v] = [(x + 0.5 - middle) / half, (foot - y - 0.5) / high];
      const grain = (fine: number) => view.noise.plane(u * fine + slot * 97, v * fine * 2);
      const colour = Math.abs(u) > 1 || v < 0 || v > 1 ? null : thing.shape(u, v, grain);
      if (colour) put(x, y, blend(lit(colour, view.light.ambient), view.light.horizon, haze));
    }
  }
}

const conifer =
  (tone: number): Shape =>
  (u, v, grain) => {
    if (v < 0.07) return Math.abs(u) < 0.09 ? [62, 48, 36] : null;
    const tier = ((v - 0.07) * 7) % 1;
    const reach = (1 - v) * (1.02 - 0.3 * tier) + 0.02;
    if (Math.abs(u) > reach * (0.72 + 0.4 * grain(16))) return null;
    const shade = 0.62 + 0.3 * tier + 0.4 * (grain(30) - 0.5) + 0.12 * u;
    return [(44 + 16 * tone) * shade, (74 + 16 * tone) * shade, 46 * shade];
  };

const broadleaf =
  (tone: number): Shape =>
  (u, v, grain) => {
    if (v < 0.28 && Math.abs(u) < 0.07) return [74, 58, 44];
    const [across, up] = [u, (v - 0.6) / 0.4];
    const lobes = 0.72 + 0.07 * Math.sin(Math.atan2(up, across) * 5 + tone * 20) + 0.32 * (grain(7) - 0.3);
    if (Math.hypot(across, up) > lobes) return null;
    const shade = 0.7 + 0.22 * up + 0.1 * u + 0.4 * (grain(9) - 0.5) + 0.3 * (grain(34) - 0.5);
    return [(88 + 30 * tone) * shade, (116 + 14 * tone) * shade, 54 * shade];
  };

const house =
  (tone: number): Shape =>
  (u, v) => {
    const chimney = Math.abs(Math.abs(u) - 0.78) < 0.08 && v > 0.7;
    if (chimney) return [196, 186, 172];
    if (v > 0.54) return v < 0.9 && Math.abs(u) < 1 - (v - 0.54) * 0.35 ? [86 + 20 * tone, 88, 94] : null;
    if (v > 0.5) return [150, 146, 140];
    if (Math.abs(u) < 0.09 && v < 0.4) return tone < 0.5 ? [128, 44, 40] : [44, 70, 108];
    const window = Math.abs(Math.abs(u) - 0.52) < 0.13 && v > 0.17 && v < 0.4;
    if (window) return [58, 70, 84];
    return tone < 0.75 ? [236, 232, 222] : [172, 160, 146];
  };

const woolly: Shape = (u, v, grain) => {
  if (v < 0.32) return Math.abs(Math.abs(u) - 0.4) < 0.09 ? [40, 36, 34] : null;
  if (Math.hypot((u - 0.78) / 0.22, (v - 0.72) / 0.2) < 1) return [44, 40, 38];
  if (Math.hypot((u + 0.08) / 0.8, (v - 0.62) / 0.36) > 1) return null;
  const shade = 0.78 + 0.22 * v + 0.1 * (grain(8) - 0.5);
  return [232 * shade, 226 * shade, 212 * shade];
};

const sign: Shape = (u, v) => {
  if (v < 0.72) return Math.abs(u) < 0.12 ? [120, 122, 124] : null;
  return Math.abs(u) + Math.abs((v - 0.86) / 0.14) < 1 ? [240, 240, 238] : null;
};
