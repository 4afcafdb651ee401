import type { LatLng } from "#lib/geo/geo.ts";
import { createNoise } from "./noise.ts";

const ERROR_M = 4;
/** For about so long a receiver errs to the same side. */
const DRIFT_S = 40;
const METRES_A_DEGREE = 111_195;

/** What a satellite receiver says of a place: up to 4 m beside it, more to the north or east for a while, then to elsewhere. */
export function received<Place extends LatLng>(place: Place, at: Date): Place {
  const drift = createNoise(31);
  const metres = (apart: number) =>
    (drift.line(((at.getTime() / 1_000 / DRIFT_S) % 1e6) + apart) - 0.5) * 2 * ERROR_M * Math.SQRT1_2;
  return {
    ...place,
    lat: place.lat + metres(0) / METRES_A_DEGREE,
    lng: place.lng + metres(2e6) / (METRES_A_DEGREE * Math.cos((place.lat * Math.PI) / 180)),
  };
}
