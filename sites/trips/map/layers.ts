import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { basemapGround, basemapLabels, basemapSources } from "#lib/web/map/basemap-style.ts";
import type { Theme } from "#lib/web/theme.ts";
import { ELEVATION_RAMP } from "../ramp.ts";

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const INK = {
  light: { casing: "#ffffff", gap: "#4b5a63", dot: "#ffffff", ring: "#26343b" },
  dark: { casing: "#0b1418", gap: "#a5b4bc", dot: "#f3f7f8", ring: "#0b1418" },
};

const byZoom = (...stops: number[]): ExpressionSpecification =>
  ["interpolate", ["linear"], ["zoom"], ...stops] as unknown as ExpressionSpecification;
const ramp = [
  "interpolate",
  ["linear"],
  ["get", "share"],
  ...ELEVATION_RAMP.flat(),
] as unknown as ExpressionSpecification;

function routeLayers(theme: Theme): LayerSpecification[] {
  const ink = INK[theme];
  const round = { "line-cap": "round", "line-join": "round" } as const;
  const width = (extra: number) => byZoom(3, 2 + extra, 7, 3.5 + extra, 11, 5 + extra);
  return [
    {
      id: "route-gaps",
      type: "line",
      source: "route",
      filter: ["get", "gap"],
      paint: { "line-color": ink.gap, "line-width": 1.5, "line-dasharray": [2, 3], "line-opacity": 0.8 },
    },
    {
      id: "route-casing",
      type: "line",
      source: "route",
      filter: ["!", ["get", "gap"]],
      layout: round,
      paint: { "line-color": ink.casing, "line-width": width(3), "line-opacity": 0.9 },
    },
    {
      id: "route",
      type: "line",
      source: "route",
      filter: ["!", ["get", "gap"]],
      layout: round,
      paint: { "line-color": ramp, "line-width": width(0) },
    },
  ];
}

/** The whole style of the map: basemap, route by elevation, photos, labels. The sources `route` and `photos` start empty. */
export function tripStyle(theme: Theme, basemapUrl: string): StyleSpecification {
  const ink = INK[theme];
  return {
    version: 8,
    sources: {
      ...basemapSources(basemapUrl),
      route: { type: "geojson", data: EMPTY, tolerance: 0.2 },
      photos: { type: "geojson", data: EMPTY },
    },
    layers: [
      ...basemapGround(theme),
      ...routeLayers(theme),
      ...basemapLabels(theme),
      {
        id: "photos",
        type: "circle",
        source: "photos",
        filter: ["<=", ["get", "zoom"], ["zoom"]],
        paint: {
          "circle-radius": byZoom(4, 1.5, 7, 2.6, 11, 5),
          "circle-color": ink.dot,
          "circle-stroke-color": ink.ring,
          "circle-stroke-width": byZoom(5, 0.8, 10, 1.6),
        },
      },
    ],
  };
}
