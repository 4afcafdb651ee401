import { expect, test } from "vitest";
import { distanceM } from "#lib/geo/geo.ts";
import { createRoute } from "./route.ts";
import { sunPosition } from "./sun.ts";
import { NORTH_COAST } from "./waypoints.ts";

const route = createRoute();

test("the route is as long as a few days of driving and comes back to where it began", () => {
  expect(route.lengthM / 1000).toBeGreaterThan(600);
  expect(route.lengthM / 1000).toBeLessThan(900);
  expect(distanceM(route.at(0), route.at(route.lengthM - 1))).toBeLessThan(50);
  expect(route.at(route.lengthM + 1234)).toEqual(route.at(1234));
});

test("it passes through every waypoint at its elevation", () => {
  for (const [name, lat, lng, elevation] of NORTH_COAST) {
    let nearest = { away: Infinity, elevation: 0 };
    for (let m = 0; m < route.lengthM; m += 200) {
      const here = route.at(m);
      const away = distanceM(here, { lat, lng });
      if (away < nearest.away) nearest = { away, elevation: here.elevation };
    }
    expect(nearest.away, name).toBeLessThan(250);
    expect(Math.abs(nearest.elevation - elevation), name).toBeLessThan(40);
  }
});

test("equal distances along it are equal distances on the ground, without a jump", () => {
  for (let m = 0; m < route.lengthM; m += 500) {
    const step = distanceM(route.at(m), route.at(m + 100));
    expect(step).toBeLessThan(100.5);
    expect(step).toBeGreaterThan(30);
    expect(Math.abs(route.at(m).elevation - route.at(m + 100).elevation)).toBeLessThan(60);
  }
});

test("the midsummer sun at Inverness stands in the south at noon, 56 degrees high", () => {
  const noon = sunPosition({ lat: 57.48, lng: -4.22 }, new Date("2026-06-21T12:17:00Z"));
  expect(noon.elevation).toBeCloseTo(55.96, 0);
  expect(noon.azimuth).toBeCloseTo(180, 0);
  const midnight = sunPosition({ lat: 57.48, lng: -4.22 }, new Date("2026-06-21T00:17:00Z"));
  expect(midnight.elevation).toBeCloseTo(-9.1, 0);
  const morning = sunPosition({ lat: 57.48, lng: -4.22 }, new Date("2026-06-21T08:00:00Z"));
  expect(morning.azimuth).toBeLessThan(180);
});
