import WebSocket from "ws";
import type { Objects } from "#lib/objects/objects.ts";
import type { LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import type { Image, Photo } from "#lib/schemas/trips/v1/photo.ts";
import { createHealth, type Health } from "#lib/service/health.ts";
import { type HttpServer, listen } from "#lib/service/http.ts";
import { createLogger } from "#lib/service/logs.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { createAccess } from "../access.ts";
import { LIMITS } from "../limits.ts";
import { createLive, type Live, LIVE_LIMITS, type LiveLimits } from "../live.ts";
import { createReader } from "../reader.ts";
import { buildServer } from "../server.ts";
import { createTripStore, type TripStore } from "../store.ts";

/** The HTTP server over an empty store, without a stream: tests fold events in themselves. */
export interface Serving {
  readonly store: TripStore;
  readonly live: Live;
  readonly health: Health;
  readonly server: HttpServer;
  readonly url: string;
  /** How many viewers were closed because they were slow. */
  slow(): number;
  /** Folds a photo in as the next event. */
  fold(id: string, tags?: string[], image?: Image | null): void;
  /** Opens a socket and keeps what it is told. */
  watch(query?: string, options?: WebSocket.ClientOptions): Watching;
  /** Asks; status and JSON. */
  json(path: string): Promise<[number, unknown]>;
}

/** An open socket, what it was told, and the sequences of the changes among that. */
export interface Watching {
  readonly socket: WebSocket;
  readonly messages: LiveMessage[];
  readonly closed: Promise<number>;
  seqs(): number[];
}

/** A photo with nothing special. */
export const plainPhoto = (id: string, tags: string[] = [], image: Image | null = null): Photo => ({
  ...{ id, takenAt: "2026-05-01T10:00:00.000Z", lat: 57.5, lng: -4.2, elevation: null },
  ...{ image, camera: "gopro", tags },
  exposure: { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null },
});

/** Starts it on a free port; close `server` in the end. */
export async function serve(
  objects: Pick<Objects, "get" | "head">,
  limits: Partial<LiveLimits> = {},
): Promise<Serving> {
  const store = createTripStore();
  const reader = createReader(store);
  let slow = 0;
  const live = createLive(reader, { ...LIVE_LIMITS, ...limits }, () => slow++);
  const health = createHealth(["replay"]);
  health.ready("replay");
  const logger = createLogger({ name: "test", level: "silent" });
  const server = await buildServer({
    ...{ reader, live, objects, logger, health, metrics: createMetrics("test") },
    access: createAccess(store, { keys: [], reads: "public" }),
    ...{ limits: LIMITS, publicUrl: null, history: () => null, publish: () => null },
  });
  const url = await listen(server, { HOST: "127.0.0.1", PORT: 0 });
  return {
    ...{ store, live, health, server, url },
    slow: () => slow,
    fold(id, tags, image) {
      store.apply({ kind: "photo", seq: store.seq + 1, photo: plainPhoto(id, tags, image) });
      live.changed();
    },
    watch(query = "", options = {}) {
      const socket = new WebSocket(`${url.replace("http", "ws")}/api/live${query}`, options);
      const messages: LiveMessage[] = [];
      // nosemgrep: socket-without-error-listener -- a viewer of the test, which an error shall end
      socket.on("message", (data) => void messages.push(JSON.parse(String(data)) as LiveMessage));
      const closed = new Promise<number>((resolve) => socket.on("close", resolve));
      const seqs = () =>
        messages.flatMap((message) => (message.type === "point" || message.type === "deletion" ? [message.seq] : []));
      return { socket, messages, closed, seqs };
    },
    async json(path) {
      const response = await fetch(url + path);
      return [response.status, await response.json()];
    },
  };
}
