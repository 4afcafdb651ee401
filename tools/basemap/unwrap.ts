import type { Feature, Polygon } from "geojson";

type Position = readonly number[];
type Ring = Position[];

const POLE = 89.9;

/** Makes a line continuous that jumps from one side of the date line to the other: longitudes run on beyond 180°. */
export function unwrapLine(line: readonly Position[]): Ring {
  let turns = 0;
  return line.map(([lng, lat], i) => {
    const step = lng! - (line[i - 1]?.[0] ?? lng!);
    if (step > 180) turns -= 1;
    else if (step < -180) turns += 1;
    return [lng! + 360 * turns, lat!];
  });
}

/** A ring that is continuous and closed on the plane; one that goes round the globe is closed along the pole that it goes round. */
function unwrapRing(ring: readonly Position[]): Ring {
  const line = unwrapLine(ring);
  const [first, last] = [line[0]!, line.at(-1)!];
  if (Math.abs(last[0]! - first[0]!) < 180) return line;
  const pole = first[1]! < 0 ? -POLE : POLE;
  return [...line, [last[0]!, pole], [first[0]!, pole], first];
}

/**
 * The polygons of an atlas that was made for the globe, where nothing is cut at the date line, as polygons on the plane.
 * They may reach beyond 180°: whoever cuts tiles repeats the world.
 */
export function unwrapPolygons(polygons: readonly Position[][][]): Feature<Polygon>[] {
  return polygons.map((rings) => ({
    type: "Feature",
    properties: {},
    geometry: { type: "Polygon", coordinates: rings.map(unwrapRing) as number[][][] },
  }));
}
