import type { Exposure, Image, Photo } from "#lib/schemas/trips/v1/photo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Settings, Share } from "#lib/schemas/trips/v1/sharing.ts";
import type { Trip } from "#lib/schemas/trips/v1/trip.ts";

/** An event of the stream TRIPS with its sequence. */
export type TripEvent =
  | { readonly kind: "photo"; readonly seq: number; readonly photo: Photo }
  | { readonly kind: "deletion"; readonly seq: number; readonly id: string }
  | { readonly kind: "trip"; readonly seq: number; readonly trip: Trip }
  | { readonly kind: "share"; readonly seq: number; readonly share: Share }
  | { readonly kind: "settings"; readonly seq: number; readonly settings: Settings };

/** Grows when the same events fold to another state or the state is written otherwise: older snapshots are then left alone. */
export const FOLD_VERSION = 2;

/**
 * The point of a photo event: what the schema names and nothing else, its fields in alphabetical order, so that
 * `JSON.stringify` of it is canonical: one text for one point, on every replica. Absent fields are left undefined.
 */
export function pointOf(photo: Photo, seq: number): Point {
  return {
    accuracyM: photo.accuracyM,
    camera: photo.camera,
    dop: photo.dop,
    elevation: photo.elevation,
    elevationSource: photo.elevationSource,
    exposure: exposureOf(photo.exposure),
    headingDeg: photo.headingDeg,
    id: photo.id,
    image: photo.image === null ? null : imageOf(photo.image),
    lat: photo.lat,
    lng: photo.lng,
    name: photo.name,
    seq,
    source: photo.source,
    speedMps: photo.speedMps,
    tags: photo.tags,
    takenAt: photo.takenAt,
    timeSource: photo.timeSource,
    trip: photo.trip,
  } as Point;
}

function exposureOf({ aperture, ev, focalLength35mm, iso, shutter }: Exposure): Exposure {
  return { aperture, ev, focalLength35mm, iso, shutter };
}

function imageOf({ bytes, height, key, preview, sha256, type, width }: Image): Image {
  const small = preview && {
    bytes: preview.bytes,
    height: preview.height,
    key: preview.key,
    width: preview.width,
  };
  return { bytes, height, key, preview: small, sha256, type, width } as Image;
}
