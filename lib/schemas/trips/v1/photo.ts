import { type Static, Type } from "typebox";
import { TOKEN_PATTERN } from "./stream.ts";

/** An ISO 8601 instant in UTC, with or without a fraction: `2026-05-01T12:00:00Z`. */
export const InstantSchema = Type.String({
  pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$",
});

/** Object key of a picture in the bucket: `photos/<first two>/<sha-256 of the bytes>.jpg`. */
export const ImageKeySchema = Type.String({ pattern: "^photos/[0-9a-f]{2}/[0-9a-f]{64}\\.jpg$" });

/** The picture of a point: where it lies in the bucket, its size in pixels and in bytes. */
export const ImageSchema = Type.Object({
  key: ImageKeySchema,
  width: Type.Integer({ minimum: 1 }),
  height: Type.Integer({ minimum: 1 }),
  bytes: Type.Integer({ minimum: 1 }),
});

/** What the camera says about the exposure; null where it says nothing. */
export const ExposureSchema = Type.Object({
  iso: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  shutter: Type.Union([Type.Number({ exclusiveMinimum: 0, description: "seconds" }), Type.Null()]),
  aperture: Type.Union([Type.Number({ exclusiveMinimum: 0, description: "f-number" }), Type.Null()]),
  focalLength35mm: Type.Union([Type.Number({ exclusiveMinimum: 0, description: "mm" }), Type.Null()]),
  ev: Type.Union([Type.Number({ description: "exposure value at ISO 100, one decimal" }), Type.Null()]),
});

/** The event `trips.v1.photo.<camera>`: a camera stood at a place at an instant. */
export const PhotoSchema = Type.Object({
  id: Type.String({ pattern: TOKEN_PATTERN }),
  takenAt: InstantSchema,
  lat: Type.Number({ minimum: -90, maximum: 90, description: "WGS84 degrees, 5 decimals" }),
  lng: Type.Number({ minimum: -180, maximum: 180, description: "WGS84 degrees, 5 decimals" }),
  elevation: Type.Union([Type.Number({ description: "metres above sea level" }), Type.Null()]),
  image: Type.Union([ImageSchema, Type.Null()]),
  camera: Type.String({ pattern: TOKEN_PATTERN }),
  tags: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 32 }),
  exposure: ExposureSchema,
});

/** A photo event; see {@link PhotoSchema}. */
export type Photo = Static<typeof PhotoSchema>;

/** The exposure of a photo; see {@link ExposureSchema}. */
export type Exposure = Static<typeof ExposureSchema>;

/** All photos of all cameras, as a subject filter. */
export const PHOTO_SUBJECT_PREFIX = "trips.v1.photo.";

/** The subject that a photo is published to. */
export function photoSubject(photo: Pick<Photo, "camera">): string {
  return `${PHOTO_SUBJECT_PREFIX}${photo.camera}`;
}
