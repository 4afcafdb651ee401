import { expect, test } from "vitest";
import { createDrive } from "./drive.ts";
import { createRoute, type Route, type RoutePosition } from "./route.ts";
import type { Terrain } from "./waypoints.ts";

const route = createRoute();
const drive = createDrive(route);
const kmhOf = (from: number, seconds: number) => ((drive.after(from, seconds) - from) * 3.6) / seconds;

test("a car goes 40 to 90 km/h everywhere, and not the same everywhere", () => {
  const speeds: number[] = [];
  for (let distance = 0; distance < route.lengthM; distance += 300) speeds.push(kmhOf(distance, 5));
  expect(Math.min(...speeds)).toBeGreaterThanOrEqual(39.9);
  expect(Math.max(...speeds)).toBeLessThanOrEqual(90.1);
  expect(Math.max(...speeds) - Math.min(...speeds)).toBeGreaterThan(35);
});

/** Four corners, 20 km apart, in one land; two of them may lie higher. */
const square = (terrain: Terrain, height = 10) =>
  createRoute([
    ["south-west", 57, -5, 10, terrain],
    ["north-west", 57.18, -5, height, terrain],
    ["north-east", 57.18, -4.67, 10, terrain],
    ["south-east", 57, -4.67, height, terrain],
  ]);
const means = (of: Route) => {
  const along = createDrive(of);
  const mean = (matches: (position: RoutePosition) => boolean) => {
    const speeds: number[] = [];
    for (let distance = 0; distance < of.lengthM; distance += 100)
      if (matches(of.at(distance))) speeds.push(along.speedAt(distance));
    return speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  };
  const onLeg = ({ blend }: RoutePosition) => Math.abs(blend - 0.5) < 0.2;
  const inCorner = ({ blend }: RoutePosition) => Math.abs(blend - 0.5) > 0.44;
  return { all: mean(() => true), corners: mean(inCorner), legs: mean(onLeg) };
};

test("bends, slopes and narrow land are slow", () => {
  const farmland = means(square("farmland"));
  expect(farmland.legs - farmland.corners).toBeGreaterThan(5);
  expect(farmland.all - means(square("mountain")).all).toBeGreaterThan(15);
  expect(farmland.legs - means(square("farmland", 1_200)).legs).toBeGreaterThan(5);
});

test("the speed changes gently", () => {
  for (let distance = 0; distance < route.lengthM; distance += 100)
    expect(Math.abs(drive.speedAt(distance + 100) - drive.speedAt(distance))).toBeLessThan(10);
});

test("two half hours lead as far as an hour, also over the end of the route", () => {
  for (const from of [0, 123_456, route.lengthM - 10, route.lengthM, 3 * route.lengthM + 5]) {
    const hour = drive.after(from, 3_600);
    expect(drive.after(drive.after(from, 1_800), 1_800)).toBeCloseTo(hour, 3);
    expect(drive.after(from, 0)).toBeCloseTo(from, 6);
    expect(hour - from).toBeGreaterThan(40_000);
  }
});
