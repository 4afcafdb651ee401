import { createHash } from "node:crypto";
import jpeg from "jpeg-js";
import { roundCoordinate } from "#lib/geo/geo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { paintLandscape } from "#tools/gopro-simulator/landscape.ts";
import { createRoute } from "#tools/gopro-simulator/route.ts";
import { sunPosition } from "#tools/gopro-simulator/sun.ts";

/** A photo with its picture. */
export interface TakenPhoto {
  readonly point: Omit<Point, "seq">;
  readonly jpeg: Buffer;
}

const route = createRoute();

/** A day in June of 18 hours at 60 km/h, from five in the morning: the light follows the way, so that a few photos show all of it. */
const sceneTime = (meters: number) => new Date(Date.UTC(2026, 5, 10) + (4 + ((meters / 60_000) % 18)) * 3_600_000);

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

/**
 * A tour of several days that ends at an instant: each day so many photos, four minutes and 3 km apart, with half an hour's rest and
 * one stretch without photos; every third day goes back over the road of the day before.
 */
export function tour(days: number, photos: number, end: Date): TakenPhoto[] {
  const day = 24 * 3_600_000;
  return Array.from({ length: days }, (_, d) => {
    const back = d % 3 === 2;
    const from = (back ? d : d - Math.floor(d / 3)) * photos * 3000 - (back ? Math.floor(d / 3) * photos * 3000 : 0);
    return Array.from({ length: photos }, (_, i) => {
      const pause = i > photos / 2 ? 35 * 60_000 : 0;
      const ago = (days - 1 - d) * day + (photos - 1 - i) * 240_000 + (i > photos / 2 ? 0 : 35 * 60_000 - pause);
      return photoAt(from + (back ? 700 - i * 3000 : i * 3000), new Date(end.getTime() - ago));
    });
  }).flat();
}
