import { distanceM } from "#lib/geo/geo.ts";
import type { TimedPlace } from "../track.ts";
import { figuresOf } from "./figures.ts";
import { legsOf } from "./legs.ts";
import { noiseOf } from "./noise.ts";
import { importanceOf, mapLength, placesOver } from "./simplify.ts";

/** Places of a winding drive, one a second, with a stop every now and then; the same at every run. */
function drive(count: number): TimedPlace[] {
  let [lat, lng, course, state] = [57, -4, 0, 1];
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, (_, i) => {
    course += (random() - 0.5) * 0.3;
    const step = i % 5_000 < 600 ? 0.000_01 * random() : 0.000_2;
    lat = Math.max(-80, Math.min(80, lat + step * Math.cos(course)));
    lng = ((lng + step * Math.sin(course) + 540) % 360) - 180;
    return { lat, lng, elevation: 100 + 50 * Math.sin(i / 900) + random(), atMs: Date.UTC(2026, 4, 1) + i * 1_000 };
  });
}

const [count = 1_000_000] = process.argv.slice(2).map(Number);
const places = drive(count);
const nowMs = Date.UTC(2027, 0, 1);
const legs = legsOf(places);
const importance = importanceOf(places);

function bare(): number {
  let meters = 0;
  for (let i = 1; i < places.length; i++) meters += distanceM(places[i - 1]!, places[i]!);
  return meters;
}

const works: readonly (readonly [string, () => unknown])[] = [
  ["distanceM only", bare],
  ["legsOf", () => legsOf(places)],
  ["figuresOf", () => figuresOf(places, legs)],
  ["noiseOf", () => noiseOf(places, nowMs)],
  ["importanceOf", () => importanceOf(places)],
  ["placesOver z10", () => placesOver(importance, mapLength(1, 10))],
];

const say = (line: string) => process.stdout.write(`${line}\n`);

/** The faster half of some runs, in turns, so that a busy machine is busy for all. */
const times = works.map(() => [] as number[]);
for (let run = 0; run < 6; run++) {
  works.forEach(([, work], i) => {
    const start = performance.now();
    work();
    times[i]!.push(performance.now() - start);
  });
}
const fast = times.map(
  (all) =>
    all
      .toSorted((a, b) => a - b)
      .slice(0, 3)
      .reduce((sum, ms) => sum + ms, 0) / 3,
);
say(`${count} places; line at zoom 10: ${placesOver(importance, mapLength(1, 10)).length} places`);
works.forEach(([name], i) => {
  const [ms, ratio] = [fast[i]!, fast[i]! / fast[0]!];
  say(
    `${name.padEnd(16)} ${((ms * 1e6) / count).toFixed(0).padStart(6)} ns/place ${ratio.toFixed(2).padStart(7)}× distanceM`,
  );
});
