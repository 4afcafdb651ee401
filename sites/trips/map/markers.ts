import { type Map as MapLibreMap, Marker } from "maplibre-gl";

/** A place on the map, in degrees. */
export interface At {
  readonly lat: number;
  readonly lng: number;
}

/** A mark on the map that is an element of the page: it is styled by the page, and may be pressed. */
export interface Mark {
  /** Moves it to a place; null takes it away. `id` is what a press opens. */
  readonly put: (at: (At & { readonly id?: string }) | null) => void;
  /** Turns it, in degrees clockwise from north. */
  readonly turn: (degrees: number) => void;
}

/** A mark that opens what it stands at, or, without `onOpen`, one that is only seen. */
export function createMark(map: MapLibreMap, className: string, label: string, onOpen?: (id: string) => void): Mark {
  const element = document.createElement(onOpen ? "button" : "div");
  element.className = `mark ${className}`;
  if (onOpen) element.setAttribute("aria-label", label);
  else element.setAttribute("aria-hidden", "true");
  const marker = new Marker({ element, rotationAlignment: "map", pitchAlignment: "viewport" });
  let id: string | undefined;
  let shown = false;
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    if (id !== undefined) onOpen?.(id);
  });
  return {
    put: (at) => {
      id = at?.id;
      if (id !== undefined) element.dataset["photo"] = id;
      if (at) marker.setLngLat([at.lng, at.lat]);
      if (at && !shown) marker.addTo(map);
      if (!at && shown) marker.remove();
      shown = at !== null;
    },
    turn: (degrees) => marker.setRotation(degrees),
  };
}

/** A ring that spreads once from a place, and goes. */
export function pulse(map: MapLibreMap, { lng, lat }: At): void {
  const element = document.createElement("div");
  element.className = "mark mark-pulse";
  element.setAttribute("aria-hidden", "true");
  const marker = new Marker({ element }).setLngLat([lng, lat]).addTo(map);
  setTimeout(() => marker.remove(), 2400);
}
