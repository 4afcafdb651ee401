import { hash } from "node:crypto";
import { Readable, type Transform } from "node:stream";
import { promisify } from "node:util";
import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  zstdCompress,
} from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpServer } from "#lib/service/http.ts";

type Encoding = "zstd" | "br" | "gzip";

const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const GZIP = { level: 4 };
const STREAMS: Record<Encoding, () => Transform> = {
  zstd: () => createZstdCompress(ZSTD),
  br: () => createBrotliCompress(BROTLI),
  gzip: () => createGzip(GZIP),
};
const WHOLE: Record<Encoding, (text: string) => Promise<Buffer>> = {
  zstd: (text) => promisify(zstdCompress)(text, ZSTD),
  br: (text) => promisify(brotliCompress)(text, BROTLI),
  gzip: (text) => promisify(gzip)(text, GZIP),
};

/** The encoding that is cheapest for both among those that the client takes; null when it takes none. */
export function encodingOf(accepted: string | undefined): Encoding | null {
  const offers = new Map(
    (accepted ?? "").split(",").map((offer) => {
      const [name, ...parameters] = offer.trim().toLowerCase().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find((q) => q !== undefined);
      return [name!.trim(), Number(quality ?? 1)] as const;
    }),
  );
  const takes = (name: Encoding) => (offers.get(name) ?? offers.get("*") ?? 0) > 0;
  return (["zstd", "br", "gzip"] as const).find(takes) ?? null;
}

/** Compresses every text of more than 2 KB that a handler returns, for clients that take it. */
export function compressTexts(server: HttpServer): void {
  server.addHook("onSend", async (request, reply, payload) => {
    if (typeof payload !== "string" || payload.length < 2_048 || reply.hasHeader("content-encoding")) return payload;
    const encoding = encodingOf(request.headers["accept-encoding"]);
    reply.header("vary", "accept-encoding");
    if (!encoding) return payload;
    reply.header("content-encoding", encoding).removeHeader("content-length");
    return WHOLE[encoding](payload);
  });
}

/** Answers with a long text piece by piece, compressed for clients that take it. */
export function sendPieces(request: FastifyRequest, reply: FastifyReply, type: string, pieces: Iterable<string>) {
  const source = Readable.from(pieces);
  const encoding = encodingOf(request.headers["accept-encoding"]);
  reply.type(type).header("vary", "accept-encoding");
  if (!encoding) return reply.send(source);
  const packed = STREAMS[encoding]();
  source.on("error", (error) => packed.destroy(error));
  packed.on("close", () => source.destroy());
  return reply.header("content-encoding", encoding).send(source.pipe(packed));
}

/**
 * Gives the answer an ETag made of what it depends on and answers 304 when the client has it already.
 * @returns whether the client has it: then there is nothing more to send
 */
export function isKnown(request: FastifyRequest, reply: FastifyReply, parts: readonly (string | number)[]): boolean {
  const etag = `W/"${hash("sha256", parts.join("\n"), "base64url").slice(0, 22)}"`;
  reply.header("etag", etag).header("cache-control", "private, no-cache");
  const known = request.headers["if-none-match"]?.split(",").some((value) => value.trim() === etag) ?? false;
  if (known) reply.code(304);
  return known;
}
