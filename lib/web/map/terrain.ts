import type { HillshadeLayerSpecification, SkySpecification, SourceSpecification } from "maplibre-gl";
import type { Theme } from "../theme.ts";

/** How much higher than they are hills are drawn in three dimensions. */
export const EXAGGERATION = 1.6;

/** The map does not wait longer to learn whether there are heights. */
const LOOK_MS = 5_000;
const SHADE = {
  light: { shadow: "#5d6b58", light: "#ffffff", accent: "#8d9a80", strength: 0.42 },
  dark: { shadow: "#060b0e", light: "#4b6470", accent: "#0b1216", strength: 0.6 },
};
const SKY = {
  light: { top: "#9cc3dd", horizon: "#e9f0f3", fog: "#eef2f2" },
  dark: { top: "#060c10", horizon: "#1a2a33", fog: "#16222a" },
};

/**
 * Sources of heights from a PMTiles archive of Terrarium tiles: height in metres = red × 256 + green + blue / 256 − 32768.
 * The surface and its shading have one each, since MapLibre keeps them at different zooms.
 */
export function terrainSources(url: string): Record<"relief" | "terrain", SourceSpecification> {
  const heights = { type: "raster-dem", url: `pmtiles://${url}`, encoding: "terrarium", tileSize: 256 } as const;
  return { relief: heights, terrain: heights };
}

/** The shading of hills; it lies above the land and below all lines. */
export function hillshade(theme: Theme): HillshadeLayerSpecification {
  const { shadow, light, accent, strength } = SHADE[theme];
  return {
    id: "hillshade",
    type: "hillshade",
    source: "relief",
    paint: {
      "hillshade-shadow-color": shadow,
      "hillshade-highlight-color": light,
      "hillshade-accent-color": accent,
      "hillshade-exaggeration": strength,
      "hillshade-illumination-anchor": "map",
    },
  };
}

/** What is seen above the horizon of a tilted map. */
export function skyOf(theme: Theme): SkySpecification {
  const { top, horizon, fog } = SKY[theme];
  return {
    "sky-color": top,
    "horizon-color": horizon,
    "fog-color": fog,
    "sky-horizon-blend": 0.6,
    "horizon-fog-blend": 0.6,
    "fog-ground-blend": 0.85,
    "atmosphere-blend": 0,
  };
}

/** Whether there is a PMTiles archive at a URL. Sites may come without heights. */
export async function hasArchive(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(LOOK_MS);
  const reply = await fetch(url, { signal, headers: { range: "bytes=0-6" } }).catch(() => null);
  if (!reply?.ok) return false;
  const reader = reply.body?.getReader();
  const first = await reader?.read();
  void reader?.cancel();
  return new TextDecoder("latin1").decode(first?.value?.slice(0, 7)) === "PMTiles";
}
