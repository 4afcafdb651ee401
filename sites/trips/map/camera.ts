import type { Map as MapLibreMap } from "maplibre-gl";
import type { View } from "../address.ts";
import type { At } from "./markers.ts";

/** Pixels of the map that lie under panels. */
export interface Padding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Where playback is: the place, the course in degrees, and whether the camera flies behind it. */
export interface Ride extends At {
  readonly heading: number;
  readonly chase: boolean;
  /** Seconds since the ride was drawn last: the camera eases by it. */
  readonly elapsed: number;
}

/** Moves the view so that what is meant lies in the free part of the map. */
export interface Camera {
  /** Brings a place into view where it is not; `center` always. */
  readonly reveal: (at: At, center?: boolean) => void;
  /** West, south, east, north; where east is less than west, the box lies across the date line. */
  readonly fit: (bounds: readonly [number, number, number, number], instant?: boolean) => void;
  readonly zoomBy: (step: 1 | -1) => void;
  readonly setPadding: (padding: Padding) => void;
  readonly follow: (ride: Ride) => void;
  readonly view: () => View;
  readonly look: (view: View) => void;
  readonly north: () => void;
}

/** Close enough to tell photos apart. */
const NEAR_ZOOM = 9.5;
/** Too far to tell where in a country a photo was taken. */
const FAR_ZOOM = 4;
/** Pixels between what is shown and the edge of the free part of the map. */
const MARGIN = 44;
/** The camera comes up to a ride by this part a second: e-fold in so many seconds. */
const EASE_S = 0.45;
const CHASE = { pitch: 62, zoom: 12.2 };

/** The shorter turn from one course to another, in degrees from -180 to 180. */
const turnTo = (from: number, to: number): number => ((to - from + 540) % 360) - 180;

/** The camera of a map. */
export function createCamera(map: MapLibreMap): Camera {
  let padding: Padding = { top: 0, right: 0, bottom: 0, left: 0 };
  const middle = (): [number, number] => [(padding.left - padding.right) / 2, (padding.top - padding.bottom) / 2];
  const inView = ({ lng, lat }: At) => {
    const { x, y } = map.project([lng, lat]);
    const { clientWidth, clientHeight } = map.getContainer();
    const inside = (at: number, low: number, high: number) => at >= low + MARGIN && at <= high - MARGIN;
    return (
      inside(x, padding.left, clientWidth - padding.right) && inside(y, padding.top, clientHeight - padding.bottom)
    );
  };
  /** The centre of the map for which a place lies in the middle of its free part. */
  const centerFor = ({ lng, lat }: At) => {
    const [x, y] = middle();
    const at = map.project([lng, lat]);
    return map.unproject([at.x - x, at.y - y]);
  };
  return {
    reveal: (at, center = false) => {
      if (!center && inView(at)) return;
      const zoom = center || map.getZoom() < FAR_ZOOM ? Math.max(map.getZoom(), NEAR_ZOOM) : map.getZoom();
      map.easeTo({ center: [at.lng, at.lat], zoom, offset: middle(), duration: 600 });
    },
    fit: ([west, south, east, north], instant = false) => {
      const { top, right, bottom, left } = padding;
      const around = { top: top + MARGIN, right: right + MARGIN, bottom: bottom + MARGIN, left: left + MARGIN };
      const { clientWidth, clientHeight } = map.getContainer();
      const room = clientWidth - around.left - around.right > 60 && clientHeight - around.top - around.bottom > 60;
      const bounds: [number, number, number, number] = [west, south, east < west ? east + 360 : east, north];
      map.fitBounds(bounds, {
        padding: room ? around : 12,
        maxZoom: 12,
        duration: instant ? 0 : 700,
        bearing: map.getBearing(),
      });
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
    follow: ({ chase, heading, elapsed, ...at }) => {
      const part = 1 - Math.exp(-elapsed / EASE_S);
      const target = centerFor(at);
      const now = map.getCenter();
      const center: [number, number] = [
        now.lng + (target.lng - now.lng) * part,
        now.lat + (target.lat - now.lat) * part,
      ];
      if (!chase) return void map.jumpTo({ center });
      map.jumpTo({
        center,
        bearing: map.getBearing() + turnTo(map.getBearing(), heading) * part * 0.5,
        pitch: map.getPitch() + (CHASE.pitch - map.getPitch()) * part,
        zoom: map.getZoom() + (Math.max(map.getZoom(), CHASE.zoom) - map.getZoom()) * part,
      });
    },
    view: () => {
      const { lat, lng } = map.getCenter();
      return {
        lat,
        lng,
        zoom: map.getZoom(),
        pitch: Math.round(map.getPitch()),
        bearing: Math.round(map.getBearing()),
      };
    },
    look: ({ lat, lng, zoom, pitch, bearing }) => void map.jumpTo({ center: [lng, lat], zoom, pitch, bearing }),
    north: () => void map.easeTo({ bearing: 0, pitch: 0, duration: 400 }),
  };
}
