import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Change, LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
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

/** Starts it on a free port of the loopback. `dist` is the built site. */
export async function startBackend(dist: string): Promise<Backend> {
  const points = new Map<string, Point>();
  const pictures = new Map<string, Uint8Array>();
  const changes: Change[] = [];
  let failing = false;
  let seq = 0;
  const live = new WebSocketServer({ noServer: true });
  const say = (socket: WebSocket, message: LiveMessage) => socket.send(JSON.stringify(message));
  const sayAll = (message: LiveMessage) => live.clients.forEach((socket) => say(socket, message));
  const publish = (change: Change) => {
    changes.push(change);
    sayAll(change);
  };
  const watched = () => sayAll({ type: "viewers", count: live.clients.size });

  const api = (path: string, response: ServerResponse) => {
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (failing) return json(503, { error: { code: "unavailable", message: "The test made this fail." } });
    if (path === "points") {
      return json(200, {
        points: [...points.values()].sort((a, b) => Date.parse(a.takenAt) - Date.parse(b.takenAt)),
        seq,
      });
    }
    const picture = path.startsWith("images/") ? pictures.get(path.slice("images/".length)) : undefined;
    if (picture) return response.writeHead(200, { "content-type": "image/jpeg" }).end(picture);
    return json(404, { error: { code: "not_found", message: `There is no ${path}.` } });
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (!pathname.startsWith("/trips/")) return void response.writeHead(404).end();
    const path = pathname.slice("/trips/".length);
    if (path.startsWith("api/")) api(path.slice("api/".length), response);
    else void serveFile(dist, path === "" ? "/" : `/${path}`, request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (failing || pathname !== "/trips/api/live") return void socket.destroy();
    live.handleUpgrade(request, socket, head, (client) => {
      const after = Number(searchParams.get("after") ?? 0);
      say(client, { type: "hello", seq, viewers: live.clients.size });
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
      const point = { ...fields, seq: ++seq };
      points.set(point.id, point);
      if (point.image && jpeg) pictures.set(point.image.key, jpeg);
      publish({ type: "point", seq, point });
    },
    remove: (id) => {
      points.delete(id);
      publish({ type: "deletion", seq: ++seq, id });
    },
    fail: (now) => {
      failing = now;
      if (now) live.clients.forEach((client) => client.terminate());
    },
    wipe: () => {
      points.clear();
      changes.length = seq = 0;
      live.clients.forEach((client) => client.terminate());
    },
    close: async () => {
      live.clients.forEach((client) => client.terminate());
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
