import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyTypeProvider,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  LogController,
  type RawServerDefault,
} from "fastify";
import type { Static, TSchema } from "typebox";
import type { Health } from "./health.ts";
import type { Logger } from "./logs.ts";
import type { Metrics } from "./metrics.ts";

/** Lets Fastify infer the types of a route from its TypeBox schemas. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  serializer: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
}

/** An HTTP server whose routes are typed by TypeBox schemas. */
export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxProvider
>;

/** An expected failure of a request: answered with its status and `{ error: { code, message } }`. */
export class HttpError extends Error {
  readonly statusCode: number;
  readonly code: string;
  constructor(statusCode: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HttpError";
    this.statusCode = statusCode;
    this.code = code;
  }
}

/**
 * Makes the HTTP server that all services share: `GET /healthz` (the process answers),
 * `GET /readyz` (200, or 503 with what is waited for), `GET /metrics` (Prometheus text),
 * strict validation (unknown query parameters are refused), and one shape of error:
 * `{ error: { code, message } }`. No CORS headers are ever sent.
 */
export function createHttpServer(deps: { logger: Logger; health: Health; metrics: Metrics }): HttpServer {
  const server = Fastify({
    loggerInstance: deps.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    ajv: { customOptions: { removeAdditional: false } },
  }).withTypeProvider<TypeBoxProvider>();

  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      error: { code: "not_found", message: `${request.method} ${request.url.split("?")[0]} does not exist here.` },
    }),
  );
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error, method: request.method, url: request.url }, "request failed");
    if (reply.sent) return reply;
    const code = error.validation
      ? "bad_request"
      : status === 500
        ? "internal"
        : (error.code?.toLowerCase() ?? `http_${status}`);
    const message = status === 500 ? "The service failed; its log says why." : error.message;
    return reply.code(status).send({ error: { code, message } });
  });

  server.get("/healthz", () => ({ status: "live" }));
  server.get("/readyz", (_request, reply) => {
    const { ready, waiting } = deps.health.readiness();
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "waiting", waiting });
  });
  server.get("/metrics", async (_request, reply) => {
    reply.type(deps.metrics.contentType);
    return deps.metrics.metrics();
  });
  return server;
}

/**
 * Listens, and says what to do when the port is taken.
 * @returns the base URL, such as `http://127.0.0.1:8083`.
 */
export async function listen(server: HttpServer, address: { HOST: string; PORT: number }): Promise<string> {
  try {
    return await server.listen({ host: address.HOST, port: address.PORT });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new Error(
      `Port ${address.PORT} on ${address.HOST} is taken by another program; expected it to be free. ` +
        "Stop that program or set PORT to another number.",
      { cause },
    );
  }
}
