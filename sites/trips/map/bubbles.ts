import { type GeoJSONSource, type Map as MapLibreMap, Marker } from "maplibre-gl";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { loadPicture } from "../picture.ts";

/** The photos on the map: little pictures, of which one stands for all that have no room beside it. */
export interface Bubbles {
  /** What the indexes of the source mean now. */
  readonly show: (points: readonly Point[]) => void;
  readonly remove: () => void;
}

interface Bubble {
  readonly marker: Marker;
  readonly element: HTMLButtonElement;
  point: string;
}

/** Draws the clusters of the source `photos` as elements of the page, anew when the map has moved. */
export function createBubbles(map: MapLibreMap, onOpen: (id: string) => void): Bubbles {
  let points: readonly Point[] = [];
  let frame = 0;
  const bubbles = new Map<string, Bubble>();

  const press = async (key: string, element: HTMLElement) => {
    const [kind, number] = key.split(":");
    const id = element.dataset["photo"];
    if (kind === "photo") return id === undefined ? undefined : onOpen(id);
    const zoom = await map.getSource<GeoJSONSource>("photos")?.getClusterExpansionZoom(Number(number));
    const at = bubbles.get(key)?.marker.getLngLat();
    if (zoom === undefined || !at) return;
    if (zoom > map.getMaxZoom() || zoom > 16) return id === undefined ? undefined : onOpen(id);
    map.easeTo({ center: at, zoom: zoom + 0.2, duration: 500 });
  };

  const make = (key: string): Bubble => {
    const element = document.createElement("button");
    element.className = "bubble";
    element.type = "button";
    element.tabIndex = -1;
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      void press(key, element);
    });
    return { marker: new Marker({ element, anchor: "bottom" }), element, point: "" };
  };

  const fill = (bubble: Bubble, point: Point, count: number) => {
    const { element } = bubble;
    const label = count > 1 ? `${count.toLocaleString("en")} photos: come closer` : "Open this photo";
    if (element.ariaLabel !== label) element.ariaLabel = label;
    element.dataset["count"] = count > 1 ? (count < 1000 ? String(count) : `${Math.floor(count / 1000)}k`) : "";
    if (bubble.point === point.id) return;
    bubble.point = element.dataset["photo"] = point.id;
    const image = new Image();
    image.alt = "";
    image.decoding = "async";
    if (point.image) loadPicture(image, point.image, "thumb");
    element.replaceChildren(image);
  };

  const draw = () => {
    frame = 0;
    if (!map.getLayer("photos")) return;
    const seen = new Set<string>();
    for (const { geometry, properties } of map.queryRenderedFeatures({ layers: ["photos"] })) {
      if (geometry.type !== "Point") continue;
      const count = Number(properties["point_count"] ?? 1);
      const point = points[Number(properties["last"] ?? properties["i"])];
      if (!point?.image) continue;
      const key = count > 1 ? `cluster:${properties["cluster_id"]}` : `photo:${point.id}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const bubble = bubbles.get(key) ?? make(key);
      bubble.marker.setLngLat(geometry.coordinates as [number, number]);
      fill(bubble, point, count);
      if (!bubbles.has(key)) bubbles.set(key, { ...bubble, marker: bubble.marker.addTo(map) });
    }
    for (const [key, { marker }] of bubbles) {
      if (seen.has(key)) continue;
      marker.remove();
      bubbles.delete(key);
    }
  };
  const later = () => {
    frame ||= requestAnimationFrame(draw);
  };
  map.on("idle", later);
  map.on("moveend", later);
  map.on("zoom", later);

  return {
    show: (next) => {
      points = next;
      later();
    },
    remove: () => cancelAnimationFrame(frame),
  };
}
