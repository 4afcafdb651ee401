import type { Image } from "#lib/schemas/trips/v1/photo.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { TripReply, TripsReply } from "#lib/schemas/trips/v1/summary.ts";
import type { Address } from "./address.ts";
import { parseDigest, parseStats, parseTrip, parseTrips } from "./answers.ts";
import { parsePoints } from "./points.ts";

/** What every request of a page shares: the point in history, the shared link. */
export type Scope = Pick<Address, "seq" | "share">;

type Query = Readonly<Record<string, string | number | null | undefined>>;

/** A failure that trying again does not cure: the server answered that it is not there. */
export class NotThere extends Error {}

function withQuery(path: string, query: Query): string {
  const said = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)]],
  );
  const text = new URLSearchParams(said).toString();
  return text === "" ? path : `${path}?${text}`;
}

async function getJson<T>(
  path: string,
  query: Query,
  parse: (value: unknown) => T | null,
  signal: AbortSignal,
): Promise<T> {
  const headers = { accept: "application/json" };
  const reply = await fetch(withQuery(path, query), { signal, headers }).catch((cause: unknown) => {
    throw new Error("The server does not answer.", { cause });
  });
  if (reply.status === 404) throw new NotThere("The server does not know it.");
  if (reply.status === 401 || reply.status === 403 || reply.status === 410)
    throw new NotThere("This link does not open it, or no longer does.");
  if (!reply.ok) throw new Error(`The server answered with status ${reply.status}.`);
  const parsed = parse(await reply.json().catch(() => null));
  if (parsed === null) throw new Error("The server's answer cannot be read: it may be older than this page.");
  return parsed;
}

/** All trips, the newest first. Fails with a sentence for the reader. */
export function loadTrips(scope: Scope, signal: AbortSignal): Promise<TripsReply> {
  return getJson("api/trips", scope, parseTrips, signal);
}

/** One trip with its days, stops and gaps. Fails with a sentence for the reader. */
export function loadTrip(id: string, scope: Scope, signal: AbortSignal): Promise<TripReply> {
  return getJson(`api/trips/${encodeURIComponent(id)}`, scope, parseTrip, signal);
}

/** The points of a trip, or of one day of it. Fails with a sentence for the reader. */
export function loadPoints(
  query: Scope & { readonly trip: string; readonly day?: string | undefined; readonly filter: "off" | null },
  signal: AbortSignal,
): Promise<{ points: Point[]; seq: number }> {
  return getJson("api/points", { ...query }, parsePoints, signal);
}

/** How the service is. Fails with a sentence for the reader. */
export function loadStats(
  signal: AbortSignal,
  scope: Scope,
): ReturnType<typeof getJson<ReturnType<typeof parseStats>>> {
  return getJson("api/stats", scope, parseStats, signal);
}

/** The fingerprint of the state at a sequence, computed by the service once more. Fails with a sentence for the reader. */
export function loadDigest(
  { seq, share }: Scope,
  signal: AbortSignal,
): ReturnType<typeof getJson<ReturnType<typeof parseDigest>>> {
  return getJson("api/digest", { seq, share }, parseDigest, signal);
}

/** Where the live socket is, for the changes after a sequence. The page may stand at any path. */
export function liveUrl(after: number, { share }: Scope): string {
  const url = new URL(withQuery("api/live", { after, share }), document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Where a trip is to be had as a file. */
export function exportUrl(trip: string, format: "gpx" | "geojson" | "kml", scope: Scope): string {
  return withQuery(`api/trips/${encodeURIComponent(trip)}/export.${format}`, scope);
}

/** Where the map's tiles of a trip are; MapLibre fills in the braces. Absolute. */
export function tilesUrl(trip: string, scope: Scope): string {
  const path = withQuery(`api/tiles/${encodeURIComponent(trip)}/{z}/{x}/{y}.mvt`, scope);
  return new URL(".", document.baseURI).href + path;
}

/** The sizes in which a picture is served. */
export type PictureSize = "thumb" | "display";

/** Where a picture is served, relative to the page: by the service of images, which scales it. */
export function pictureUrl(image: Image, size: PictureSize, { share }: Pick<Scope, "share">): string {
  return withQuery(`images/${size}/${(image.preview ?? image).key}`, { share });
}

/** Where the picture's stored bytes are served when the service of images is not there. */
export function storedUrl(image: Image, { share }: Pick<Scope, "share">): string {
  return withQuery(`api/images/${(image.preview ?? image).key}`, { share });
}

/** Where the file as the camera wrote it is served. */
export function fileUrl(image: Image, { share }: Pick<Scope, "share">): string {
  return withQuery(`api/images/${image.key}`, { share });
}
