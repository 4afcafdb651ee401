import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { Type } from "typebox";
import type { Objects } from "#lib/objects/objects.ts";
import { ImageKeySchema } from "#lib/schemas/trips/v1/photo.ts";
import { HttpError, type HttpServer } from "#lib/service/http.ts";

/**
 * Adds `GET /api/images/<key>`: the picture out of the store. A key names its content, so the answer
 * may be kept for ever, its hash is the ETag, and a matching If-None-Match needs no look into the store.
 */
export function registerImages(server: HttpServer, objects: Pick<Objects, "get" | "head">): void {
  const params = Type.Object({ "*": ImageKeySchema });
  server.get("/api/images/*", { schema: { params } }, async (request, reply) => {
    const key = request.params["*"];
    const etag = `"${key.slice(10, 74)}"`;
    reply.header("etag", etag).header("cache-control", "public, max-age=31536000, immutable");
    if (matches(request.headers["if-none-match"], etag)) return reply.code(304).send();

    const headOnly = request.method === "HEAD";
    const found = await (headOnly ? objects.head(key) : objects.get(key)).catch((cause: Error) => {
      withoutCaching();
      throw new HttpError(502, "store_unavailable", "The store of pictures does not answer; try again later.", { cause });
    });
    if (!found) {
      withoutCaching();
      throw new HttpError(404, "no_such_image", `There is no picture ${key}.`);
    }
    reply.type("image/jpeg").header("content-length", found.bytes).header("x-content-type-options", "nosniff");
    return "body" in found ? reply.send(Readable.fromWeb(found.body as ReadableStream)) : reply.send();

    function withoutCaching() {
      reply.removeHeader("etag").header("cache-control", "no-store");
    }
  });
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((value) => value.trim() === "*" || value.trim().replace(/^W\//, "") === etag);
}
