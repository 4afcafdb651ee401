/// <reference path="./workers.d.ts" />
import { addProtocol, Map as MapLibreMap, setWorkerUrl, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { Protocol } from "pmtiles";

/** The coast has no more detail beyond it. */
export const MAX_MAP_ZOOM = 11;

let prepared = false;

function prepare(): void {
  if (prepared) return;
  setWorkerUrl(new URL(workerUrl, import.meta.url).href);
  addProtocol("pmtiles", new Protocol().tile);
  prepared = true;
}

/** What a map allows beyond moving it. */
export interface MapOptions {
  /** How close one may come; the basemap has no more detail beyond {@link MAX_MAP_ZOOM}. */
  readonly maxZoom?: number;
  /** Whether it may be turned and tilted. */
  readonly tilt?: boolean;
}

/** A map that fills its container: north up, moved by mouse, finger and keys. `label` names it for those who do not see it. */
export async function createMap(
  container: HTMLElement,
  style: StyleSpecification,
  label: string,
  { maxZoom = MAX_MAP_ZOOM, tilt = false }: MapOptions = {},
): Promise<MapLibreMap> {
  prepare();
  await document.fonts.load('400 16px "Inter Variable"').catch(() => []);
  const map = new MapLibreMap({
    container,
    style,
    center: [0, 25],
    zoom: 1.4,
    minZoom: 1,
    maxZoom,
    maxPitch: tilt ? 75 : 0,
    attributionControl: false,
    dragRotate: tilt,
    pitchWithRotate: tilt,
    touchPitch: tilt,
    renderWorldCopies: true,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
    locale: { "Map.Title": label },
  });
  if (!tilt) {
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
  }
  return map;
}

/** Gives a map the colours of another style with the same layers, without loading anything again. */
export function repaint(map: MapLibreMap, style: Pick<StyleSpecification, "layers" | "sky">): void {
  if (style.sky) map.setSky(style.sky);
  for (const layer of style.layers) {
    for (const [property, value] of Object.entries(layer.paint ?? {})) {
      if (map.getLayer(layer.id))
        map.setPaintProperty(layer.id, property as Parameters<MapLibreMap["setPaintProperty"]>[1], value);
    }
  }
}
