import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { basemapGround, basemapLabels, basemapSources, MAP_FONT } from "#lib/web/map/basemap-style.ts";
import { hillshade, skyOf, terrainSources } from "#lib/web/map/terrain.ts";
import type { Theme } from "#lib/web/theme.ts";
import { DAY_COLOURS, dayColour } from "../colours.ts";

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const INK = {
  light: { casing: "#ffffff", gap: "#4b5a63", dot: "#ffffff", ring: "#26343b", noise: "#b3261e", stop: "#10191e" },
  dark: { casing: "#0b1418", gap: "#a5b4bc", dot: "#f3f7f8", ring: "#0b1418", noise: "#ff9c94", stop: "#eef3f5" },
};

/** Archives that the map draws from; absolute. `terrain` is null where there is none. */
export interface MapData {
  readonly basemap: string;
  readonly terrain: string | null;
}

const expression = (value: unknown[]): ExpressionSpecification => value as unknown as ExpressionSpecification;
const byZoom = (...stops: unknown[]): ExpressionSpecification =>
  expression(["interpolate", ["linear"], ["zoom"], ...stops]);

/** The colour of the day whose number a feature has in `property`. */
function byDay(theme: Theme, property: unknown): ExpressionSpecification {
  const arms = Array.from({ length: DAY_COLOURS }, (_, day) => [day, dayColour(day, theme)]).flat();
  return expression(["match", property, ...arms, dayColour(0, theme)]);
}

/** How strongly the days are drawn where one of them is chosen: property names the day in each feature. */
export function dayOpacity(property: "day" | "dayIndex", chosen: number | null, full: number): ExpressionSpecification {
  return expression(
    chosen === null ? ["literal", full] : ["case", ["==", ["get", property], chosen], full, full * 0.22],
  );
}

const width = (extra: number) => byZoom(3, 2.2 + extra, 7, 3.6 + extra, 11, 5 + extra, 16, 8 + extra);
const lane = ["get", "lane"];
const beside = byZoom(3, ["*", lane, 2.6], 7, ["*", lane, 4.4], 11, ["*", lane, 6.5], 16, ["*", lane, 11]);
const round = { "line-cap": "round", "line-join": "round" } as const;
const dashes = { "line-width": 1.6, "line-dasharray": [1.5, 3], "line-opacity": 0.85 };

function routeLayers(theme: Theme): LayerSpecification[] {
  const ink = INK[theme];
  const driven = { type: "line", source: "route", filter: expression(["!", ["get", "gap"]]), layout: round } as const;
  return [
    {
      id: "route-gaps",
      type: "line",
      source: "route",
      filter: ["get", "gap"],
      paint: { "line-color": ink.gap, ...dashes },
    },
    {
      id: "route-casing",
      ...driven,
      paint: { "line-color": ink.casing, "line-width": width(2.6), "line-offset": beside, "line-opacity": 0.9 },
    },
    {
      id: "route",
      ...driven,
      paint: { "line-color": byDay(theme, ["get", "colour"]), "line-width": width(0), "line-offset": beside },
    },
  ];
}

/** Layers of a trip that is too large to hold: the server's tiles, simplified by zoom. `only` is the day that is held, drawn exactly above them. */
export function tileLayers(theme: Theme, only: string | null): LayerSpecification[] {
  const ink = INK[theme];
  const source = { source: "tiles", "source-layer": "route" } as const;
  const elsewhere = expression(["!=", ["get", "date"], only ?? ""]);
  const gap = expression(["to-boolean", ["get", "gap"]]);
  const driven = {
    type: "line",
    ...source,
    filter: expression(["all", ["!", gap], elsewhere]),
    layout: round,
  } as const;
  return [
    { id: "tiles-gaps", type: "line", ...source, filter: gap, paint: { "line-color": ink.gap, ...dashes } },
    {
      id: "tiles-casing",
      ...driven,
      paint: { "line-color": ink.casing, "line-width": width(2.2), "line-opacity": 0.9 },
    },
    {
      id: "tiles-route",
      ...driven,
      paint: {
        "line-color": byDay(theme, ["%", ["get", "dayIndex"], DAY_COLOURS]),
        "line-width": width(-0.6),
      },
    },
    {
      id: "tiles-points",
      type: "circle",
      source: "tiles",
      "source-layer": "points",
      minzoom: 12,
      paint: {
        "circle-radius": byZoom(12, 1.6, 16, 4),
        "circle-color": ink.dot,
        "circle-stroke-color": ink.ring,
        "circle-stroke-width": 1,
      },
    },
  ];
}

function markLayers(theme: Theme): LayerSpecification[] {
  const ink = INK[theme];
  return [
    {
      id: "dots",
      type: "circle",
      source: "dots",
      filter: ["<=", ["get", "zoom"], ["zoom"]],
      paint: {
        "circle-radius": expression(["case", ["get", "noise"], 4, 2.6]),
        "circle-color": expression(["case", ["get", "noise"], ink.noise, ink.dot]),
        "circle-stroke-color": ink.ring,
        "circle-stroke-width": byZoom(5, 0.6, 10, 1.4),
        "circle-opacity": byZoom(6, 0, 7.5, 1),
        "circle-stroke-opacity": byZoom(6, 0, 7.5, 1),
      },
    },
    {
      id: "stops",
      type: "symbol",
      source: "stops",
      minzoom: 8,
      layout: {
        "text-field": expression(["concat", "◦ ", ["get", "label"]]),
        "text-font": MAP_FONT,
        "text-size": 11.5,
        "text-offset": [0, 1.4],
        "symbol-sort-key": expression(["-", 0, ["get", "ms"]]),
      },
      paint: { "text-color": ink.stop, "text-halo-color": ink.casing, "text-halo-width": 1.6 },
    },
    {
      id: "photos",
      type: "circle",
      source: "photos",
      paint: { "circle-radius": 1, "circle-opacity": 0 },
    },
  ];
}

function sources(data: MapData): Record<string, SourceSpecification> {
  return {
    ...basemapSources(data.basemap),
    ...(data.terrain === null ? {} : terrainSources(data.terrain)),
    route: { type: "geojson", data: EMPTY, tolerance: 0.2, maxzoom: 16 },
    dots: { type: "geojson", data: EMPTY, maxzoom: 16 },
    stops: { type: "geojson", data: EMPTY },
    photos: {
      type: "geojson",
      data: EMPTY,
      cluster: true,
      clusterRadius: 58,
      clusterMaxZoom: 15,
      clusterProperties: { last: ["max", ["get", "i"]] },
    },
  };
}

/** The whole style of the map: basemap, hills, route by day, stops, dots, labels, photos. The trip's sources start empty. */
export function tripStyle(theme: Theme, data: MapData): StyleSpecification {
  const ground = basemapGround(theme).flatMap((layer) =>
    layer.id === "land" && data.terrain !== null ? [layer, hillshade(theme)] : [layer],
  );
  const [dots, ...marks] = markLayers(theme);
  return {
    version: 8,
    sky: skyOf(theme),
    sources: sources(data),
    layers: [...ground, ...routeLayers(theme), dots!, ...basemapLabels(theme), ...marks],
  };
}
