import type { Point } from "#lib/schemas/trips/v1/point.ts";

/** A photo for tests that need few of its fields. */
export function aPoint(fields: Partial<Point> & { readonly id: string }): Point {
  return {
    seq: 1,
    takenAt: "2026-05-01T12:00:00Z",
    lat: 57.5,
    lng: -4.2,
    elevation: 10,
    image: null,
    camera: "gopro",
    tags: [],
    exposure: { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null },
    ...fields,
  };
}
