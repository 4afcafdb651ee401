import { createRequire } from "node:module";
import type { Feature, MultiLineString, Point, Polygon } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import { labelPoint, type Ring, ringArea } from "./pole.ts";
import { unwrapLine, unwrapPolygons } from "./unwrap.ts";

type Countries = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;

/** How fine the coast is drawn: Natural Earth's scales, of which 1:10 million is the finest. */
export type Scale = "10m" | "50m" | "110m";

/** Land, borders between countries, and where their names stand, from Natural Earth by way of the npm package world-atlas. */
export interface Atlas {
  readonly land: readonly Feature<Polygon>[];
  readonly borders: Feature<MultiLineString>;
  readonly countries: readonly Feature<Point, { name: string; area: number }>[];
}

const require = createRequire(import.meta.url);

function polygons(geometry: Feature["geometry"]): number[][][][] {
  if (geometry.type === "Polygon") return [geometry.coordinates];
  return geometry.type === "MultiPolygon" ? geometry.coordinates : [];
}

/** Name and place of a country; its area in square degrees, as the equator has them, tells small from large. */
function label(
  country: Feature<Feature["geometry"], { name: string }>,
): Feature<Point, { name: string; area: number }> | undefined {
  const size = (rings: Ring[]) => Math.abs(ringArea(rings[0]!)) * Math.cos((rings[0]![0]![1]! * Math.PI) / 180);
  const parts = unwrapPolygons(polygons(country.geometry)).map(({ geometry }) => geometry.coordinates);
  const largest = parts.sort((a, b) => size(b) - size(a))[0];
  if (largest === undefined) return undefined;
  const properties = { name: country.properties.name, area: Math.round(size(largest) * 100) / 100 };
  return { type: "Feature", properties, geometry: { type: "Point", coordinates: labelPoint(largest) } };
}

/** Reads one scale of the atlas. */
export function readAtlas(scale: Scale): Atlas {
  const topology = require(`world-atlas/countries-${scale}.json`) as Countries;
  const { countries, land } = topology.objects;
  const named = feature(topology, countries).features.map(label);
  const borders = mesh(topology, countries, (a, b) => a !== b);
  return {
    land: feature(topology, land).features.flatMap(({ geometry }) => unwrapPolygons(polygons(geometry))),
    borders: {
      type: "Feature",
      properties: {},
      geometry: { ...borders, coordinates: borders.coordinates.map(unwrapLine) as number[][][] },
    },
    countries: named.filter((one) => one !== undefined),
  };
}
