import type { LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import type { Exposure } from "#lib/schemas/trips/v1/photo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isCount = (value: unknown): value is number => isNumber(value) && value >= 0;
const orNull = (value: unknown): number | null => (isNumber(value) ? value : null);

function exposure(value: unknown): Exposure {
  const { iso, shutter, aperture, focalLength35mm, ev } = isFields(value) ? value : {};
  return {
    iso: orNull(iso),
    shutter: orNull(shutter),
    aperture: orNull(aperture),
    focalLength35mm: orNull(focalLength35mm),
    ev: orNull(ev),
  };
}

function image(value: unknown): Point["image"] {
  if (!isFields(value) || typeof value["key"] !== "string") return null;
  const { key, width, height, bytes } = value;
  return isNumber(width) && isNumber(height) && isNumber(bytes) ? { key, width, height, bytes } : null;
}

/** A point as trips-api sends it, or null for anything else. Fields that this page does not know are dropped. */
export function parsePoint(value: unknown): Point | null {
  if (!isFields(value)) return null;
  const { id, seq, takenAt, lat, lng, elevation, camera, tags } = value;
  if (typeof id !== "string" || !isCount(seq) || typeof takenAt !== "string" || Number.isNaN(Date.parse(takenAt)))
    return null;
  if (!isNumber(lat) || !isNumber(lng) || Math.abs(lat) > 90 || Math.abs(lng) > 180) return null;
  return {
    id,
    seq,
    takenAt,
    lat,
    lng,
    elevation: orNull(elevation),
    image: image(value["image"]),
    camera: typeof camera === "string" ? camera : "",
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [],
    exposure: exposure(value["exposure"]),
  };
}

/** The answer of `GET api/points`, or null when it is something else. Points that cannot be read are left out. */
export function parsePoints(value: unknown): { points: Point[]; seq: number } | null {
  if (!isFields(value) || !Array.isArray(value["points"]) || !isCount(value["seq"])) return null;
  return { points: value["points"].map(parsePoint).filter((point) => point !== null), seq: value["seq"] };
}

/** A frame of the live socket, or null for one that this page does not know. */
export function parseMessage(text: string): LiveMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isFields(value)) return null;
  const { type, seq, viewers, count, id } = value;
  if (type === "pong") return { type };
  if (type === "viewers" && isCount(count)) return { type, count };
  if (!isCount(seq)) return null;
  if (type === "hello" && isCount(viewers)) return { type, seq, viewers };
  if (type === "deletion" && typeof id === "string") return { type, seq, id };
  const point = type === "point" ? parsePoint(value["point"]) : null;
  return point && { type: "point", seq, point };
}
