import type { FeatureCollection, LineString, Point as PointGeometry } from "geojson";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { elevationShare } from "../ramp.ts";
import type { Leg, TripStats } from "../trip.ts";

/** The route: one line a leg, with its height in the trip's range (`share`), and whether nobody knows the way (`gap`). */
export type RouteData = FeatureCollection<LineString, { share: number; gap: boolean }>;

/** The photos by id; `zoom` says from which zoom on each has room to be drawn. */
export type PhotoData = FeatureCollection<PointGeometry, { id: string; zoom: number }>;

/** Pixels between the dots of photos that follow each other. */
const SPACING = 16;
/** Metres a pixel at the equator at zoom 0, where the world is 512 pixels wide. */
const METERS_A_PIXEL = 40_075_016.7 / 512;
const CLOSEST_ZOOM = 11;

/** The shorter way round the globe may cross the date line: longitudes then run on beyond 180°. */
function near(lng: number, to: number): number {
  return lng - to > 180 ? lng - 360 : lng - to < -180 ? lng + 360 : lng;
}

/** The legs as lines for the map. */
export function routeData(legs: readonly Leg[], elevation: TripStats["elevation"]): RouteData {
  return {
    type: "FeatureCollection",
    features: legs.map(({ from, to, gap }) => {
      const heights = [from.elevation, to.elevation].filter((height) => height !== null);
      const height =
        heights.length > 0 ? heights.reduce((sum, one) => sum + one, 0) / heights.length : (elevation?.min ?? 0);
      const coordinates = [
        [from.lng, from.lat],
        [near(to.lng, from.lng), to.lat],
      ];
      return {
        type: "Feature",
        properties: { share: elevationShare(height, elevation), gap },
        geometry: { type: "LineString", coordinates },
      };
    }),
  };
}

/** The first zoom at which a multiple of the dots' spacing lies between two places along the way; each zoom halves the spacing. */
function zoomOf(before: number, here: number, lat: number): number {
  const spacing = SPACING * METERS_A_PIXEL * Math.cos((lat * Math.PI) / 180);
  for (let zoom = 0; zoom < CLOSEST_ZOOM; zoom++) {
    const step = spacing / 2 ** zoom;
    if (Math.floor(here / step) > Math.floor(before / step)) return zoom;
  }
  return CLOSEST_ZOOM;
}

/** The photos as points for the map, thinned along the way so that the dots never hide the route. */
export function photoData(points: readonly Point[], legs: readonly Leg[]): PhotoData {
  let along = 0;
  const lat = points[0]?.lat ?? 0;
  return {
    type: "FeatureCollection",
    features: points.map((point, i) => {
      const before = along;
      along += legs[i - 1]?.meters ?? 0;
      const zoom = i === 0 || i === points.length - 1 ? 0 : zoomOf(before, along, lat);
      return {
        type: "Feature",
        properties: { id: point.id, zoom },
        geometry: { type: "Point", coordinates: [point.lng, point.lat] },
      };
    }),
  };
}

/** West, south, east and north of the photos; null when there are none. */
export function boundsOf(points: readonly Point[]): [number, number, number, number] | null {
  if (points.length === 0) return null;
  const [lngs, lats] = [points.map(({ lng }) => lng), points.map(({ lat }) => lat)];
  const pick = (values: number[], choose: (a: number, b: number) => number) => values.reduce((a, b) => choose(a, b));
  return [pick(lngs, Math.min), pick(lats, Math.min), pick(lngs, Math.max), pick(lats, Math.max)];
}
