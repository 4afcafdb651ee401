import fc from "fast-check";
import { expect, test } from "vitest";
import { importanceOf, mapLength, placesOver } from "./simplify.ts";

const walk = fc
  .array(
    fc.tuple(fc.double({ min: -0.01, max: 0.01, noNaN: true }), fc.double({ min: -0.01, max: 0.01, noNaN: true })),
    {
      minLength: 2,
      maxLength: 300,
    },
  )
  .map((steps) => {
    let [lat, lng] = [57, -4];
    return steps.map(([north, east]) => ({ lat: (lat += north), lng: (lng += east) }));
  });

const mercator = ({ lat, lng }: { lat: number; lng: number }) => ({
  x: lng / 360,
  y: -Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI),
});

function offLine(place: { x: number; y: number }, a: { x: number; y: number }, b: { x: number; y: number }): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const t =
    dx === 0 && dy === 0
      ? 0
      : Math.max(0, Math.min(1, ((place.x - a.x) * dx + (place.y - a.y) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(place.x - a.x - t * dx, place.y - a.y - t * dy);
}

test("no place that is left out lies further from the line than the tolerance", () => {
  fc.assert(
    fc.property(walk, fc.integer({ min: 4, max: 16 }), (places, zoom) => {
      const tolerance = mapLength(1, zoom);
      const kept = placesOver(importanceOf(places), tolerance);
      expect([kept[0], kept.at(-1)]).toEqual([0, places.length - 1]);
      const projected = places.map(mercator);
      kept.slice(1).forEach((to, i) => {
        const from = kept[i]!;
        for (let at = from + 1; at < to; at++)
          expect(offLine(projected[at]!, projected[from]!, projected[to]!)).toBeLessThanOrEqual(tolerance * 1.000_001);
      });
    }),
  );
});

/** Douglas and Peucker's algorithm as they wrote it: splits while the furthest place is over the tolerance. */
function split(line: readonly { x: number; y: number }[], first: number, last: number, tolerance: number): number[] {
  let [at, most] = [-1, 0];
  for (let i = first + 1; i < last; i++) {
    const off = offLine(line[i]!, line[first]!, line[last]!);
    if (off > most) [at, most] = [i, off];
  }
  return most > tolerance ? [...split(line, first, at, tolerance), at, ...split(line, at, last, tolerance)] : [];
}

test("the ranks give for every tolerance what the algorithm itself gives", () => {
  fc.assert(
    fc.property(walk, fc.double({ min: 4, max: 18, noNaN: true }), (places, zoom) => {
      const tolerance = mapLength(1, zoom);
      const inner = split(places.map(mercator), 0, places.length - 1, tolerance);
      expect([...placesOver(importanceOf(places), tolerance)]).toEqual([0, ...inner, places.length - 1]);
    }),
    { numRuns: 300 },
  );
});

test("a closer zoom shows every place that a farther one shows", () => {
  fc.assert(
    fc.property(walk, (places) => {
      const importance = importanceOf(places);
      for (let zoom = 4; zoom < 16; zoom++) {
        const closer = new Set(placesOver(importance, mapLength(1, zoom + 1)));
        for (const at of placesOver(importance, mapLength(1, zoom))) expect(closer).toContain(at);
      }
    }),
    { numRuns: 30 },
  );
});

test("a straight line needs its ends only, and where lines break both ends stay", () => {
  const straight = Array.from({ length: 100 }, (_, i) => ({ lat: 0, lng: i / 1_000 }));
  expect([...placesOver(importanceOf(straight), mapLength(0.01, 14))]).toEqual([0, 99]);
  expect([...placesOver(importanceOf(straight, [40]), mapLength(0.01, 14))]).toEqual([0, 39, 40, 99]);
  expect(importanceOf([])).toHaveLength(0);
  expect([...importanceOf(straight.slice(0, 1))]).toEqual([Infinity]);
});

test("a line over the antimeridian is as straight as anywhere", () => {
  const over = Array.from({ length: 20 }, (_, i) => ({ lat: 0, lng: ((179.99 + i / 1_000 + 180) % 360) - 180 }));
  expect([...placesOver(importanceOf(over), mapLength(1, 10))]).toEqual([0, 19]);
});

test("long lines are simplified in pieces, whose ends stay", () => {
  const long = Array.from({ length: 10_000 }, (_, i) => ({ lat: 0, lng: i / 10_000 }));
  expect([...placesOver(importanceOf(long.slice(0, 2_500)), mapLength(1, 10))]).toEqual([0, 1_024, 2_048, 2_499]);
});
