import type { Feature, FeatureCollection, LineString, Point as PointGeometry } from "geojson";
import type { Stop } from "#lib/schemas/trips/v1/summary.ts";
import { formatSpan } from "#lib/web/time.ts";
import { DAY_COLOURS } from "../colours.ts";
import type { Track } from "../track.ts";
import { lanesOf } from "./overlap.ts";

/** A stretch of the route: of one day, in one lane, and whether nobody knows the way (`gap`). `colour` is its day's. */
export interface Stretch {
  readonly day: number;
  readonly colour: number;
  readonly lane: number;
  readonly gap: boolean;
}

/** The route as lines. */
export type RouteData = FeatureCollection<LineString, Stretch>;

/** All points as dots; `zoom` says from which zoom on each has room to be drawn. */
export type DotData = FeatureCollection<PointGeometry, { id: string; zoom: number; noise: boolean }>;

/** The photos, to be gathered in clusters; `i` is the place in the track. */
export type PhotoData = FeatureCollection<PointGeometry, { i: number }>;

/** Pixels between the dots of photos that follow each other. */
const SPACING = 18;
/** Metres a pixel at the equator at zoom 0, where the world is 512 pixels wide. */
const METERS_A_PIXEL = 40_075_016.7 / 512;
const CLOSEST_ZOOM = 14;

/** The shorter way round the globe may cross the date line: longitudes then run on beyond 180°. */
function near(lng: number, to: number): number {
  return lng - to > 180 ? lng - 360 : lng - to < -180 ? lng + 360 : lng;
}

const dot = <P>(at: { readonly lng: number; readonly lat: number }, properties: P): Feature<PointGeometry, P> => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates: [at.lng, at.lat] },
});

/** The route as lines for the map: one for each stretch whose legs are alike. */
export function routeData(track: Track): RouteData {
  const { points, gap, day } = track;
  const lanes = lanesOf(track);
  const features: Feature<LineString, Stretch>[] = [];
  for (let from = 1; from < points.length;) {
    let to = from;
    const alike = (i: number) => gap[i] === gap[from] && day[i] === day[from] && lanes[i] === lanes[from];
    while (to + 1 < points.length && alike(to + 1)) to++;
    const first = points[from - 1]!;
    const coordinates = [[first.lng, first.lat]];
    for (let i = from; i <= to; i++) coordinates.push([near(points[i]!.lng, coordinates.at(-1)![0]!), points[i]!.lat]);
    features.push({
      type: "Feature",
      properties: {
        day: day[from]!,
        colour: day[from]! % DAY_COLOURS,
        lane: lanes[from]!,
        gap: gap[from] === 1,
      },
      geometry: { type: "LineString", coordinates },
    });
    from = to + 1;
  }
  return { type: "FeatureCollection", features };
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

/** All points as dots, thinned along the way so that they never hide the route. */
export function dotData({ points, along }: Track): DotData {
  const lat = points[0]?.lat ?? 0;
  return {
    type: "FeatureCollection",
    features: points.map((point, i) => {
      const noise = (point.noise?.length ?? 0) > 0;
      const end = i === 0 || i === points.length - 1;
      const zoom = end || noise ? 0 : zoomOf(along[i - 1]!, along[i]!, lat);
      return dot(point, { id: point.id, zoom, noise });
    }),
  };
}

/** The photos that were taken by an instant (ms since 1970). */
export function photoData({ points, times }: Track, until = Infinity): PhotoData {
  const features = points.flatMap((point, i) => (point.image && times[i]! <= until ? [dot(point, { i })] : []));
  return { type: "FeatureCollection", features };
}

/** Where somebody stayed, with how long as a label. */
export function stopData(stops: readonly Stop[]): FeatureCollection<PointGeometry, { label: string; ms: number }> {
  const features = stops.map((stop) => dot(stop, { label: formatSpan(stop.ms), ms: stop.ms }));
  return { type: "FeatureCollection", features };
}
