import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { Type } from "typebox";
import type { Objects } from "#lib/objects/objects.ts";
import { ImageKeySchema } from "#lib/schemas/trips/v1/photo.ts";
import { HttpError, type HttpServer } from "#lib/service/http.ts";
import type { Access } from "./access.ts";
import type { Pictures } from "./pictures.ts";
import type { Reader } from "./reader.ts";

/** What the route of pictures is made of. */
export interface ImageDeps {
  readonly objects: Pick<Objects, "get" | "head">;
  readonly access: Access;
  readonly reader: Reader;
  readonly pictures: Pictures;
}

/**
 * Adds GET and HEAD of `/api/images/<key>`: the stored bytes. A key names its content, so the answer may be kept for
 * ever, its hash is the ETag, and a matching If-None-Match needs no look into the store. Pictures of points that are
 * deleted, or that whoever asks may not see, are not there.
 */
export function registerImages(server: HttpServer, deps: ImageDeps): void {
  const share = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
  server.route({
    method: ["GET", "HEAD"],
    url: "/api/images/*",
    schema: {
      ...{ summary: "The stored bytes of a picture", tags: ["read"] },
      params: Type.Object({ "*": ImageKeySchema }),
      querystring: Type.Object({ share }, { additionalProperties: false }),
    },
    handler: async (request, reply) => {
      const key = request.params["*"];
      const { authorization } = request.headers;
      const view = deps.access.viewOf({ authorization, share: request.query.share });
      const picture = deps.pictures.find(key);
      if (!picture || deps.reader.sees(view, picture.row) !== "now") throw absent(key);
      const etag = `"${hashIn(key)}"`;
      const known = matches(request.headers["if-none-match"], etag);
      const found = known ? null : await find(deps.objects, key, request.method === "HEAD");
      const anyone = view.key.startsWith("public");
      const visibility = anyone ? "public" : "private";
      reply.header("etag", etag).header("cache-control", `${visibility}, max-age=31536000, immutable`);
      if (!found) return reply.code(304).send();
      reply.type(picture.type).header("content-length", found.bytes).header("x-content-type-options", "nosniff");
      return "body" in found ? reply.send(Readable.fromWeb(found.body as ReadableStream)) : reply.send();
    },
  });
  server.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith("/api/images/")) reply.header("cache-control", "no-store");
  });
}

const absent = (key: string) => new HttpError(404, "no_such_image", `There is no picture ${key}.`);

async function find(objects: Pick<Objects, "get" | "head">, key: string, headOnly: boolean) {
  const found = await (headOnly ? objects.head(key) : objects.get(key)).catch((cause: Error) => {
    throw new HttpError(502, "store_unavailable", "The store of pictures does not answer; try again later.", { cause });
  });
  if (!found) throw absent(key);
  return found;
}

function hashIn(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1, key.lastIndexOf("."));
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((value) => value.trim() === "*" || value.trim().replace(/^W\//, "") === etag);
}
