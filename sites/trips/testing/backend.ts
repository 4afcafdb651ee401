import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Change, LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { replyOf, summaryOf } from "./figures.ts";
import { serveFile } from "./serve.ts";

/** The site, served below `/trips/` with an api that speaks trips-api's wire contract from memory, and can be made to fail. */
export interface Backend {
  readonly url: string;
  /** Adds a photo now; its sequence is the next one. */
  add(point: Omit<Point, "seq">, jpeg?: Uint8Array): void;
  remove(id: string): void;
  /** Makes the api answer 503 and drops live connections, until it is called with false. */
  fail(failing: boolean): void;
  /** Forgets everything, as a server whose stream was wiped. */
  wipe(): void;
  close(): Promise<void>;
}

/** What the backend may lack or say otherwise. */
export interface BackendOptions {
  /** Whether the service of images is there; pictures are served as they are stored. */
  readonly images?: boolean;
  /** Headers of every answer, as a front door adds them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Answers a request of the api before all else: JSON, or the bytes of a tile; undefined leaves it to the rest. */
  readonly answer?: (path: string, query: URLSearchParams) => unknown;
}

/** The trip that photos belong to which name none. */
export const TRIP = { id: "north-coast", title: "North Coast" };

function fold(changes: readonly Change[]): Point[] {
  const points = new Map<string, Point>();
  const deleted = new Set<string>();
  for (const change of changes) {
    if (change.type === "deletion") deleted.add(change.id);
    else points.set(change.point.id, change.point);
  }
  for (const id of deleted) points.delete(id);
  return [...points.values()].sort((a, b) => Date.parse(a.takenAt) - Date.parse(b.takenAt));
}

const digestOf = (points: readonly Point[]): string =>
  createHash("sha256").update(JSON.stringify(points)).digest("hex");

/** Starts it on a free port of the loopback. `dist` is the built site. */
export async function startBackend(dist: string, options: BackendOptions = {}): Promise<Backend> {
  const pictures = new Map<string, Uint8Array>();
  let changes: Change[] = [];
  let failing = false;
  const live = new WebSocketServer({ noServer: true });
  const seqNow = () => changes.at(-1)?.seq ?? 0;
  const say = (socket: WebSocket, message: LiveMessage) => socket.send(JSON.stringify(message));
  const sayAll = (message: LiveMessage) => live.clients.forEach((socket) => say(socket, message));
  const publish = (change: Change) => {
    changes.push(change);
    sayAll(change);
  };
  const watched = () => sayAll({ type: "viewers", count: live.clients.size });

  const answer = (path: string, query: URLSearchParams): unknown => {
    const seq = Number(query.get("seq") ?? seqNow());
    const points = fold(changes.filter((change) => change.seq <= seq));
    const tripId = path.split("/")[1] ?? query.get("trip") ?? TRIP.id;
    const byTrip = Map.groupBy(points, ({ trip }) => trip ?? TRIP.id);
    const own = byTrip.get(tripId);
    const title = (id: string) => (id === TRIP.id ? TRIP.title : id);
    const digest = { seq, sha256: digestOf(points) };
    if (path === "trips") {
      const trips = [...byTrip].map(([id, of]) => summaryOf(id, title(id), of));
      return { trips: trips.sort((a, b) => ((a.from ?? "") < (b.from ?? "") ? 1 : -1)), seq };
    }
    if (path.startsWith("trips/") && own) return replyOf(tripId, title(tripId), own, seq);
    if (path === "points") {
      const day = query.get("day");
      return { points: (own ?? []).filter(({ takenAt }) => day === null || takenAt.startsWith(day)), seq };
    }
    if (path === "stats") return { points: points.length, viewers: live.clients.size, seq, unreadable: 0, digest };
    if (path === "digest") return digest;
    return null;
  };
  const serve = (path: string, query: URLSearchParams, response: ServerResponse) => {
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (failing) return json(503, { error: { code: "unavailable", message: "The test made this fail." } });
    const key = /^(?:api\/images|images\/(?:thumb|display|original))\/(.+)$/.exec(path)?.[1];
    const known = key !== undefined && (options.images !== false || path.startsWith("api/"));
    const picture = known ? pictures.get(key) : undefined;
    if (picture) return response.writeHead(200, { "content-type": "image/jpeg" }).end(picture);
    const asked = path.startsWith("api/") ? path.slice("api/".length) : null;
    const body = asked === null ? null : (options.answer?.(asked, query) ?? answer(asked, query));
    if (body instanceof Uint8Array)
      return response.writeHead(200, { "content-type": "application/vnd.mapbox-vector-tile" }).end(body);
    if (body !== null) return json(200, body);
    return json(404, { error: { code: "not_found", message: `There is no ${path}.` } });
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (!pathname.startsWith("/trips/")) return void response.writeHead(404).end();
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
    const path = pathname.slice("/trips/".length);
    if (/^(api|images)\//.test(path)) serve(path, searchParams, response);
    else void serveFile(dist, path === "" ? "/" : `/${path}`, request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (failing || pathname !== "/trips/api/live") return void socket.destroy();
    live.handleUpgrade(request, socket, head, (client) => {
      const after = Number(searchParams.get("after") ?? 0);
      say(client, { type: "hello", seq: seqNow(), viewers: live.clients.size });
      say(client, { type: "digest", seq: seqNow(), sha256: digestOf(fold(changes)) });
      for (const change of changes) if (change.seq > after) say(client, change);
      client.on("message", () => say(client, { type: "pong" }));
      client.on("close", watched);
      watched();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/trips/`,
    add: (fields, jpeg) => {
      const seq = seqNow() + 1;
      const point = { ...fields, seq, trip: fields.trip ?? TRIP.id };
      if (point.image && jpeg) pictures.set(point.image.key, jpeg);
      publish({ type: "point", seq, point });
    },
    remove: (id) => publish({ type: "deletion", seq: seqNow() + 1, id }),
    fail: (now) => {
      failing = now;
      if (now) live.clients.forEach((client) => client.terminate());
    },
    wipe: () => {
      changes = [];
      live.clients.forEach((client) => client.terminate());
    },
    close: async () => {
      live.clients.forEach((client) => client.terminate());
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
