import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { type ObjectBody, type ObjectHead, type Objects, ObjectsError } from "#lib/objects/objects.ts";
import { ImageKeySchema } from "#lib/schemas/trips/v1/photo.ts";
import type { Health } from "#lib/service/health.ts";
import { createHttpServer, HttpError, type HttpServer } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";
import { matches, rangeFor } from "./conditions.ts";
import type { ImagesMetrics } from "./metrics.ts";
import { type Format, FORMATS, formatFor } from "./negotiate.ts";
import { noSuchImage, type Pictures, storeUnavailable } from "./pictures.ts";
import { contentId, etagOf, MIME, VARIANTS } from "./variants.ts";
import type { Visibility } from "./visibility.ts";

/** What the server is made of. */
export interface ServerDeps {
  readonly pictures: Pictures;
  readonly visibility: Visibility;
  readonly objects: Pick<Objects, "get" | "head">;
  /** Whether stored bytes are given out as they are, with all that they tell. */
  readonly originals: boolean;
  readonly avif: boolean;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly imagesMetrics: ImagesMetrics;
}

/** What is shown by a share link may not be kept by caches that others share. */
const forEver = (share: string | undefined) =>
  `${share === undefined ? "public" : "private"}, max-age=31536000, immutable`;
/** How long pictures may take to be finished when the service stops; the service itself has 10 s. */
const FINISH_MS = 8_000;
/** Kept as they are: no loader reads them, so nothing is fetched only to be refused. */
const UNREADABLE = /\.(heic|gpr|dng)$/;
const TYPES: Record<string, string> = {
  jpg: "image/jpeg",
  tif: "image/tiff",
  gpr: "image/x-gopro-gpr",
  dng: "image/x-adobe-dng",
};

/** Builds the routes of images: /thumb/<key>, /display/<key> and /original/<key>, each for GET and HEAD. */
export function buildServer(deps: ServerDeps): HttpServer {
  const server = createHttpServer(deps);
  const offered = FORMATS.filter((format) => format !== "avif" || deps.avif);
  const schema = {
    params: Type.Object({ "*": ImageKeySchema }),
    querystring: Type.Object(
      { share: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
      { additionalProperties: false },
    ),
  };

  server.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  });
  server.addHook("onError", async (_request, reply, error) => {
    if (error instanceof HttpError && error.statusCode === 503) reply.header("retry-after", "2");
  });

  finishBeforeClosing(server);

  const mayBeSeen = async (request: FastifyRequest, key: string, share: string | undefined, left: AbortSignal) => {
    const forwarded = request.headers["x-forwarded-for"];
    const asker = { share, forwardedFor: forwarded === undefined ? undefined : String(forwarded) };
    if (!(await deps.visibility.shows(key, asker, left))) throw noSuchImage(key);
  };

  for (const variant of VARIANTS) {
    server.route({
      method: ["GET", "HEAD"],
      url: `/${variant}/*`,
      schema,
      handler: async (request, reply) => {
        const key = request.params["*"];
        const format: Format = formatFor(request.headers.accept, offered);
        const derivative = { key, variant, format };
        const etag = etagOf(derivative);
        reply.header("vary", "Accept");
        reply.raw.once("finish", () =>
          deps.imagesMetrics.answers.inc({ variant, format, status: String(reply.raw.statusCode) }),
        );
        const { share } = request.query;
        const left = gone(reply);
        await mayBeSeen(request, key, share, left);
        if (matches(request.headers["if-none-match"], etag)) return unchanged(reply, etag, share);
        if (UNREADABLE.test(key))
          throw new HttpError(415, "not_an_image", `${key} is of a kind that is not read here; ask for its preview.`);
        const bytes = await deps.pictures.get(derivative, left);
        deps.imagesMetrics.bytes.inc({ direction: "out" }, bytes.byteLength);
        reply.header("etag", etag).header("cache-control", forEver(share)).type(MIME[format]);
        return reply.header("content-length", bytes.byteLength).send(bytes);
      },
    });
  }

  server.route({
    method: ["GET", "HEAD"],
    url: "/original/*",
    schema,
    handler: async (request, reply) => {
      if (!deps.originals)
        throw new HttpError(
          403,
          "originals_off",
          "Stored pictures are not given out here: they tell where they were taken.",
        );
      const key = request.params["*"];
      const etag = `"${contentId(key)}"`;
      const { share } = request.query;
      await mayBeSeen(request, key, share, gone(reply));
      reply.header("accept-ranges", "bytes");
      if (matches(request.headers["if-none-match"], etag)) return unchanged(reply, etag, share);
      return original(deps, request, reply, { key, etag, share });
    },
  });
  return server;
}

/** Lets the requests that are being answered be finished, for a while, when the server is closed; new ones get 503. */
function finishBeforeClosing(server: HttpServer): void {
  let active = 0;
  let finished = () => {};
  server.addHook("onRequest", async (_request, reply) => {
    active++;
    reply.raw.once("close", () => {
      active--;
      if (active === 0) finished();
    });
  });
  server.addHook("preClose", async () => {
    if (active === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    finished = resolve;
    const timer = setTimeout(resolve, FINISH_MS);
    await promise;
    clearTimeout(timer);
  });
}

function unchanged(reply: FastifyReply, etag: string, share: string | undefined): FastifyReply {
  return reply.code(304).header("etag", etag).header("cache-control", forEver(share)).send();
}

async function original(
  { objects }: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { key, etag, share }: { key: string; etag: string; share: string | undefined },
): Promise<FastifyReply> {
  const describe = (found: ObjectHead | null) => {
    if (!found) throw noSuchImage(key);
    const extension = key.slice(key.lastIndexOf(".") + 1);
    reply.header("etag", etag).header("cache-control", forEver(share)).header("content-length", found.bytes);
    reply
      .type(TYPES[extension] ?? `image/${extension}`)
      .header("content-security-policy", "default-src 'none'; sandbox");
  };
  if (request.method === "HEAD") {
    describe(await objects.head(key).catch(refused));
    return reply.send();
  }
  const found: ObjectBody | null = await objects.get(key, rangeFor(request.headers, etag)).catch(refused);
  describe(found);
  if (found?.contentRange !== undefined) reply.code(206).header("content-range", found.contentRange);
  return reply.send(Readable.fromWeb(found?.body as ReadableStream));
}

function refused(cause: Error): never {
  if (cause instanceof ObjectsError && cause.status === 416)
    throw new HttpError(416, "range_not_satisfiable", "The stored picture has no such range of bytes.", { cause });
  throw storeUnavailable(cause);
}

/** Aborted when the client has gone before it was answered. */
function gone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) controller.abort(new HttpError(499, "client_gone", "The client has gone."));
  });
  return controller.signal;
}
