import rateLimit from "@fastify/rate-limit";
import type { IncomingHttpHeaders } from "node:http";
import { HttpError, type HttpServer } from "#lib/service/http.ts";

/** How much one address may ask. */
export interface Limits {
  /** Requests a minute; writes at most 60 of them. */
  readonly requestsPerMinute: number;
  /** Open live sockets. */
  readonly sockets: number;
  /** How many proxies stand before this service, each of which adds to X-Forwarded-For; 0: the address of the connection counts. */
  readonly proxies: number;
}

/** The limits that hold unless told. */
export const LIMITS: Limits = { requestsPerMinute: 3_000, sockets: 200, proxies: 0 };

/** The address of whoever asks: that of the connection, or what the outermost of our proxies saw. */
export function addressOf(
  request: { headers: IncomingHttpHeaders; socket: { remoteAddress?: string | undefined } },
  proxies: number,
): string {
  const direct = request.socket.remoteAddress ?? "unknown";
  if (proxies === 0) return direct;
  const forwarded = String(request.headers["x-forwarded-for"] ?? "").split(",");
  return forwarded.at(-proxies)?.trim() || direct;
}

/** Refuses with 429 who asks `/api/` too often. Health and metrics are not counted. */
export async function registerLimits(server: HttpServer, limits: Limits): Promise<void> {
  await server.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    cache: 20_000,
    keyGenerator: (request) => addressOf(request, limits.proxies),
    allowList: (request) => !request.url.startsWith("/api/"),
    errorResponseBuilder: (_request, { after }) =>
      new HttpError(429, "too_many_requests", `That was too much at once; try again in ${after}.`),
  });
}

/** Counts the open sockets of each address. */
export interface SocketCount {
  /** Takes a place; refuses with 429 when the address has none left. */
  take(address: string): void;
  release(address: string): void;
}

/** Makes a count with so many places for each address. */
export function createSocketCount(places: number): SocketCount {
  const counts = new Map<string, number>();
  return {
    take(address) {
      const count = counts.get(address) ?? 0;
      if (count >= places) {
        throw new HttpError(429, "too_many_sockets", `There are ${count} live sockets from this address already.`);
      }
      counts.set(address, count + 1);
    },
    release(address) {
      const count = (counts.get(address) ?? 1) - 1;
      if (count > 0) counts.set(address, count);
      else counts.delete(address);
    },
  };
}
