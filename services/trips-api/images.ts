import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { Type } from "typebox";
import type { Objects } from "#lib/objects/objects.ts";
import { ImageKeySchema } from "#lib/schemas/trips/v1/photo.ts";
import { HttpError, type HttpServer } from "#lib/service/http.ts";

/**
 * Adds GET and HEAD of `/api/images/<key>`: the picture out of the store. A key names its content, so the
 * answer may be kept for ever, its hash is the ETag, and a matching If-None-Match needs no look into the store.
 */
export function registerImages(server: HttpServer, objects: Pick<Objects, "get" | "head">): void {
  server.route({
    method: ["GET", "HEAD"],
    url: "/api/images/*",
    schema: { params: Type.Object({ "*": ImageKeySchema }) },
    handler: async (request, reply) => {
      const key = request.params["*"];
      const etag = `"${hashIn(key)}"`;
      const known = matches(request.headers["if-none-match"], etag);
      const found = known ? null : await find(objects, key, request.method === "HEAD");
      reply.header("etag", etag).header("cache-control", "public, max-age=31536000, immutable");
      if (!found) return reply.code(304).send();
      reply.type("image/jpeg").header("content-length", found.bytes).header("x-content-type-options", "nosniff");
      return "body" in found ? reply.send(Readable.fromWeb(found.body as ReadableStream)) : reply.send();
    },
  });
  server.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith("/api/images/")) reply.header("cache-control", "no-store");
  });
}

async function find(objects: Pick<Objects, "get" | "head">, key: string, headOnly: boolean) {
  const found = await (headOnly ? objects.head(key) : objects.get(key)).catch((cause: Error) => {
    throw new HttpError(502, "store_unavailable", "The store of pictures does not answer; try again later.", { cause });
  });
  if (!found) throw new HttpError(404, "no_such_image", `There is no picture ${key}.`);
  return found;
}

function hashIn(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1, -".jpg".length);
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((value) => value.trim() === "*" || value.trim().replace(/^W\//, "") === etag);
}
