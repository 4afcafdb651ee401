import { dayColour } from "./colours.ts";
import type { Layout, Spot } from "./journey.ts";

const number = (value: number) => String(Math.round(value * 100) / 100);

/** The map as SVG: a line a day, gaps dashed and grey, a dot a photo, a scale bar. Photos link to their figure by `data-photo`. */
export function mapSvg(layout: Layout, photos: readonly { readonly spot: Spot; readonly label: string }[]): string {
  const { width, height } = layout;
  const { lines, gaps } = linesOf(layout);
  const dots = photos.map(
    ({ spot, label }, index) =>
      `<circle class="dot" data-photo="${index}" data-day="${spot.day}" cx="${number(spot.x)}" cy="${number(spot.y)}" r="5" style="--c:${dayColour(spot.day)}"><title>${label}</title></circle>`,
  );
  return [
    `<svg id="map" viewBox="0 0 ${number(width)} ${number(height)}" role="img" aria-label="The route of the trip">`,
    graticule(width, height),
    ...gaps.map((d) => `<path class="gap" d="${d}"/>`),
    ...lines.map(({ day, d }) => `<path class="line" data-day="${day}" d="${d}" style="--c:${dayColour(day)}"/>`),
    `<g>${dots.join("")}</g>`,
    `<g id="here" hidden><circle r="9"/><circle r="4"/></g>`,
    scaleBar(layout),
    "</svg>",
  ].join("");
}

function linesOf({ spots, shape }: Layout): { lines: { day: number; d: string }[]; gaps: string[] } {
  const lines: { day: number; d: string }[] = [];
  const gaps: string[] = [];
  let d = "";
  shape.forEach((at, position) => {
    const spot = spots[at]!;
    d += `${d === "" ? "M" : "L"}${number(spot.x)} ${number(spot.y)}`;
    const next = spots[shape[position + 1] ?? -1];
    if (next && !spot.gap && next.day === spot.day) return;
    lines.push({ day: spot.day, d });
    d = "";
    if (!next) return;
    const way = `${number(spot.x)} ${number(spot.y)}`;
    if (spot.gap) gaps.push(`M${way}L${number(next.x)} ${number(next.y)}`);
    else d = `M${way}`;
  });
  return { lines, gaps };
}

function graticule(width: number, height: number): string {
  const step = 100;
  const across = Array.from(
    { length: Math.floor(width / step) },
    (_, index) => `M${(index + 1) * step} 0V${number(height)}`,
  );
  const down = Array.from(
    { length: Math.floor(height / step) },
    (_, index) => `M0 ${(index + 1) * step}H${number(width)}`,
  );
  return `<path class="grid" d="${[...across, ...down].join("")}"/>`;
}

function scaleBar({ metersAUnit, height }: Layout): string {
  const wanted = metersAUnit * 180;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const length = ([5, 2, 1].find((factor) => factor * power <= wanted) ?? 1) * power;
  const units = number(length / metersAUnit);
  const label = length >= 1_000 ? `${length / 1_000} km` : `${length} m`;
  return `<g class="scale" transform="translate(20 ${number(height - 20)})"><path d="M0 -6V0H${units}V-6"/><text x="4" y="-8">${label}</text></g>`;
}
