/** Colours from the lowest to the highest place of a trip: its share of the range, and the colour there. Route and profile use the same. */
export const ELEVATION_RAMP: readonly (readonly [number, string])[] = [
  [0, "#1f9d8b"],
  [0.5, "#e0a526"],
  [1, "#d1435b"],
];

/** Where an elevation lies in a range, from 0 to 1. Ranges below 20 m count as flat: 0. */
export function elevationShare(
  elevation: number,
  range: { readonly min: number; readonly max: number } | null,
): number {
  if (range === null || range.max - range.min < 20) return 0;
  return Math.round(Math.max(0, Math.min(1, (elevation - range.min) / (range.max - range.min))) * 100) / 100;
}
