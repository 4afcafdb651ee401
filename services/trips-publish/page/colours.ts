/** The colour of a day: hues that neighbours can be told apart by, in both themes. */
export function dayColour(index: number): string {
  const hue = (18 + index * 137.508) % 360;
  return `oklch(62% 0.17 ${hue.toFixed(0)})`;
}
