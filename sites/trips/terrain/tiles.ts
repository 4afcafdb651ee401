import type { Tile } from "#tools/basemap/pmtiles.ts";
import { halve, type Heights, makeHeights, TILE } from "./heights.ts";
import { writePng } from "./png.ts";

/** Zooms of the archive; maps show the last one enlarged beyond it. */
export const ZOOMS = { min: 4, max: 9 };
const SEA_LEVEL = 32_768;

/** One tile as Terrarium has it, to the metre; what lies beyond the heights is the sea. */
function tileOf({ left, top, width, height, meters }: Heights, x: number, y: number): Uint8Array {
  const rgb = new Uint8Array(TILE * TILE * 3);
  for (let row = 0; row < TILE; row++) {
    for (let column = 0; column < TILE; column++) {
      const [u, v] = [x * TILE + column - left, y * TILE + row - top];
      const known = u >= 0 && v >= 0 && u < width && v < height;
      const value = SEA_LEVEL + Math.round(known ? meters[v * width + u]! : 0);
      rgb.set([value >> 8, value & 255, 0], (row * TILE + column) * 3);
    }
  }
  return rgb;
}

/** All tiles of the region, each zoom from the heights of the one below it. */
export function* terrainTiles(): Generator<Tile> {
  let heights = makeHeights(ZOOMS.max);
  for (let z = ZOOMS.max; z >= ZOOMS.min; z--) {
    const { left, top, width, height } = heights;
    for (let x = Math.floor(left / TILE); x * TILE < left + width; x++) {
      for (let y = Math.floor(top / TILE); y * TILE < top + height; y++)
        yield { z, x, y, data: writePng(tileOf(heights, x, y), TILE) };
    }
    if (z > ZOOMS.min) heights = halve(heights);
  }
}
