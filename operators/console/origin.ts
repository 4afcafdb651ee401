import type { FastifyReply, FastifyRequest } from "fastify";
import { HttpError } from "#lib/service/http.ts";

const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Lets in only who asks for this machine by one of its own names (DNS rebinding), and writes only from the page itself:
 * same origin, and JSON, which no form of another page can send.
 * @throws HttpError 403 or 415
 */
export async function sameOrigin(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { host = "", origin, "content-type": type = "" } = request.headers;
  reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
  if (!LOCAL.test(host))
    throw new HttpError(403, "forbidden", "The console answers on this machine's own names alone.");
  if (request.method === "GET" || request.method === "HEAD") return;
  if (origin !== `http://${host}` || (request.headers["sec-fetch-site"] ?? "same-origin") !== "same-origin")
    throw new HttpError(403, "forbidden", "Only the console's own page may do this.");
  if (!/^application\/json\b/.test(type))
    throw new HttpError(415, "unsupported_media_type", "Expected a body of application/json.");
}
