import { dayColour } from "./colours.ts";
import type { Spot } from "./journey.ts";

/** A sample of the elevation profile. Units: metres, and those of the map. */
export interface Sample {
  readonly along: number;
  readonly elevation: number;
  readonly day: number;
  readonly x: number;
  readonly y: number;
}

const WIDTH = 1_000;
const HEIGHT = 160;
const MOST = 1_500;

/** The points with an elevation, thinned evenly to what a screen can show; highest and lowest points stay. */
export function samplesOf(spots: readonly Spot[]): Sample[] {
  const known = spots.flatMap(({ along, elevation, day, x, y }) =>
    elevation === null ? [] : [{ along, elevation, day, x, y }],
  );
  const step = known.length / MOST;
  if (step <= 1) return known;
  const kept: Sample[] = [];
  for (let from = 0; from < known.length; from += step * 2) {
    const some = known.slice(Math.floor(from), Math.max(Math.floor(from) + 1, Math.floor(from + step * 2)));
    const [low, high] = some.reduce(
      ([low, high], each) => [
        each.elevation < low.elevation ? each : low,
        each.elevation > high.elevation ? each : high,
      ],
      [some[0]!, some[0]!],
    );
    kept.push(...(low === high ? [low] : low.along < high.along ? [low, high] : [high, low]));
  }
  return kept;
}

/** The elevation over the way as SVG, an area a day; empty where fewer than two points know theirs. */
export function profileSvg(samples: readonly Sample[]): string {
  if (samples.length < 2) return "";
  const elevations = samples.map(({ elevation }) => elevation);
  const low = elevations.reduce((a, b) => Math.min(a, b));
  const high = Math.max(
    low + 50,
    elevations.reduce((a, b) => Math.max(a, b)),
  );
  const total = Math.max(1, samples.at(-1)!.along);
  const x = (along: number) => ((along / total) * WIDTH).toFixed(1);
  const y = (elevation: number) => (HEIGHT - 12 - ((elevation - low) / (high - low)) * (HEIGHT - 32)).toFixed(1);
  const areas: string[] = [];
  for (let from = 0; from < samples.length;) {
    const { day } = samples[from]!;
    let to = from;
    while (to + 1 < samples.length && samples[to + 1]!.day === day) to++;
    const part = samples.slice(from, Math.min(samples.length, to + 2));
    const line = part.map(({ along, elevation }) => `${x(along)} ${y(elevation)}`).join("L");
    const area = `M${x(part[0]!.along)} ${HEIGHT}L${line}L${x(part.at(-1)!.along)} ${HEIGHT}Z`;
    areas.push(`<path class="area" data-day="${day}" d="${area}" style="--c:${dayColour(day)}"/>`);
    from = to + 1;
  }
  return `<svg id="profile" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="Elevation over the way, from ${Math.round(low)} to ${Math.round(high)} metres">${areas.join("")}<path id="cursor" hidden d="M0 0V${HEIGHT}"/></svg><p class="range"><span>${Math.round(low)} m</span><span>${Math.round(high)} m</span></p>`;
}
