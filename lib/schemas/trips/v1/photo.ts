import { type Static, Type } from "typebox";
import { TOKEN_PATTERN } from "./stream.ts";

/** An ISO 8601 instant in UTC, with or without a fraction: `2026-05-01T12:00:00Z`. */
export const InstantSchema = Type.String({
  pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z$",
});

/**
 * Object key of a picture in the bucket: `photos/<first two>/<UUIDv5 of its bytes>.<ext>`. The UUID's name is the
 * SHA-256 of the bytes in hex, its namespace `TRIPS_NAMESPACE`. Keys of older events, `photos/<first two>/<sha-256>.jpg`,
 * stay valid for ever.
 */
export const ImageKeySchema = Type.String({
  pattern:
    "^photos/[0-9a-f]{2}/([0-9a-f]{64}\\.jpg|[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\\.(jpg|heic|png|webp|avif|tif|gpr|dng))$",
});

const stored = {
  key: ImageKeySchema,
  width: Type.Integer({ minimum: 1 }),
  height: Type.Integer({ minimum: 1 }),
  bytes: Type.Integer({ minimum: 1 }),
};

/** A JPEG that stands in for a picture that browsers do not show; its key names its own bytes. */
export const PreviewSchema = Type.Object(stored);

/**
 * The picture of a point: where it lies in the bucket, its size in pixels and in bytes. Without `type` it is
 * image/jpeg; with another type `preview` holds a JPEG of it.
 */
export const ImageSchema = Type.Object({
  ...stored,
  type: Type.Optional(Type.String({ pattern: "^image/[a-z0-9.+-]{1,64}$", description: "MIME type" })),
  sha256: Type.Optional(Type.String({ pattern: "^[0-9a-f]{64}$", description: "of the bytes" })),
  preview: Type.Optional(PreviewSchema),
});

/** The picture of a point; see {@link ImageSchema}. */
export type Image = Static<typeof ImageSchema>;

/** What the camera says about the exposure; null where it says nothing. */
export const ExposureSchema = Type.Object({
  iso: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  shutter: Type.Union([Type.Number({ exclusiveMinimum: 0, description: "seconds" }), Type.Null()]),
  aperture: Type.Union([Type.Number({ exclusiveMinimum: 0, description: "f-number" }), Type.Null()]),
  focalLength35mm: Type.Union([Type.Number({ exclusiveMinimum: 0, description: "mm" }), Type.Null()]),
  ev: Type.Union([Type.Number({ description: "exposure value at ISO 100, one decimal" }), Type.Null()]),
});

/**
 * The event `trips.v1.photo.<camera>`: a camera stood at a place at an instant.
 *
 * `id` is the UUIDv5 of the picture's bytes as in {@link ImageKeySchema}; for a point without a picture that of
 * `<camera>:<takenAt, ISO with milliseconds>:<lat, 5 decimals>:<lng, 5 decimals>`. Ids of older events (32 hex digits)
 * stay valid. The optional fields came later: events without them are whole.
 */
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
  source: Type.Optional(Type.Union([Type.Literal("camera"), Type.Literal("import"), Type.Literal("track")])),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: "original file name" })),
  trip: Type.Optional(
    Type.String({ pattern: TOKEN_PATTERN, description: "the trip it belongs to, whatever its time" }),
  ),
  elevationSource: Type.Optional(Type.Union([Type.Literal("gps"), Type.Literal("dem"), Type.Literal("service")])),
  timeSource: Type.Optional(
    Type.Union([Type.Literal("offset"), Type.Literal("gps"), Type.Literal("assumed")], {
      description: "how its time became UTC: the camera's offset, GPS time, or a zone that was assumed by the place",
    }),
  ),
  accuracyM: Type.Optional(Type.Number({ minimum: 0, description: "horizontal, metres" })),
  speedMps: Type.Optional(Type.Number({ minimum: 0, description: "metres a second" })),
  headingDeg: Type.Optional(Type.Number({ minimum: 0, maximum: 360, description: "degrees clockwise from north" })),
  dop: Type.Optional(Type.Number({ minimum: 0, description: "dilution of precision" })),
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
