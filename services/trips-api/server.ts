import websocket from "@fastify/websocket";
import { Type } from "typebox";
import type { Objects } from "#lib/objects/objects.ts";
import { SeqSchema } from "#lib/schemas/trips/v1/seq.ts";
import { TOKEN_PATTERN } from "#lib/schemas/trips/v1/stream.ts";
import type { Health } from "#lib/service/health.ts";
import { createHttpServer, HttpError, type HttpServer } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Access } from "./access.ts";
import type { History } from "./history.ts";
import { registerImages } from "./images.ts";
import { addressOf, createSocketCount, type Limits, registerLimits } from "./limits.ts";
import type { Live } from "./live.ts";
import { registerOpenApi } from "./openapi.ts";
import { createPictures } from "./pictures.ts";
import type { Reader } from "./reader.ts";
import { registerReads } from "./reads.ts";
import { compressTexts } from "./sending.ts";
import { type Publish, registerWrites } from "./writes.ts";

/** What the server is made of. */
export interface ServerDeps {
  readonly reader: Reader;
  readonly live: Live;
  readonly access: Access;
  readonly objects: Pick<Objects, "get" | "head">;
  readonly limits: Limits;
  readonly publicUrl: string | null;
  /** Null while there is no connection to the stream. */
  readonly history: () => History | null;
  readonly publish: () => Publish | null;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
}

/** How long viewers have to answer the goodbye when the service stops. */
const GOODBYE_MS = 2_000;

/**
 * Builds the routes of trips-api. Until the history is replayed, everything that tells of points is
 * answered with 503: half a trip would be a false one.
 */
export async function buildServer(deps: ServerDeps): Promise<HttpServer> {
  const { reader, live, access, limits } = deps;
  const server = createHttpServer(deps);
  server.setSerializerCompiler(() => (value) => JSON.stringify(value));
  await registerLimits(server, limits);
  await registerOpenApi(server);
  compressTexts(server);
  await server.register(websocket, {
    options: { maxPayload: 1024, perMessageDeflate: false },
    preClose: (done: () => void) => {
      live.close();
      setTimeout(() => server.websocketServer.clients.forEach((socket) => socket.terminate()), GOODBYE_MS).unref();
      done();
    },
  });

  server.addHook("onRequest", async (request, reply) => {
    if (!/^\/api\/(?!docs\b|openapi\.json$)/.test(request.url)) return;
    reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
    if (deps.health.readiness().ready) return;
    reply.header("retry-after", "1");
    throw new HttpError(503, "replaying", "The history is still being read; try again in a second.");
  });

  registerImages(server, { ...deps, pictures: createPictures(reader.store) });
  registerReads(server, deps);
  registerWrites(server, { ...deps, store: reader.store });

  const sockets = createSocketCount(limits.sockets);
  const resume = Type.Object(
    {
      after: Type.Optional(SeqSchema),
      trip: Type.Optional(Type.String({ pattern: TOKEN_PATTERN })),
      share: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    },
    { additionalProperties: false },
  );
  server.route({
    method: "GET",
    url: "/api/live",
    schema: { querystring: resume, hide: true },
    preHandler: async (request) => {
      const { authorization } = request.headers;
      access.viewOf({ authorization, share: request.query.share });
    },
    handler: async () => {
      throw new HttpError(426, "socket_only", "This is a WebSocket; ask for an upgrade.");
    },
    wsHandler: (socket, request) => {
      const { after, trip, share } = request.query as { after?: number; trip?: string; share?: string };
      const { authorization } = request.headers;
      const address = addressOf(request, limits.proxies);
      try {
        sockets.take(address);
      } catch (error) {
        socket.close(1008, (error as Error).message);
        return;
      }
      const view = () => access.viewOf({ authorization, share });
      live.join(socket, { after, trip, view, onClose: () => sockets.release(address) });
    },
  });
  return server;
}
