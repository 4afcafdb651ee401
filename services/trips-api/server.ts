import websocket from "@fastify/websocket";
import { Type } from "typebox";
import type { Objects } from "#lib/objects/objects.ts";
import { type PointsReply, SeqSchema, type StatsReply } from "#lib/schemas/trips/v1/api.ts";
import { TOKEN_PATTERN } from "#lib/schemas/trips/v1/stream.ts";
import type { Health } from "#lib/service/health.ts";
import { createHttpServer, HttpError, type HttpServer } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";
import { registerImages } from "./images.ts";
import type { Live } from "./live.ts";
import type { TripStore } from "./store.ts";

/** What the server is made of. */
export interface ServerDeps {
  readonly store: TripStore;
  readonly live: Live;
  readonly objects: Pick<Objects, "get" | "head">;
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
  const { store, live } = deps;
  const server = createHttpServer(deps);
  await server.register(websocket, {
    options: { maxPayload: 1024, perMessageDeflate: false },
    preClose: (done: () => void) => {
      live.close();
      setTimeout(() => server.websocketServer.clients.forEach((socket) => socket.terminate()), GOODBYE_MS).unref();
      done();
    },
  });
  registerImages(server, deps.objects);

  server.addHook("onRequest", async (request, reply) => {
    if (!/^\/api\/(points|stats|live)\b/.test(request.url)) return;
    reply.header("cache-control", "no-store");
    if (deps.health.readiness().ready) return;
    reply.header("retry-after", "1");
    throw new HttpError(503, "replaying", "The history is still being read; try again in a second.");
  });

  const page = Type.Object(
    { after: Type.Optional(SeqSchema), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })) },
    { additionalProperties: false },
  );
  server.get("/api/points", { schema: { querystring: page } }, ({ query }): PointsReply =>
    store.points(query.after ?? 0, query.limit),
  );
  server.get(
    "/api/points/:id",
    { schema: { params: Type.Object({ id: Type.String({ pattern: TOKEN_PATTERN }) }) } },
    ({ params }) => {
      const point = store.point(params.id);
      if (!point) throw new HttpError(404, "no_such_point", `There is no point ${params.id}.`);
      return point;
    },
  );
  server.get("/api/stats", (): StatsReply => ({ ...store.stats(), viewers: live.viewers(), seq: store.seq }));

  const resume = Type.Object({ after: Type.Optional(SeqSchema) }, { additionalProperties: false });
  server.get("/api/live", { websocket: true, schema: { querystring: resume } }, (socket, request) => {
    live.join(socket, (request.query as { after?: number }).after);
  });
  return server;
}
