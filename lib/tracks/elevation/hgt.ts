import type { LatLng } from "#lib/geo/geo.ts";

/** A tile of one degree by one: big-endian heights in metres above EGM96, rows from north to south. */
export interface HgtTile {
  /** Places along an edge: 3601 (1") or 1201 (3"); the edges are shared with the neighbours. */
  readonly size: number;
  readonly heights: DataView;
}

/** What a tile says where the radar saw nothing. */
export const HGT_VOID = -32_768;

const BYTES = [3_601, 1_201].map((size) => ({ size, bytes: 2 * size * size }));

/** The largest size of a tile in bytes. */
export const MAX_HGT_BYTES = 2 * 3_601 * 3_601;

/** Bytes as a tile; undefined when their number is that of no tile. */
export function hgtTile(bytes: Uint8Array): HgtTile | undefined {
  const form = BYTES.find(({ bytes: count }) => count === bytes.length);
  return form && { size: form.size, heights: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** South-western corner of the tile that has a place; 90° N and 180° E belong to the tiles south and (around the world) east of them. */
export function tileCorner({ lat, lng }: LatLng): LatLng {
  return { lat: Math.min(89, Math.floor(lat)), lng: lng >= 180 ? -180 : Math.floor(lng) };
}

/** The name of a tile without its ending, from its south-western corner: `N57W005`. */
export function tileName({ lat, lng }: LatLng): string {
  const part = (value: number, digits: number, positive: string, negative: string) =>
    (value < 0 ? negative : positive) + String(Math.abs(value)).padStart(digits, "0");
  return part(lat, 2, "N", "S") + part(lng, 3, "E", "W");
}

/**
 * The height of a place in metres above EGM96, bilinear between the four places of the tile around it. Where some of them are
 * void, the others count by their weights; null where all that have a weight are void.
 */
export function heightIn(tile: HgtTile, { lat, lng }: LatLng): number | null {
  const corner = tileCorner({ lat, lng });
  const steps = tile.size - 1;
  const row = (corner.lat + 1 - lat) * steps;
  const column = ((lng >= 180 ? lng - 360 : lng) - corner.lng) * steps;
  const [north, west] = [Math.min(steps - 1, Math.floor(row)), Math.min(steps - 1, Math.floor(column))];
  const [down, right] = [row - north, column - west];
  let [sum, weights] = [0, 0];
  for (const [dy, dx, weight] of [
    [0, 0, (1 - down) * (1 - right)],
    [0, 1, (1 - down) * right],
    [1, 0, down * (1 - right)],
    [1, 1, down * right],
  ] as const) {
    const height = tile.heights.getInt16(2 * ((north + dy) * tile.size + west + dx));
    if (height === HGT_VOID) continue;
    sum += weight * height;
    weights += weight;
  }
  return weights > 1e-9 ? sum / weights : null;
}
