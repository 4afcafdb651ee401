import type { Theme } from "../theme.ts";

/** The colours of a map. */
export interface MapPalette {
  readonly sea: string;
  readonly shallows: string;
  readonly land: string;
  readonly coast: string;
  readonly border: string;
  readonly graticule: string;
  readonly country: string;
  readonly town: string;
  readonly halo: string;
}

/** The basemap's colours: quiet, so that what lies over it speaks. */
export const PALETTES: Readonly<Record<Theme, MapPalette>> = {
  light: {
    sea: "#cfdde5",
    shallows: "#e2ecf1",
    land: "#f7f5f0",
    coast: "#9db3bf",
    border: "#b9b0a2",
    graticule: "#7d97a5",
    country: "#6b7880",
    town: "#48545b",
    halo: "#f7f5f0",
  },
  dark: {
    sea: "#0b1418",
    shallows: "#12222a",
    land: "#1c272d",
    coast: "#3c525e",
    border: "#46555e",
    graticule: "#5f7784",
    country: "#8fa0a9",
    town: "#b9c6cd",
    halo: "#172126",
  },
};
