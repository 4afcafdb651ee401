/// <reference path="./modules.d.ts" />
import type { Feature } from "geojson";
import GeoJSONVT, { type LegacyTile } from "geojson-vt";
import vtpbf from "vt-pbf";
import { readAtlas, type Scale } from "./atlas.ts";
import type { Tile } from "./pmtiles.ts";
import { pickTowns, type Town } from "./towns.ts";

/** Zooms of the archive; maps show the last one enlarged beyond it. */
export const MAX_ZOOM = 6;
/** Towns are placed up to here: the tiles of the last zoom carry the labels of the zooms beyond it. */
const MAX_TOWN_ZOOM = 9;
/** Natural Earth's scale for each zoom. */
const SCALES: readonly Scale[] = ["110m", "110m", "50m", "50m", "10m", "10m", "10m"];

type Layers = Readonly<Record<string, GeoJSONVT>>;

function cut(data: readonly Feature[], tolerance: number): GeoJSONVT {
  return new GeoJSONVT(
    { type: "FeatureCollection", features: [...data] },
    { maxZoom: MAX_ZOOM, indexMaxZoom: 0, tolerance, extent: 4096, buffer: 64 },
  );
}

function layersOf(scale: Scale): Layers {
  const { land, borders, countries } = readAtlas(scale);
  return { land: cut(land, 4), borders: cut([borders], 4), countries: cut(countries, 0) };
}

function tileOf(layers: Layers, z: number, x: number, y: number): Record<string, LegacyTile> | undefined {
  const tiles = Object.entries(layers).flatMap(([name, layer]) => {
    const tile = layer.getTile(z, x, y);
    return tile && tile.features.length > 0 ? [[name, tile] as const] : [];
  });
  return tiles.length > 0 ? Object.fromEntries(tiles) : undefined;
}

/** All tiles of the basemap that hold anything: land, borders, countries (labels) and towns (labels). The sea is what is left. */
export function* basemapTiles(towns: readonly Town[]): Generator<Tile> {
  const labels = pickTowns(towns, MAX_TOWN_ZOOM);
  const bases = new Map([...new Set(SCALES)].map((scale) => [scale, layersOf(scale)]));
  for (let z = 0; z <= MAX_ZOOM; z++) {
    const last = z === MAX_ZOOM ? MAX_TOWN_ZOOM : z;
    const layers = {
      ...bases.get(SCALES[z]!)!,
      towns: cut(
        labels.filter((label) => label.properties.zoom <= last),
        0,
      ),
    };
    for (let x = 0; x < 2 ** z; x++) {
      for (let y = 0; y < 2 ** z; y++) {
        const tiles = tileOf(layers, z, x, y);
        if (tiles === undefined) continue;
        yield { z, x, y, data: vtpbf.fromGeojsonVt(tiles, { version: 2, extent: 4096 }) };
      }
    }
  }
}
