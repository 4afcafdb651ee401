import { expect, test } from "vitest";
import { bearingDeg, distanceM, roundCoordinate } from "./geo.ts";

const inverness = { lat: 57.4778, lng: -4.2247 };
const ullapool = { lat: 57.8954, lng: -5.1613 };

test("Inverness and Ullapool are 72 km apart as the crow flies", () => {
  expect(distanceM(inverness, ullapool) / 1000).toBeCloseTo(72.5, 0);
  expect(distanceM(inverness, inverness)).toBe(0);
});

test("antipodes are half the circumference apart", () => {
  expect(distanceM({ lat: 0, lng: 0 }, { lat: 0, lng: 180 })).toBeCloseTo(Math.PI * 6_371_008.8, 3);
});

test("courses run clockwise from north", () => {
  const origin = { lat: 0, lng: 0 };
  expect(bearingDeg(origin, { lat: 1, lng: 0 })).toBeCloseTo(0);
  expect(bearingDeg(origin, { lat: 0, lng: 1 })).toBeCloseTo(90);
  expect(bearingDeg(origin, { lat: -1, lng: 0 })).toBeCloseTo(180);
  expect(bearingDeg(origin, { lat: 0, lng: -1 })).toBeCloseTo(270);
});

test("coordinates keep five decimals", () => {
  expect(roundCoordinate(-4.123456789)).toBe(-4.12346);
});
