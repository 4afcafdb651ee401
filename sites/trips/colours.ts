import type { Theme } from "#lib/web/theme.ts";

/**
 * Twelve colours for days. Days that follow each other differ in lightness as well as in hue, so that they are told apart without
 * seeing red from green; each stands out from the map's land and sea (3:1, as WCAG asks of graphics). The test measures both.
 */
const DAYS: Readonly<Record<Theme, readonly string[]>> = {
  light: [
    "#c2410c",
    "#1d4e89",
    "#0d8a72",
    "#7a1f5c",
    "#b7791f",
    "#3f3d9e",
    "#d6336c",
    "#14532d",
    "#2b83c4",
    "#7c2d12",
    "#8a63d2",
    "#33475b",
  ],
  dark: [
    "#ff9466",
    "#5b8def",
    "#5fe6c8",
    "#d16ab0",
    "#f4c84a",
    "#8f8cf5",
    "#ffa3c4",
    "#5fae6b",
    "#8fd6ff",
    "#d98a5a",
    "#cdb4ff",
    "#7f97ab",
  ],
};

/** How many days have a colour of their own before they come round again. */
export const DAY_COLOURS = DAYS.light.length;

/** The colour of a trip's day, counted from 0. */
export function dayColour(day: number, theme: Theme): string {
  return DAYS[theme][day % DAY_COLOURS]!;
}

/** The colour of a day for a style sheet, right in both themes. */
export function dayColourCss(day: number): string {
  return `light-dark(${dayColour(day, "light")}, ${dayColour(day, "dark")})`;
}
