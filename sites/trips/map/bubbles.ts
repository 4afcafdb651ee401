import { type GeoJSONSource, type Map as MapLibreMap, Marker } from "maplibre-gl";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { loadPicture } from "../picture.ts";

/** The photos on the map: little pictures, of which one stands for all that have no room beside it. */
export interface Bubbles {
  /** What the indexes of the source mean, once the map has drawn it. */
  readonly show: (points: readonly Point[]) => void;
  readonly remove: () => void;
}

interface Bubble {
  readonly marker: Marker;
  readonly element: HTMLButtonElement;
  /** Its number in the source as it is drawn now; null for a single photo. */
  cluster: number | null;
}

/** Draws the clusters of the source `photos` as elements of the page, anew when the map has moved. Each goes by the photo that it shows, so that it stays when others change. */
export function createBubbles(map: MapLibreMap, onOpen: (id: string) => void): Bubbles {
  let points: readonly Point[] = [];
  let frame = 0;
  const bubbles = new Map<string, Bubble>();

  const press = async (id: string) => {
    const { cluster, marker } = bubbles.get(id) ?? {};
    if (cluster === undefined || cluster === null || !marker) return onOpen(id);
    const zoom = await map.getSource<GeoJSONSource>("photos")?.getClusterExpansionZoom(cluster);
    if (zoom === undefined) return;
    if (zoom > map.getMaxZoom() || zoom > 16) return onOpen(id);
    map.easeTo({ center: marker.getLngLat(), zoom: zoom + 0.2, duration: 500 });
  };

  const make = (point: Point): Bubble => {
    const element = document.createElement("button");
    element.className = "bubble";
    element.type = "button";
    element.tabIndex = -1;
    element.dataset["photo"] = point.id;
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      void press(point.id);
    });
    const image = new Image();
    image.alt = "";
    image.decoding = "async";
    if (point.image) loadPicture(image, point.image, "thumb");
    element.replaceChildren(image);
    return { marker: new Marker({ element, anchor: "bottom" }), element, cluster: null };
  };

  const say = ({ element }: Bubble, count: number) => {
    const label = count > 1 ? `${count.toLocaleString("en")} photos: come closer` : "Open this photo";
    if (element.ariaLabel !== label) element.ariaLabel = label;
    element.dataset["count"] = count > 1 ? (count < 1000 ? String(count) : `${Math.floor(count / 1000)}k`) : "";
  };

  const draw = () => {
    frame = 0;
    if (!map.getLayer("photos")) return;
    const seen = new Set<string>();
    for (const { geometry, properties } of map.queryRenderedFeatures({ layers: ["photos"] })) {
      if (geometry.type !== "Point") continue;
      const count = Number(properties["point_count"] ?? 1);
      const point = points[Number(properties["last"] ?? properties["i"])];
      if (!point?.image || seen.has(point.id)) continue;
      seen.add(point.id);
      const known = bubbles.get(point.id);
      const bubble = known ?? make(point);
      bubble.cluster = count > 1 ? Number(properties["cluster_id"]) : null;
      bubble.marker.setLngLat(geometry.coordinates as [number, number]);
      say(bubble, count);
      if (known) continue;
      bubbles.set(point.id, bubble);
      bubble.marker.addTo(map);
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
    },
    remove: () => cancelAnimationFrame(frame),
  };
}
