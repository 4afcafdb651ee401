import { readAtlas } from "#tools/basemap/atlas.ts";
import { createNoise } from "#tools/gopro-simulator/noise.ts";
import { createRoute } from "#tools/gopro-simulator/route.ts";

/** Heights over a rectangle of the Mercator map at one zoom, row by row from the north-west. */
export interface Heights {
  readonly zoom: number;
  /** Global pixel of the first column and row, tiles being 256 pixels wide. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Metres. */
  readonly meters: Float32Array;
}

/** The land that the simulated camera drives through: west, south, east, north. */
export const REGION = [-6.5, 57.1, -2.8, 58.9] as const;

/** Pixels of 256-pixel tiles. */
export const TILE = 256;

/** Global Mercator pixel of a place at a zoom. */
export function pixelOf(lng: number, lat: number, zoom: number): readonly [number, number] {
  const size = TILE * 2 ** zoom;
  const sin = Math.sin((lat * Math.PI) / 180);
  return [((lng + 180) / 360) * size, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size];
}

type Frame = Omit<Heights, "meters">;

function frameOf(zoom: number): Frame {
  const [west, south, east, north] = REGION;
  const [x0, y0] = pixelOf(west, north, zoom);
  const [x1, y1] = pixelOf(east, south, zoom);
  const down = (value: number) => Math.floor(value / TILE) * TILE;
  const up = (value: number) => Math.ceil(value / TILE) * TILE;
  return { zoom, left: down(x0), top: down(y0), width: up(x1) - down(x0), height: up(y1) - down(y0) };
}

/** 1 on land, by the even-odd rule along each row. */
function landOf({ zoom, left, top, width, height }: Frame): Uint8Array {
  const land = new Uint8Array(width * height);
  for (const { geometry } of readAtlas("10m").land) {
    const rings = geometry.coordinates.map((ring) =>
      ring.map(([lng, lat]) => pixelOf(lng!, Math.max(-85, Math.min(85, lat!)), zoom)),
    );
    const inside = rings.some((ring) =>
      ring.some(([x, y]) => x > left - 2e4 && x < left + width + 2e4 && y > top - 2e4 && y < top + height + 2e4),
    );
    if (inside) fill(land, rings, { left, top, width, height });
  }
  return land;
}

function fill(
  land: Uint8Array,
  rings: readonly (readonly (readonly [number, number])[])[],
  { left, top, width, height }: Pick<Frame, "left" | "top" | "width" | "height">,
): void {
  const crossings: number[][] = Array.from({ length: height }, () => []);
  for (const ring of rings) {
    ring.forEach(([x1, y1], i) => {
      const [x2, y2] = ring[(i + 1) % ring.length]!;
      const [low, high] = [Math.min(y1, y2) - top - 0.5, Math.max(y1, y2) - top - 0.5];
      for (let row = Math.max(0, Math.ceil(low)); row < Math.min(height, Math.ceil(high)); row++)
        crossings[row]!.push(x1 + ((row + top + 0.5 - y1) / (y2 - y1)) * (x2 - x1) - left);
    });
  }
  crossings.forEach((all, row) => {
    all.sort((a, b) => a - b);
    for (let i = 0; i + 1 < all.length; i += 2) {
      const [from, to] = [Math.max(0, Math.round(all[i]!)), Math.min(width, Math.round(all[i + 1]!))];
      for (let x = from; x < to; x++) land[row * width + x] = 1;
    }
  });
}

/** How far each pixel is from the sea, in pixels: chamfer distance, in two passes. */
function shoreDistance(land: Uint8Array, width: number): Float32Array {
  const far = Float32Array.from(land, (value) => (value ? 1e4 : 0));
  const relax = (at: number, offsets: readonly (readonly [number, number])[]) => {
    for (const [step, cost] of offsets) {
      const other = far[at + step];
      if (other !== undefined && other + cost < far[at]!) far[at] = other + cost;
    }
  };
  const before = [[-1, 1], [-width, 1], [-width - 1, Math.SQRT2], [-width + 1, Math.SQRT2]] as const; // prettier-ignore
  const after = before.map(([step, cost]) => [-step, cost] as const);
  for (let at = 0; at < far.length; at++) relax(at, before);
  for (let at = far.length - 1; at >= 0; at--) relax(at, after);
  return far;
}

const smooth = (from: number, to: number, value: number): number => {
  const t = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** How near the road is (1 on it, 0 beyond its valley), and how high it lies. */
function roadOf({ zoom, left, top, width, height }: Frame): { near: Float32Array; meters: Float32Array } {
  const [near, meters] = [new Float32Array(width * height), new Float32Array(width * height)];
  const route = createRoute();
  const reach = 13;
  for (let m = 0; m < route.lengthM; m += 100) {
    const at = route.at(m);
    const [x, y] = pixelOf(at.lng, at.lat, zoom);
    for (let row = Math.floor(y - top) - reach; row <= y - top + reach; row++) {
      for (let column = Math.floor(x - left) - reach; column <= x - left + reach; column++) {
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        const share = 1 - smooth(1.5, reach, Math.hypot(column + left + 0.5 - x, row + top + 0.5 - y));
        const index = row * width + column;
        if (share <= near[index]!) continue;
        near[index] = share;
        meters[index] = at.elevation;
      }
    }
  }
  return { near, meters };
}

/**
 * The hills of the simulated journey: Natural Earth's coast, ridges of noise that rise from it, and valleys where the road runs, as high as
 * the camera says it is. Not the hills of Scotland: a homelab brings tiles of its own.
 */
export function makeHeights(zoom: number): Heights {
  const frame = frameOf(zoom);
  const { left, top, width, height } = frame;
  const land = landOf(frame);
  const shore = shoreDistance(land, width);
  const road = roadOf(frame);
  const noise = createNoise(500);
  const scale = 2 ** (zoom - 9);
  const meters = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      if (!land[at]) continue;
      const [x, y] = [(column + left) / scale, (row + top) / scale];
      const massif = smooth(0.32, 0.66, noise.cloud(x / 130, y / 130, 2));
      const ridge = 1 - Math.abs(2 * noise.cloud(x / 46, y / 46, 6) - 1);
      const rolling = noise.cloud(x / 30 + 900, y / 30, 4);
      const hill = 60 * rolling + 190 * massif * rolling + 860 * massif * ridge ** 3;
      const wild = 2 + hill * smooth(0, 26, shore[at]! / scale);
      const share = road.near[at]!;
      meters[at] = wild * (1 - share) + Math.max(1, road.meters[at]!) * share;
    }
  }
  return { ...frame, meters };
}

/** The same heights one zoom out: each pixel is the mean of four. */
export function halve({ zoom, left, top, width, height, meters }: Heights): Heights {
  const [half, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const out = new Float32Array(half * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < half; column++) {
      const at = 2 * row * width + 2 * column;
      out[row * half + column] = (meters[at]! + meters[at + 1]! + meters[at + width]! + meters[at + width + 1]!) / 4;
    }
  }
  return { zoom: zoom - 1, left: left / 2, top: top / 2, width: half, height: rows, meters: out };
}
