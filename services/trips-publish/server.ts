import { Type } from "typebox";
import type { Health } from "#lib/service/health.ts";
import { createHttpServer, type HttpServer } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Journal } from "./store.ts";

/** Builds the server: health, metrics, and the journal's state with what waits or was kept aside, and why. */
export function buildServer(deps: { journal: Journal; logger: Logger; health: Health; metrics: Metrics }): HttpServer {
  const server = createHttpServer(deps);
  const querystring = Type.Object(
    { limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }) },
    { additionalProperties: false },
  );
  server.get("/api/journal", { schema: { querystring } }, ({ query }) => ({
    counts: deps.journal.counts(),
    reasons: deps.journal.reasons(),
    problems: deps.journal.problems(query.limit),
  }));
  return server;
}
