import { createHash } from "node:crypto";
import { v5 as uuidV5 } from "uuid";
import { TRIPS_NAMESPACE } from "#lib/schemas/trips/v1/stream.ts";
import { type Kind, KINDS } from "./kind.ts";

/** What names a stored picture. All of it follows from the bytes, so that equal bytes are one picture. */
export interface Identity {
  /** SHA-256 of the bytes, in hex. */
  readonly sha256: string;
  /** UUIDv5 of the hash in the namespace of trips: the point's id and the message's id. */
  readonly id: string;
  /** Object key: `photos/<first two of the id>/<id>.<extension of the kind>`. */
  readonly key: string;
}

/** Names a picture by its bytes. */
export function identityOf(bytes: Uint8Array, kind: Kind): Identity {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const id = uuidV5(sha256, TRIPS_NAMESPACE);
  return { sha256, id, key: `photos/${id.slice(0, 2)}/${id}.${KINDS[kind].extension}` };
}

/** Names a point without a picture by its camera, instant and place. Places count to 5 decimals. */
export function trackPointId(point: { camera: string; takenAt: string; lat: number; lng: number }): string {
  const instant = new Date(point.takenAt).toISOString();
  const name = [point.camera, instant, point.lat.toFixed(5), point.lng.toFixed(5)].join(":");
  return uuidV5(name, TRIPS_NAMESPACE);
}
