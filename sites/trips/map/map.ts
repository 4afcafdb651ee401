import type { GeoJSONSource, MapMouseEvent } from "maplibre-gl";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Stop } from "#lib/schemas/trips/v1/summary.ts";
import { createMap, repaint } from "#lib/web/map/create-map.ts";
import { EXAGGERATION } from "#lib/web/map/terrain.ts";
import type { Theme } from "#lib/web/theme.ts";
import type { View } from "../address.ts";
import type { Track } from "../track.ts";
import { createBubbles } from "./bubbles.ts";
import { type Camera, createCamera, type Ride } from "./camera.ts";
import { dayOpacity, type MapData, tileLayers, tripStyle } from "./layers.ts";
import { type At, createMark, pulse } from "./markers.ts";
import { dotData, photoData, routeData, stopData } from "./sources.ts";

/** What the map tells the page. */
export interface TripMapEvents {
  readonly onOpen: (id: string) => void;
  /** The pointer is at a point of the trip; null when it has left. */
  readonly onHover: (id: string | null) => void;
  /** The reader moved the map. */
  readonly onMoved: () => void;
  /** The map came to rest, with so many points in view. */
  readonly onView: (points: number, view: View) => void;
}

/** Tiles of a trip that is too large to hold, and the day that is held. */
export interface TripTiles {
  readonly url: string;
  readonly only: string | null;
  /** Another text when the days beside the held one have changed: the tiles are then asked for again, and the old ones stay until they are there. */
  readonly version: string;
}

/** The map of a trip. */
export interface TripMap extends Omit<Camera, "follow"> {
  readonly show: (track: Track) => void;
  readonly showStops: (stops: readonly Stop[]) => void;
  readonly showTiles: (tiles: TripTiles | null) => void;
  /** Puts one day before the others; null none. */
  readonly showDay: (day: number | null) => void;
  /** Shows only photos that were taken by an instant, in ms since 1970; null all. */
  readonly showUntil: (until: number | null) => void;
  /** Marks a photo and brings it into view; null marks none. */
  readonly select: (point: Point | null) => void;
  /** Marks the place that the reader points at elsewhere. */
  readonly point: (at: At | null) => void;
  readonly ride: (ride: Ride | null, follow: boolean) => void;
  readonly pulse: (at: At) => void;
  /** Raises the hills; without heights it tilts the map. */
  readonly setRelief: (raised: boolean) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly remove: () => void;
}

/** How far beside a photo a press still means it: half of a 44 px target. */
const REACH = 22;

/** Draws the map into an element and resolves when its style is there. The archives' URLs are absolute. */
export async function createTripMap(
  container: HTMLElement,
  theme: Theme,
  data: MapData,
  events: TripMapEvents,
): Promise<TripMap> {
  const map = await createMap(container, tripStyle(theme, data), "Map of the trip", { maxZoom: 17, tilt: true });
  await new Promise<void>((resolve) => map.once("style.load", () => resolve()));
  const camera = createCamera(map);
  const bubbles = createBubbles(map, events.onOpen);
  const marks = {
    first: createMark(map, "mark-first", "Open the first photo", events.onOpen),
    last: createMark(map, "mark-last", "Open the newest photo", events.onOpen),
    pointed: createMark(map, "mark-pointed", "Pointed at"),
    selected: createMark(map, "mark-selected", "Opened photo"),
    ride: createMark(map, "mark-ride", "Playback"),
  };
  let shown: Track | null = null;
  let tiles: TripTiles | null = null;
  let painted = theme;
  let until: number | null = null;
  const source = (id: string) => map.getSource<GeoJSONSource>(id);

  const nearest = ({ point }: MapMouseEvent): string | undefined => {
    const box: [[number, number], [number, number]] = [
      [point.x - REACH, point.y - REACH],
      [point.x + REACH, point.y + REACH],
    ];
    const layers = ["dots", "tiles-points"].filter((id) => map.getLayer(id));
    const found = map.queryRenderedFeatures(box, { layers }).flatMap(({ geometry, properties }) => {
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
    const id = map.isMoving() ? undefined : nearest(event);
    map.getCanvas().style.cursor = id === undefined ? "" : "pointer";
    events.onHover(id ?? null);
  });
  map.on("mouseout", () => events.onHover(null));
  for (const type of ["dragstart", "wheel", "rotatestart", "pitchstart"] as const)
    map.on(type, (event) => (event.originalEvent ? events.onMoved() : undefined));
  map.on("idle", () => {
    const bounds = map.getBounds();
    const inside = shown?.points.filter(({ lng, lat }) => bounds.contains([lng, lat])).length ?? 0;
    events.onView(inside, camera.view());
  });

  const removeTiles = () => {
    for (const { id } of tileLayers(painted, null)) if (map.getLayer(id)) map.removeLayer(id);
    if (map.getSource("tiles")) map.removeSource("tiles");
  };
  return {
    ...camera,
    show: (track) => {
      shown = track;
      source("route")?.setData(routeData(track));
      source("dots")?.setData(dotData(track));
      source("photos")?.setData(photoData(track, until ?? Infinity));
      bubbles.show(track.points);
      marks.first.put(track.points.length > 1 ? track.points[0]! : null);
      marks.last.put(track.points.at(-1) ?? null);
    },
    showStops: (stops) => void source("stops")?.setData(stopData(stops)),
    showTiles: (next) => {
      const same = next?.url === tiles?.url && next?.only === tiles?.only;
      const anew = same && next?.version !== tiles?.version;
      if (anew) map.refreshTiles("tiles");
      if (!same) removeTiles();
      tiles = next;
      if (same) return;
      if (next === null) return;
      map.addSource("tiles", { type: "vector", tiles: [next.url], minzoom: 0, maxzoom: 14 });
      for (const layer of tileLayers(painted, next.only)) map.addLayer(layer, "route-gaps");
    },
    showDay: (day) => {
      map.setPaintProperty("route", "line-opacity", dayOpacity("day", day, 1));
      map.setPaintProperty("route-casing", "line-opacity", dayOpacity("day", day, 0.9));
      if (map.getLayer("tiles-route"))
        map.setPaintProperty("tiles-route", "line-opacity", dayOpacity("dayIndex", day, 1));
    },
    showUntil: (next) => {
      if (next === until) return;
      until = next;
      if (shown) source("photos")?.setData(photoData(shown, until ?? Infinity));
    },
    select: (point) => {
      marks.selected.put(point);
      if (point) camera.reveal(point);
    },
    point: (at) => marks.pointed.put(at),
    ride: (ride, follow) => {
      marks.ride.put(ride);
      if (ride) marks.ride.turn(ride.heading);
      if (ride && follow) camera.follow(ride);
    },
    pulse: (at) => pulse(map, at),
    setRelief: (raised) => {
      if (data.terrain !== null) map.setTerrain(raised ? { source: "terrain", exaggeration: EXAGGERATION } : null);
      map.easeTo({ pitch: raised ? 58 : 0, ...(raised ? {} : { bearing: 0 }), duration: 600 });
    },
    setTheme: (next) => {
      painted = next;
      const style = tripStyle(next, data);
      repaint(map, { ...style, layers: [...style.layers, ...(tiles ? tileLayers(next, tiles.only) : [])] });
    },
    remove: () => {
      bubbles.remove();
      map.remove();
    },
  };
}
