import type { LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import type { Exposure, Image } from "#lib/schemas/trips/v1/photo.ts";
import type { Noise, Point } from "#lib/schemas/trips/v1/point.ts";

type Stored = Pick<Image, "key" | "width" | "height" | "bytes">;
const NOISE: readonly Noise[] = ["jump", "accuracy", "clock"];

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

function stored(value: unknown): Stored | null {
  if (!isFields(value) || typeof value["key"] !== "string") return null;
  const { key, width, height, bytes } = value;
  return isNumber(width) && isNumber(height) && isNumber(bytes) ? { key, width, height, bytes } : null;
}

function image(value: unknown): Point["image"] {
  const original = stored(value);
  if (original === null || !isFields(value)) return null;
  const preview = stored(value["preview"]);
  const { type } = value;
  return { ...original, ...(typeof type === "string" ? { type } : {}), ...(preview ? { preview } : {}) };
}

/** What newer servers say beside; each is absent where it is not said. */
function extras(value: Fields): Partial<Point> {
  const { trip, noise, name, speedMps, headingDeg } = value;
  const reasons = Array.isArray(noise) ? NOISE.filter((reason) => noise.includes(reason)) : [];
  return {
    ...(typeof trip === "string" ? { trip } : {}),
    ...(reasons.length > 0 ? { noise: reasons } : {}),
    ...(typeof name === "string" ? { name } : {}),
    ...(isCount(speedMps) ? { speedMps } : {}),
    ...(isCount(headingDeg) ? { headingDeg } : {}),
  };
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
    ...extras(value),
  };
}

/** What the page hears on the live socket. */
export type Heard = Exclude<LiveMessage, { type: "trip" }> | { readonly type: "trip"; readonly seq: number };

/** The answer of `GET api/points`, or null when it is something else. Points that cannot be read are left out. */
export function parsePoints(value: unknown): { points: Point[]; seq: number } | null {
  if (!isFields(value) || !Array.isArray(value["points"]) || !isCount(value["seq"])) return null;
  return { points: value["points"].map(parsePoint).filter((point) => point !== null), seq: value["seq"] };
}

/** A frame of the live socket, or null for one that this page does not know. A trip's own fields are not read: the page asks for the trips again. */
export function parseMessage(text: string): Heard | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isFields(value)) return null;
  const { type, seq, viewers, count, id, sha256 } = value;
  if (type === "pong") return { type };
  if (type === "viewers" && isCount(count)) return { type, count };
  if (!isCount(seq)) return null;
  if (type === "hello" && isCount(viewers)) return { type, seq, viewers };
  if (type === "deletion" && typeof id === "string") return { type, seq, id };
  if (type === "digest" && typeof sha256 === "string") return { type, seq, sha256 };
  if (type === "trip" || type === "reload") return { type, seq };
  const point = type === "point" ? parsePoint(value["point"]) : null;
  return point && { type: "point", seq, point };
}
