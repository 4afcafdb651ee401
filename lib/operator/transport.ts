import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import type { KubeConfig } from "@kubernetes/client-node";
import { deadline, systemClock } from "./clock.ts";
import { type ApiError, failure, type Outcome, success } from "./errors.ts";

/** One request to an API server. */
export interface KubeRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Begins with `/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: { readonly type: string; readonly text: string };
  /** The answer must have begun by then. */
  readonly beginMs: number;
  /** The answer must have ended by then. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests with the address and the credentials of a client configuration, over connections that are kept. */
export interface Transport {
  /** Resolves when the answer has begun, whatever its status; a broken connection is a failure. */
  send(request: KubeRequest): Promise<Outcome<IncomingMessage>>;
  /** Closes all connections. */
  close(): void;
}

/**
 * Makes the transport of a configuration's current cluster. Credentials are asked of the configuration for each request,
 * so that a token or a certificate which is renewed on disk counts within a minute. A read whose kept connection turns out
 * to be closed is sent again over another; a write is not, since it may have been committed.
 * @throws Error when the configuration names no cluster
 */
export function transportOf(config: KubeConfig, userAgent = "homelab-operator"): Transport {
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new Error(
      `The Kubernetes configuration has no current cluster (context ${JSON.stringify(config.getCurrentContext())}); ` +
        "expected one. Run inside a cluster, or set KUBECONFIG.",
    );
  const base = cluster.server.replace(/\/$/, "");
  const clock = systemClock();
  const agents = keptAgents();

  return {
    send: async ({ method, path, query, body, beginMs, timeoutMs, signal }) => {
      const url = new URL(base + path);
      for (const [name, value] of Object.entries(query ?? {}))
        if (value !== undefined) url.searchParams.set(name, value);
      const options: RequestOptions = { headers: {} };
      try {
        await config.applyToHTTPSOptions(options);
      } catch (cause) {
        return failure({ kind: "Unauthorized", message: `The credentials could not be had: ${messageOf(cause)}` });
      }
      const secure = url.protocol === "https:";
      const late = new AbortController();
      const limit = deadline(clock, timeoutMs, signal, late.signal);
      const beginning = clock.setTimer(beginMs, () => late.abort());
      const end = () => {
        beginning.cancel();
        limit.release();
      };
      const all: RequestOptions = {
        ...options,
        method,
        signal: limit.signal,
        ...(cluster.proxyUrl ? {} : { agent: agents.of(secure, options) }),
        headers: {
          ...trimmed(options.headers),
          accept: "application/json",
          "user-agent": userAgent,
          ...(body ? { "content-type": body.type, "content-length": Buffer.byteLength(body.text) } : {}),
        },
      };
      const attempt = () =>
        new Promise<Outcome<IncomingMessage>>((resolve) => {
          const request = (secure ? httpsRequest : httpRequest)(url, all, (response) => {
            beginning.cancel();
            response.once("close", end);
            resolve(success(response));
          });
          request.on("error", (error) => {
            if (method === "GET" && request.reusedSocket && wasClosed(error)) return resolve(attempt());
            end();
            resolve(failure(connectionError(error)));
          });
          request.end(body?.text);
        });
      try {
        return await attempt();
      } catch (error) {
        end();
        return failure(connectionError(error));
      }
    },
    close: agents.close,
  };
}

/** Servers and what lies between close connections that were idle for a minute; ours are closed before. */
const IDLE_MS = 45_000;

/**
 * Agents that keep connections, where the library's close theirs after each request. When the identity changes (a
 * certificate was renewed on disk), requests that run end on their old connections.
 */
export function keptAgents(): { of(secure: boolean, options: RequestOptions): HttpAgent; close(): void } {
  let current: { readonly identity: string; readonly agent: HttpAgent } | undefined;
  let before: HttpAgent[] = [];
  const retire = (agent: HttpAgent) => {
    for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    before = [...before.filter(({ sockets }) => Object.keys(sockets).length > 0), agent];
  };
  return {
    of: (secure, { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }) => {
      const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
      const identity = JSON.stringify(tls);
      if (current?.identity === identity) return current.agent;
      if (current !== undefined) retire(current.agent);
      const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
      const kept = { keepAlive: true, keepAliveMsecs: 15_000, timeout: IDLE_MS };
      current = { identity, agent: secure ? new HttpsAgent({ ...given, ...kept }) : new HttpAgent(kept) };
      return current.agent;
    },
    close: () => {
      for (const agent of before) agent.destroy();
      current?.agent.destroy();
    },
  };
}

/** Token files that people write end with a new line, which no header may hold. */
function trimmed(headers: RequestOptions["headers"]): Record<string, unknown> {
  const entries = Object.entries((headers ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "string" ? value.trim() : value]));
}

/** Whether a kept connection had been closed by the other side before the request came to it. */
const wasClosed = (error: Error): boolean =>
  ["ECONNRESET", "EPIPE"].includes((error as NodeJS.ErrnoException).code ?? "");

/** What a connection that broke, or that was given up, means. */
export function connectionError(error: unknown): ApiError {
  const { name, code } = error as NodeJS.ErrnoException;
  if (code === "ERR_INVALID_CHAR")
    return {
      kind: "Unauthorized",
      message: "The credentials hold what no header may hold; expected one line of ASCII.",
    };
  if (name === "AbortError" || name === "TimeoutError" || code === "ABORT_ERR")
    return { kind: "Timeout", message: "The request was given up before its answer had come." };
  return { kind: "Unreachable", message: messageOf(error), cause: error };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
