import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { Theme } from "../theme.ts";
import { graticule } from "./graticule.ts";
import { PALETTES } from "./palette.ts";

/** Fonts of the page: MapLibre draws labels from them itself where the style names no glyph server. */
export const MAP_FONT = ["Inter Variable"];

const byZoom = (...stops: number[]): ExpressionSpecification =>
  ["interpolate", ["linear"], ["zoom"], ...stops] as unknown as ExpressionSpecification;

/** The basemap's sources: the archive of `//tools/basemap` at this URL, and the graticule. */
export function basemapSources(url: string): Record<string, SourceSpecification> {
  return {
    basemap: { type: "vector", url: `pmtiles://${url}` },
    graticule: { type: "geojson", data: graticule(), tolerance: 0 },
  };
}

/** The basemap's layers from the sea up to the coast; what a site draws goes between these and the labels. */
export function basemapGround(theme: Theme): LayerSpecification[] {
  const colours = PALETTES[theme];
  const land = { source: "basemap", "source-layer": "land" } as const;
  return [
    { id: "sea", type: "background", paint: { "background-color": colours.sea } },
    {
      id: "shallows",
      type: "line",
      ...land,
      layout: { "line-join": "round" },
      paint: {
        "line-color": colours.shallows,
        "line-width": byZoom(2, 2, 6, 12, 10, 28),
        "line-blur": byZoom(2, 1, 6, 4, 10, 10),
      },
    },
    {
      id: "graticule",
      type: "line",
      source: "graticule",
      filter: ["<=", ["get", "zoom"], ["zoom"]],
      paint: { "line-color": colours.graticule, "line-opacity": 0.28, "line-width": 0.6 },
    },
    { id: "land", type: "fill", ...land, paint: { "fill-color": colours.land, "fill-antialias": true } },
    {
      id: "coast",
      type: "line",
      ...land,
      paint: { "line-color": colours.coast, "line-width": byZoom(2, 0.5, 8, 1.1) },
    },
    {
      id: "graticule-land",
      type: "line",
      source: "graticule",
      filter: ["<=", ["get", "zoom"], ["zoom"]],
      paint: { "line-color": colours.graticule, "line-opacity": 0.13, "line-width": 0.6 },
    },
    {
      id: "borders",
      type: "line",
      source: "basemap",
      "source-layer": "borders",
      paint: { "line-color": colours.border, "line-width": byZoom(2, 0.5, 8, 1.4), "line-dasharray": [4, 2] },
    },
  ];
}

/** Names of countries and towns. */
export function basemapLabels(theme: Theme): LayerSpecification[] {
  const colours = PALETTES[theme];
  return [
    {
      id: "town-dots",
      type: "circle",
      source: "basemap",
      "source-layer": "towns",
      filter: ["<=", ["get", "zoom"], ["zoom"]],
      minzoom: 4,
      paint: { "circle-radius": byZoom(4, 1.2, 9, 2.2), "circle-color": colours.town, "circle-opacity": 0.7 },
    },
    {
      id: "towns",
      type: "symbol",
      source: "basemap",
      "source-layer": "towns",
      filter: ["<=", ["get", "zoom"], ["zoom"]],
      minzoom: 4,
      layout: {
        "text-field": ["get", "name"],
        "text-font": MAP_FONT,
        "text-size": ["interpolate", ["linear"], ["get", "size"], 3, 10.5, 5, 12, 7, 14.5],
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 0.5,
        "text-justify": "auto",
        "text-max-width": 8,
        "text-padding": 6,
        "symbol-sort-key": ["-", 0, ["get", "size"]],
      },
      paint: {
        "text-color": colours.town,
        "text-halo-color": colours.halo,
        "text-halo-width": 1.4,
        "text-halo-blur": 0.4,
      },
    },
    {
      id: "countries",
      type: "symbol",
      source: "basemap",
      "source-layer": "countries",
      maxzoom: 7,
      filter: [">", ["get", "area"], ["step", ["zoom"], 60, 3, 12, 4, 2, 5, 0]],
      layout: {
        "text-field": ["upcase", ["get", "name"]],
        "text-font": MAP_FONT,
        "text-size": byZoom(2, 9.5, 6, 13),
        "text-letter-spacing": 0.12,
        "text-max-width": 7,
        "symbol-sort-key": ["-", 0, ["get", "area"]],
      },
      paint: { "text-color": colours.country, "text-halo-color": colours.halo, "text-halo-width": 1.4 },
    },
  ];
}
