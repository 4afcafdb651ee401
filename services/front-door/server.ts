import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { basename, extname } from "node:path";

import proxy, { type FastifyHttpProxyOptions } from "@fastify/http-proxy";
import serveStatic from "@fastify/static";
import type { FastifyError, FastifyReply, FastifyRequest, LogLevel } from "fastify";

import type { Health } from "#lib/service/health.ts";
import { type HttpServer, createHttpServer } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";

import type { ServedSystem } from "#lib/schemas/front-door/systems.ts";
import { homePage, missingPage } from "./page.ts";

/** What the front door is made of. */
export interface FrontDoorDeps {
  readonly systems: readonly ServedSystem[];
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
}

const HASHED = /-[A-Z0-9]{8}\.[a-z0-9.]+$/;
const TYPES: Readonly<Record<string, string>> = { ".pmtiles": "application/vnd.pmtiles", ".map": "application/json" };

/** How long a browser may keep a file: names with a content hash for ever, pages not at all, the rest after asking again. */
export function cacheControl(path: string): string {
  if (extname(path) === ".html") return "no-store";
  return HASHED.test(basename(path)) ? "public, max-age=31536000, immutable" : "no-cache";
}

/**
 * The server in front of the sites: `/` lists the systems, `/<name>/` is a system's built site (with ranges),
 * `/<name>/api/*` is handed to its service as `/api/*`, WebSockets included, and `/<name>/images/*` to the one of its pictures as `/*`.
 */
export async function buildServer({ systems, ...deps }: FrontDoorDeps): Promise<HttpServer> {
  const server = createHttpServer(deps);
  server.addHook("onSend", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
  });
  server.get("/", (_request, reply) =>
    reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(homePage(systems)),
  );
  for (const system of systems) await addSystem(server, system);
  server.get("/*", missing);
  return server;
}

/** Of an upgrade to a WebSocket, too: the package's types do not name this option, its page does. */
const wsClientOptions: NonNullable<FastifyHttpProxyOptions["wsClientOptions"]> & {
  readonly rewriteRequestHeaders: (headers: IncomingHttpHeaders, request: FastifyRequest) => IncomingHttpHeaders;
} = {
  rewriteRequestHeaders: (headers: IncomingHttpHeaders, request: FastifyRequest) => ({
    ...headers,
    "x-forwarded-for": forwardedFor(request),
  }),
};

type HandedOn = Pick<FastifyHttpProxyOptions, "upstream" | "replyOptions"> & { readonly logLevel: LogLevel };

async function addSystem(server: HttpServer, { name, title, site, api, images }: ServedSystem): Promise<void> {
  const handedOn = (upstream: string): HandedOn => ({
    upstream,
    logLevel: server.log.level === "info" ? "warn" : (server.log.level as LogLevel),
    replyOptions: {
      rewriteRequestHeaders: (request, headers) => ({ ...headers, "x-forwarded-for": forwardedFor(request) }),
      onError: (reply, { error }) => {
        server.log.warn({ err: error, system: name }, "the service behind this path did not answer");
        reply
          .code(502)
          .header("cache-control", "no-store")
          .header("retry-after", "2")
          .send({
            error: {
              code: "bad_gateway",
              message: `The service of ${title} did not answer; it may be starting. Try again in 2 s.`,
            },
          });
      },
    },
  });
  await server.register(proxy, {
    ...handedOn(api),
    prefix: `/${name}/api`,
    rewritePrefix: "/api",
    websocket: true,
    wsUpstream: api.replace(/^http/, "ws"),
    wsClientOptions,
  });
  if (images !== undefined)
    await server.register(proxy, { ...handedOn(images), prefix: `/${name}/images`, rewritePrefix: "/" });
  if (site === null) return;
  server.get(`/${name}`, (_request, reply) => reply.redirect(`/${name}/`, 308));
  await server.register(
    async (scope) => {
      scope.setNotFoundHandler(missing);
      scope.setErrorHandler((error: FastifyError, _request, reply) => {
        const status = error.statusCode ?? 500;
        if (status >= 500) server.log.error({ err: error }, "a file could not be served");
        return reply
          .code(status)
          .send({ error: { code: status === 416 ? "range_not_satisfiable" : "not_served", message: error.message } });
      });
      await scope.register(serveStatic, { root: site, decorateReply: false, cacheControl: false, setHeaders });
    },
    { prefix: `/${name}/` },
  );
}

/** For whom a request is made: what the proxies before us say, and whom it came from. The service behind knows how many of us to believe. */
function forwardedFor(request: Pick<FastifyRequest, "headers"> & { readonly socket: Socket }): string {
  const before = request.headers["x-forwarded-for"];
  return [before, request.socket.remoteAddress].flat().filter(Boolean).join(", ");
}

function setHeaders(reply: FastifyReply, path: string): void {
  reply.header("cache-control", cacheControl(path));
  const type = TYPES[extname(path)];
  if (type !== undefined) reply.header("content-type", type);
}

function missing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split("?")[0] ?? "";
  reply.code(404).header("cache-control", "no-store");
  if (request.headers.accept?.includes("text/html"))
    return reply.type("text/html; charset=utf-8").send(missingPage(path));
  return reply.send({ error: { code: "not_found", message: `${request.method} ${path} does not exist here.` } });
}
