import { type Map as MapLibreMap, Marker } from "maplibre-gl";
import type { Point } from "#lib/schemas/trips/v1/point.ts";

/** A mark on the map that is an element of the page: it can be reached by keyboard and styled by the page. */
export interface Mark {
  /** Moves it to a photo; null takes it away. */
  readonly put: (point: Point | null) => void;
}

/** A mark that opens the photo it stands at, or, without `onOpen`, one that is only seen. */
export function createMark(map: MapLibreMap, className: string, label: string, onOpen?: (id: string) => void): Mark {
  const element = document.createElement(onOpen ? "button" : "div");
  element.className = `mark ${className}`;
  if (onOpen) element.setAttribute("aria-label", label);
  else element.setAttribute("aria-hidden", "true");
  const marker = new Marker({ element });
  let at: Point | null = null;
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    if (at) onOpen?.(at.id);
  });
  return {
    put: (point) => {
      at = point;
      if (point) element.dataset["photo"] = point.id;
      if (point === null) marker.remove();
      else marker.setLngLat([point.lng, point.lat]).addTo(map);
    },
  };
}

/** A ring that spreads once from a photo, and goes. */
export function pulse(map: MapLibreMap, { lng, lat }: Point): void {
  const element = document.createElement("div");
  element.className = "mark mark-pulse";
  element.setAttribute("aria-hidden", "true");
  const marker = new Marker({ element }).setLngLat([lng, lat]).addTo(map);
  setTimeout(() => marker.remove(), 2400);
}
