import { Type } from "typebox";
import type { Health } from "#lib/service/health.ts";
import { createHttpServer, type HttpServer } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";
import { overviewOf } from "./overview.ts";
import type { Queue } from "./store.ts";

/** Builds the server: health, metrics, and the state of the queue with what was kept aside and why. */
export function buildServer(deps: { queue: Queue; logger: Logger; health: Health; metrics: Metrics }): HttpServer {
  const server = createHttpServer(deps);
  const querystring = Type.Object(
    { limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }) },
    { additionalProperties: false },
  );
  server.get("/api/queue", { schema: { querystring } }, ({ query }) => overviewOf(deps.queue, query.limit));
  return server;
}
