import { expect, test } from "vitest";
import { createDrive } from "./drive.ts";
import { createRoute } from "./route.ts";

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

test("it is slower over the pass and in bends than across farmland", () => {
  const mean = (from: number, to: number) => {
    const speeds: number[] = [];
    for (let distance = from; distance < to; distance += 100) speeds.push(drive.speedAt(distance));
    return speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  };
  const firstAt = (name: string) => {
    for (let distance = 0; ; distance += 100) if (route.at(distance).near === name) return distance;
  };
  const pass = mean(firstAt("Tornapress"), firstAt("Applecross"));
  expect(mean(firstAt("Tain"), firstAt("Cromarty Bridge")) - pass).toBeGreaterThan(15);
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
