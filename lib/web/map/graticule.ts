import type { Feature, FeatureCollection, LineString } from "geojson";

/** From which zoom on meridians and parallels of a step in degrees are drawn. */
const STEPS: readonly { readonly degrees: number; readonly zoom: number }[] = [
  { degrees: 30, zoom: 0 },
  { degrees: 10, zoom: 3 },
  { degrees: 2, zoom: 5 },
  { degrees: 0.5, zoom: 7 },
];
const LIMIT = 85;

type Line = Feature<LineString, { zoom: number }>;

function line(from: [number, number], to: [number, number], zoom: number): Line {
  return { type: "Feature", properties: { zoom }, geometry: { type: "LineString", coordinates: [from, to] } };
}

/** Meridians and parallels; `zoom` says from where each is drawn, and each is there once, at its coarsest step. */
export function graticule(): FeatureCollection<LineString, { zoom: number }> {
  const lines: Line[] = [];
  STEPS.forEach(({ degrees, zoom }, i) => {
    const coarser = STEPS[i - 1]?.degrees;
    const drawn = (index: number) => coarser !== undefined && index % Math.round(coarser / degrees) === 0;
    for (let index = Math.ceil(-180 / degrees); index * degrees < 180; index++) {
      if (!drawn(index)) lines.push(line([index * degrees, -LIMIT], [index * degrees, LIMIT], zoom));
    }
    for (let index = Math.ceil(-LIMIT / degrees); index * degrees <= LIMIT; index++) {
      if (!drawn(index)) lines.push(line([-180, index * degrees], [180, index * degrees], zoom));
    }
  });
  return { type: "FeatureCollection", features: lines };
}
