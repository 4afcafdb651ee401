/**
 * The id of a tile in a PMTiles archive: tiles are numbered zoom by zoom along the Hilbert curve of each zoom, 0/0/0 being 0.
 * Exact up to zoom 26.
 */
export function tileId(z: number, x: number, y: number): number {
  const side = 2 ** z;
  if (!(Number.isInteger(z) && z >= 0 && z <= 26 && x >= 0 && y >= 0 && x < side && y < side)) {
    throw new RangeError(`there is no tile ${z}/${x}/${y}; expected a zoom from 0 to 26 and x, y below ${side}`);
  }
  let id = (4 ** z - 1) / 3;
  let [left, top] = [x, y];
  for (let half = side / 2; half >= 1; half /= 2) {
    const right = left & half ? 1 : 0;
    const below = top & half ? 1 : 0;
    id += half * half * ((3 * right) ^ below);
    if (below === 0) {
      if (right === 1) {
        left = half - 1 - left;
        top = half - 1 - top;
      }
      [left, top] = [top, left];
    }
  }
  return id;
}
