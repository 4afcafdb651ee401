import { expect, test } from "vitest";
import type { Rgb } from "./light.ts";
import { lightAt } from "./light.ts";
import { createNoise } from "./noise.ts";
import { overcast, paintRain } from "./rain.ts";
import { paintRoadside, type Roadside } from "./roadside.ts";
import { createRoute } from "./route.ts";
import type { Terrain } from "./waypoints.ts";

const WALL = "236,232,222";
const noise = createNoise(3);
const view: Roadside = {
  ...{ width: 120, height: 90, horizon: 42, noise, waterSide: 0, distance: 0 },
  light: { ...lightAt(40), ambient: [1, 1, 1] },
  position: createRoute().at(0),
  course: () => 60,
  haze: () => 0,
};
interface Painted {
  readonly x: number;
  readonly y: number;
  readonly colour: Rgb;
}
/** What is painted at twenty places, a kilometre apart. */
function painted(change: Partial<Roadside["position"]>, side: Roadside["waterSide"] = 0): Painted[] {
  const pixels: Painted[] = [];
  for (let km = 0; km < 20; km++) {
    const at = { ...view, waterSide: side, distance: km * 1_000, position: { ...view.position, ...change } };
    paintRoadside(at, (x, y, colour) => pixels.push({ x, y, colour }));
  }
  return pixels;
}
const land = (terrain: Terrain, blend = 0.5) => ({ terrain, nextTerrain: terrain, blend });
const walls = (pixels: Painted[]) => pixels.filter(({ colour }) => colour.map(Math.round).join() === WALL).length;

test("houses stand near waypoints only", () => {
  expect(walls(painted(land("farmland", 0.01)))).toBeGreaterThan(100);
  expect(walls(painted(land("farmland", 0.99)))).toBeGreaterThan(100);
  expect(walls(painted(land("farmland", 0.5)))).toBe(0);
});

test("more trees stand by lochs than on moors", () => {
  expect(painted(land("loch")).length).toBeGreaterThan(2 * painted(land("moor")).length);
});

test("nothing stands in the water or outside of the picture", () => {
  for (const side of [-1, 1] as const) {
    const pixels = painted(land("loch"), side);
    expect(pixels.length).toBeGreaterThan(500);
    expect(Math.max(...pixels.map(({ x }) => (x - 60) * side))).toBeLessThan(12);
  }
  const outside = painted(land("loch")).filter(({ x, y }) => x < 0 || x >= 120 || y < 0 || y >= 90);
  expect(outside).toEqual([]);
});

test("rain takes the colour out of the light, and puts drops on the glass", () => {
  const [dry, wet] = [lightAt(30), overcast(lightAt(30), 1)];
  const colourful = ([red, , blue]: Rgb) => Math.abs(red - blue);
  expect(overcast(dry, 0)).toEqual(dry);
  expect(colourful(wet.zenith)).toBeLessThan(colourful(dry.zenith) / 3);
  const picture = () => Uint8Array.from({ length: 320 * 240 * 4 }, (_, index) => (index / 1_280) & 255);
  const [clean, drops] = [picture(), picture()];
  paintRain(drops, { width: 320, height: 240, noise, rain: 1 });
  const changed = drops.filter((value, index) => value !== clean[index]).length;
  expect(changed).toBeGreaterThan(500);
  expect(changed).toBeLessThan(clean.length / 4);
});
