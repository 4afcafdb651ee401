import type { GeoJSONSource, MapMouseEvent } from "maplibre-gl";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { createMap, repaint } from "#lib/web/map/create-map.ts";
import type { Theme } from "#lib/web/theme.ts";
import type { Leg, TripStats } from "../trip.ts";
import { tripStyle } from "./layers.ts";
import { createMark, pulse } from "./markers.ts";
import { boundsOf, photoData, routeData } from "./sources.ts";

/** Pixels of the map that lie under panels. */
export interface Padding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** What the map tells the page. */
export interface TripMapEvents {
  readonly onOpen: (id: string) => void;
  /** The reader moved the map. */
  readonly onMoved: () => void;
  /** The map came to rest, with so many photos in view. */
  readonly onView: (photos: number) => void;
}

/** The map of a trip. */
export interface TripMap {
  readonly show: (points: readonly Point[], legs: readonly Leg[], elevation: TripStats["elevation"]) => void;
  /** Marks a photo and brings it into view; null marks none. */
  readonly select: (point: Point | null) => void;
  readonly pulse: (point: Point) => void;
  /** Brings a photo into view where it is not; `center` always. */
  readonly reveal: (point: Point, center?: boolean) => void;
  readonly fit: (points: readonly Point[]) => void;
  readonly zoomBy: (step: 1 | -1) => void;
  readonly setPadding: (padding: Padding) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly remove: () => void;
}

/** How far beside a photo a press still means it: half of a 44 px target. */
const REACH = 22;
/** Close enough to tell photos apart. */
const NEAR_ZOOM = 8.5;
/** Too far to tell where in a country a photo was taken. */
const FAR_ZOOM = 4;
/** Pixels between what is shown and the edge of the free part of the map. */
const MARGIN = 40;

/** Draws the map into an element and resolves when its style is there. `basemapUrl` is absolute. */
export async function createTripMap(
  container: HTMLElement,
  theme: Theme,
  basemapUrl: string,
  events: TripMapEvents,
): Promise<TripMap> {
  const map = await createMap(container, tripStyle(theme, basemapUrl), "Map of the trip");
  await new Promise<void>((resolve) => map.once("style.load", () => resolve()));
  const first = createMark(map, "mark-first", "Open the first photo", events.onOpen);
  const last = createMark(map, "mark-last", "Open the newest photo", events.onOpen);
  const selected = createMark(map, "mark-selected", "Opened photo");
  let shown: readonly Point[] = [];
  let padding: Padding = { top: 0, right: 0, bottom: 0, left: 0 };

  const nearest = ({ point }: MapMouseEvent): string | undefined => {
    const box: [[number, number], [number, number]] = [
      [point.x - REACH, point.y - REACH],
      [point.x + REACH, point.y + REACH],
    ];
    const found = map.queryRenderedFeatures(box, { layers: ["photos"] }).flatMap(({ geometry, properties }) => {
      if (geometry.type !== "Point") return [];
      const at = map.project(geometry.coordinates as [number, number]);
      return [{ id: String(properties["id"]), far: Math.hypot(at.x - point.x, at.y - point.y) }];
    });
    return found.sort((a, b) => a.far - b.far)[0]?.id;
  };
  map.on("click", (event) => {
    const id = nearest(event);
    if (id !== undefined) events.onOpen(id);
  });
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = nearest(event) === undefined ? "" : "pointer";
  });
  for (const type of ["dragstart", "wheel"] as const) map.on(type, events.onMoved);
  map.on("idle", () => {
    const bounds = map.getBounds();
    events.onView(shown.filter(({ lng, lat }) => bounds.contains([lng, lat])).length);
  });

  const inView = ({ lng, lat }: Point) => {
    const { x, y } = map.project([lng, lat]);
    const { clientWidth, clientHeight } = map.getContainer();
    const inside = (at: number, low: number, high: number) => at >= low + MARGIN && at <= high - MARGIN;
    return (
      inside(x, padding.left, clientWidth - padding.right) && inside(y, padding.top, clientHeight - padding.bottom)
    );
  };
  const middle = (): [number, number] => [(padding.left - padding.right) / 2, (padding.top - padding.bottom) / 2];
  const reveal = (point: Point, center = false) => {
    if (!center && inView(point)) return;
    const zoom = center || map.getZoom() < FAR_ZOOM ? Math.max(map.getZoom(), NEAR_ZOOM) : map.getZoom();
    map.easeTo({ center: [point.lng, point.lat], zoom, offset: middle(), duration: 600 });
  };

  return {
    show: (points, legs, elevation) => {
      shown = points;
      map.getSource<GeoJSONSource>("route")?.setData(routeData(legs, elevation));
      map.getSource<GeoJSONSource>("photos")?.setData(photoData(points, legs));
      first.put(points.length > 1 ? points[0]! : null);
      last.put(points.at(-1) ?? null);
    },
    select: (point) => {
      selected.put(point);
      if (point) reveal(point);
    },
    pulse: (point) => pulse(map, point),
    reveal,
    fit: (points) => {
      const bounds = boundsOf(points);
      const { top, right, bottom, left } = padding;
      const around = { top: top + MARGIN, right: right + MARGIN, bottom: bottom + MARGIN, left: left + MARGIN };
      if (bounds) map.fitBounds(bounds, { padding: around, maxZoom: 10, duration: 700 });
    },
    zoomBy: (step) => {
      const { clientWidth, clientHeight } = map.getContainer();
      const [x, y] = middle();
      const around = map.unproject([clientWidth / 2 + x, clientHeight / 2 + y]);
      map.easeTo({ zoom: Math.round(map.getZoom() + step), around, duration: 250 });
    },
    setPadding: (next) => {
      padding = next;
    },
    setTheme: (next) => repaint(map, tripStyle(next, basemapUrl)),
    remove: () => map.remove(),
  };
}
