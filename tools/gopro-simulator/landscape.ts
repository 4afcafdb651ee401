import { blend, type Light, lightAt, lit, type Rgb } from "./light.ts";
import { createNoise, type Noise } from "./noise.ts";
import { paintRoadside } from "./roadside.ts";
import type { RoutePosition } from "./route.ts";
import { overcast, paintRain } from "./rain.ts";
import type { SunPosition } from "./sun.ts";
import type { Terrain } from "./waypoints.ts";

/** What stands before the camera. */
export interface Scene {
  readonly position: RoutePosition;
  /** Metres from the start of the route: gives the place its own hills and clouds. */
  readonly distance: number;
  readonly sun: SunPosition;
}

/** Pixels as red, green, blue, 255, row by row from the top left. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

interface Land {
  readonly peaks: number;
  readonly hills: number;
  readonly snow: number;
  readonly water: number;
  readonly near: Rgb;
  readonly far: Rgb;
  readonly patch: Rgb;
  /** Half the width of the road; a narrow one has a single lane and no lines. */
  readonly road: number;
}

const LANDS: Readonly<Record<Terrain, Land>> = {
  sea: {
    peaks: 0.1,
    hills: 0.05,
    snow: 0,
    water: 1,
    near: [104, 122, 58],
    far: [88, 106, 96],
    patch: [150, 140, 88],
    road: 0.52,
  },
  loch: {
    peaks: 0.24,
    hills: 0.11,
    snow: 0.1,
    water: 0.75,
    near: [96, 110, 52],
    far: [78, 92, 82],
    patch: [134, 108, 62],
    road: 0.56,
  },
  mountain: {
    peaks: 0.38,
    hills: 0.17,
    snow: 0.55,
    water: 0,
    near: [108, 104, 58],
    far: [92, 90, 82],
    patch: [122, 84, 58],
    road: 0.46,
  },
  moor: {
    peaks: 0.18,
    hills: 0.08,
    snow: 0.15,
    water: 0,
    near: [124, 100, 58],
    far: [106, 92, 78],
    patch: [122, 72, 84],
    road: 0.44,
  },
  farmland: {
    peaks: 0.12,
    hills: 0.07,
    snow: 0,
    water: 0,
    near: [96, 132, 52],
    far: [86, 116, 74],
    patch: [182, 164, 84],
    road: 0.62,
  },
};

const HORIZON = 0.47;
const VIEW_DEG = 100;

/**
 * Paints what a camera behind the windscreen sees: sky and sun by the time of day, clouds, ranges
 * that pale with distance, water where the road runs along it, and the road.
 * The same scene and size always give the same picture.
 */
export function paintLandscape(scene: Scene, width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 4);
  const view = describe(scene, width, height);
  const put = (x: number, y: number, colour: Rgb) => {
    const edge = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 0.45;
    const film = (view.noise.grain(x, y) - 0.5) * (4 + 10 * (1 - view.light.brightness));
    const at = (y * width + x) * 4;
    for (let channel = 0; channel < 3; channel++)
      data[at + channel] = Math.max(0, Math.min(255, colour[channel]! * (1 - edge) + film));
    data[at + 3] = 255;
  };
  for (let x = 0; x < width; x++) {
    const skyline = skylineOf(view, x);
    for (let y = 0; y < height; y++) put(x, y, pixel(view, skyline, x, y));
  }
  paintRoadside(
    { ...view, ...scene, course: (depth) => courseOf(view, depth), haze: hazeOf, waterSide: shoreOf(view) },
    put,
  );
  if (view.rain > 0) paintRain(data, view);
  return { width, height, data };
}

interface View {
  readonly scene: Scene;
  readonly width: number;
  readonly height: number;
  readonly horizon: number;
  readonly light: Light;
  readonly land: Land;
  readonly noise: Noise;
  readonly sunX: number;
  readonly sunY: number;
  readonly cloudiness: number;
  /** From 0 (dry) to 1. */
  readonly rain: number;
  readonly bend: number;
  readonly waterSide: 1 | -1;
}

function describe(scene: Scene, width: number, height: number): View {
  const { position, distance, sun } = scene;
  const weather = createNoise(11);
  const aside = ((sun.azimuth - position.heading + 540) % 360) - 180;
  const horizon = HORIZON * height;
  const cloudiness = 0.25 + 0.6 * weather.ridge(distance / 60_000, 2);
  const rain = smoothstep(0.6, 0.72, cloudiness) * smoothstep(0.35, 0.6, weather.line(distance / 9_000));
  return {
    scene,
    width,
    height,
    horizon,
    light: overcast(lightAt(sun.elevation), rain),
    land: landBetween(LANDS[position.terrain], LANDS[position.nextTerrain], position.blend),
    noise: createNoise(Math.floor(distance / 40_000) + 3),
    sunX: width / 2 + (aside / VIEW_DEG) * width,
    sunY: horizon - (sun.elevation / 62) * height,
    cloudiness: cloudiness + 0.4 * rain,
    rain,
    bend: (weather.line(distance / 1_700) - 0.5) * 1.6,
    waterSide: weather.line(Math.floor(distance / 90_000)) < 0.5 ? -1 : 1,
  };
}

function landBetween(a: Land, b: Land, t: number): Land {
  const number = (x: number, y: number) => x + (y - x) * t;
  return {
    peaks: number(a.peaks, b.peaks),
    hills: number(a.hills, b.hills),
    snow: number(a.snow, b.snow),
    water: number(a.water, b.water),
    near: blend(a.near, b.near, t),
    far: blend(a.far, b.far, t),
    patch: blend(a.patch, b.patch, t),
    road: number(a.road, b.road),
  };
}

interface Range {
  readonly top: number;
  readonly slope: number;
  readonly haze: number;
  readonly snowline: number;
}

function skylineOf({ scene, width, height, horizon, land, noise }: View, x: number): Range[] {
  const angle = (scene.position.heading + (x / width - 0.5) * VIEW_DEG) / 30;
  const layers = [
    { rise: land.peaks, scale: 1, drift: 30_000, haze: 0.72, octaves: 6, offset: 0 },
    { rise: land.peaks * 0.7, scale: 1.6, drift: 14_000, haze: 0.5, octaves: 6, offset: 40 },
    { rise: land.hills, scale: 2.2, drift: 6_000, haze: 0.24, octaves: 5, offset: 90 },
  ];
  return layers.map(({ rise, scale, drift, haze, octaves, offset }) => {
    const at = angle * scale + scene.distance / drift + offset;
    const raw = noise.ridge(at, octaves);
    const shape = Math.max(0, (raw - 0.22) * 1.45) ** 1.25;
    return {
      top: horizon - shape * rise * height,
      slope: (noise.ridge(at + 0.01, octaves) - raw) * 42,
      haze,
      snowline: horizon - height * (0.2 + 0.3 * (1 - land.snow)),
    };
  });
}

function pixel(view: View, skyline: readonly Range[], x: number, y: number): Rgb {
  if (y >= view.horizon) return ground(view, x, y);
  for (let layer = skyline.length - 1; layer >= 0; layer--) {
    const range = skyline[layer]!;
    if (y >= range.top) return hillside(view, range, layer, x, y);
  }
  return sky(view, x, y);
}

function sky(view: View, x: number, y: number): Rgb {
  const { light, noise, scene, horizon, width } = view;
  const height = Math.max(0, 1 - y / horizon);
  let colour = blend(light.horizon, light.zenith, Math.min(1, height ** 0.7 * 1.05));
  const away = Math.hypot(x - view.sunX, y - view.sunY) / width;
  const glow = Math.exp(-away * 5.5) * 0.75 * Math.min(1, light.brightness + 0.25);
  colour = blend(colour, light.sun, scene.sun.elevation > -8 ? glow : 0);
  if (light.stars > 0 && noise.grain(x, y) > 0.9985) colour = blend(colour, [235, 238, 255], light.stars * height);
  if (away < 0.017 && scene.sun.elevation > -2)
    colour = blend(colour, [255, 252, 236], Math.min(1, (0.017 - away) * 400));
  const depth = 26 / (horizon - y + 26);
  const cover = noise.cloud((x / width - 0.5) * 9 * depth + scene.distance / 9_000, depth * 9, 5);
  const cloud = smoothstep(1 - view.cloudiness * 0.85, 1.12 - view.cloudiness * 0.55, cover + 0.22);
  const white = blend(lit([248, 248, 250], light.ambient, 0.97), light.sun, Math.exp(-away * 3) * 0.5);
  const shade = lit([176, 182, 194], light.ambient, 0.9);
  return blend(
    colour,
    blend(white, shade, Math.max(0, cover * 1.6 - 0.75)),
    cloud * 0.85 * Math.min(1, 0.35 + height * 3),
  );
}

function hillside(view: View, range: Range, layer: number, x: number, y: number): Rgb {
  const { land, light, noise } = view;
  const own = layer === 2 ? blend(land.far, land.near, 0.45) : land.far;
  const texture = noise.cloud(x / 26, y / 11 + layer * 50, 3) - 0.5;
  const side = view.sunX < view.width / 2 ? 1 : -1;
  let colour = lit(own, light.ambient, 0.8 + texture * 0.5 + side * range.slope * 0.2 * (0.55 + texture * 1.4));
  if (layer < 2 && land.snow > 0.05 && y + texture * 70 < range.snowline)
    colour = lit([236, 240, 248], light.ambient, 0.92 + texture * 0.3);
  const mist = Math.min(1, range.haze + 0.22 * smoothstep(view.horizon - 60, view.horizon, y));
  return blend(colour, light.horizon, mist * 0.82);
}

function ground(view: View, x: number, y: number): Rgb {
  const { width, height, horizon, light, land, noise, scene } = view;
  const below = (y - horizon + 1.5) / (height - horizon);
  const depth = 1 / below;
  const aside = ((x - courseOf(view, depth)) / width) * depth * 2;
  const ahead = depth * 9 + scene.distance;
  const haze = hazeOf(depth);
  const beams = (1 - light.brightness) ** 3 * Math.exp(-((aside / 1.1) ** 2) - (depth - 3) ** 2 / 22) * 0.75;
  const shine = (colour: Rgb, by: number): Rgb => {
    const day = lit(colour, light.ambient, by);
    return blend(blend(day, lit(colour, [1, 0.96, 0.84], by), beams), light.horizon, haze);
  };
  const road = Math.abs(aside);
  if (road < land.road) return shine(roadColour(land.road, aside, ahead, noise.plane(x / 2.5, y / 1.5)), 1);
  const shore = 0.95 + 0.5 * noise.line(ahead / 7 + 300);
  if (land.water > 0.35 && aside * view.waterSide > shore + (1 - land.water) * 3) return water(view, x, y, below);
  const patches = smoothstep(0.5, 0.66, noise.cloud(aside * 1.1, ahead / 5, 3));
  const tufts = noise.plane(aside * 22 + 100, ahead * 3.2) * 0.32 + noise.grain(x, y) * 0.1;
  const verge = smoothstep(land.road + 0.18, land.road, road) * 0.3;
  return shine(blend(blend(land.near, land.patch, patches * 0.75), [148, 142, 118], verge), 0.68 + tufts);
}

const courseOf = ({ width, bend }: View, depth: number) =>
  width / 2 + bend * Math.max(0, depth - 1) ** 1.25 * width * 0.012;

const hazeOf = (depth: number) => Math.min(0.55, Math.max(0, depth - 1) / 60);

const shoreOf = ({ land, waterSide }: View) => (land.water > 0.35 ? waterSide : 0);

function roadColour(half: number, aside: number, ahead: number, wear: number): Rgb {
  const [road, lined] = [Math.abs(aside), half > 0.5];
  const dash = lined && road < 0.016 && Math.sin(ahead * 0.9) > 0.1;
  const edge = lined && road > half - 0.055 && road < half - 0.03;
  const track = Math.exp(-((road - half * 0.48) ** 2) / 0.006) * 7;
  const grey = 84 + wear * 16 - track;
  return dash || edge ? [222, 222, 214] : [grey, grey, grey + 3];
}

function water(view: View, x: number, y: number, below: number): Rgb {
  const { light, noise, width, scene } = view;
  const ripple = noise.cloud(x / (30 + 90 * below) + scene.distance, y / (2 + 10 * below), 3);
  const mirrored = blend(light.horizon, light.zenith, Math.min(1, 0.25 + below * 0.9));
  const deep = lit([38, 74, 92], light.ambient, 1);
  const glint = Math.exp(-((((x - view.sunX) / width) * 7) ** 2)) * smoothstep(0.5, 0.75, ripple);
  const shown = scene.sun.elevation > -1 ? glint * 0.8 : 0;
  return blend(blend(deep, mirrored, 0.5 + (ripple - 0.5) * 0.7), light.sun, shown);
}

function smoothstep(from: number, to: number, value: number): number {
  const t = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}
