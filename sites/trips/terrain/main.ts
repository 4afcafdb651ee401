import { writeFile } from "node:fs/promises";
import { writeArchive } from "#tools/basemap/pmtiles.ts";
import { REGION } from "./heights.ts";
import { terrainTiles, ZOOMS } from "./tiles.ts";

const [out] = process.argv.slice(2);
if (out === undefined) {
  console.error("usage: terrain OUTPUT.pmtiles");
  process.exit(64);
}
const archive = writeArchive(terrainTiles(), {
  type: "png",
  minZoom: ZOOMS.min,
  maxZoom: ZOOMS.max,
  bounds: REGION,
  metadata: {
    name: "terrain",
    type: "overlay",
    encoding: "terrarium",
    attribution: "made up for the simulated journey",
  },
});
await writeFile(out, archive);
