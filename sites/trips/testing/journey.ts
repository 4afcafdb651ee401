import { createHash } from "node:crypto";
import jpeg from "jpeg-js";
import { roundCoordinate } from "#lib/geo/geo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { sceneTime } from "#tools/gopro-simulator/photo.ts";
import { paintLandscape } from "#tools/gopro-simulator/landscape.ts";
import { createRoute } from "#tools/gopro-simulator/route.ts";
import { sunPosition } from "#tools/gopro-simulator/sun.ts";

/** A photo with its picture. */
export interface TakenPhoto {
  readonly point: Omit<Point, "seq">;
  readonly jpeg: Buffer;
}

const route = createRoute();

/** The photo that a car on the simulator's route takes after so many metres. */
export function photoAt(meters: number, takenAt: Date, width = 320): TakenPhoto {
  const position = route.at(meters);
  const height = (width / 4) * 3;
  const picture = paintLandscape(
    { position, distance: meters, sun: sunPosition(position, sceneTime(meters)) },
    width,
    height,
  );
  const data = Buffer.from(jpeg.encode(picture, 82).data);
  const digest = createHash("sha256").update(data).digest("hex");
  return {
    jpeg: data,
    point: {
      id: digest.slice(0, 16),
      takenAt: takenAt.toISOString(),
      lat: roundCoordinate(position.lat),
      lng: roundCoordinate(position.lng),
      elevation: position.elevation,
      image: { key: `photos/${digest.slice(0, 2)}/${digest}.jpg`, width, height, bytes: data.length },
      camera: "gopro",
      tags: [],
      exposure: { iso: 100, shutter: 1 / 480, aperture: 2.5, focalLength35mm: 16, ev: 11.6 },
    },
  };
}

/** Photos every 3 km along the way, three minutes apart; the last is taken at `end`. */
export function journey(count: number, end: Date, firstMeters = 0): TakenPhoto[] {
  return Array.from({ length: count }, (_, i) =>
    photoAt(firstMeters + i * 3000, new Date(end.getTime() - (count - 1 - i) * 180_000)),
  );
}
