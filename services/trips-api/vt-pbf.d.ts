/** vt-pbf brings no types of its own: what tiles.ts uses of it. */
declare module "vt-pbf" {
  import type { LegacyTile } from "geojson-vt";
  /** Encodes layers, each with the features of a tile of geojson-vt, as a Mapbox vector tile. */
  export function fromGeojsonVt(
    layers: Record<string, LegacyTile>,
    options: { version: 2; extent: number },
  ): Uint8Array;
}
