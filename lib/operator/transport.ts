import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { type IncomingMessage, request as httpRequest } from "node:http";
import type { KubeConfig } from "@kubernetes/client-node";
import { type ApiError, failure, type Outcome, success } from "./errors.ts";

/** One request to an API server. */
export interface KubeRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Begins with `/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: { readonly type: string; readonly text: string };
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
 * so that a token which is renewed on disk counts within a minute.
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
  let kept: { identity: string; agent: Agent } | undefined;

  /** The library makes an agent that closes its connection after each request; ours has the same identity and keeps it. */
  const keepAlive = (options: RequestOptions): Agent => {
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
    const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
    const identity = JSON.stringify(tls);
    if (kept?.identity !== identity) {
      kept?.agent.destroy();
      const given = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
      kept = { identity, agent: new Agent({ ...given, keepAlive: true, keepAliveMsecs: 30_000, timeout: 60_000 }) };
    }
    return kept.agent;
  };

  return {
    send: async ({ method, path, query, body, timeoutMs, signal }) => {
      const url = new URL(base + path);
      for (const [name, value] of Object.entries(query ?? {}))
        if (value !== undefined) url.searchParams.set(name, value);
      const options: RequestOptions = { headers: {} };
      try {
        await config.applyToHTTPSOptions(options);
      } catch (cause) {
        return failure({ kind: "Unauthorized", message: `The credentials could not be had: ${messageOf(cause)}` });
      }
      const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
      const secure = url.protocol === "https:";
      const all: RequestOptions = {
        ...options,
        method,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(secure && !cluster.proxyUrl ? { agent: keepAlive(options) } : {}),
        headers: {
          ...options.headers,
          accept: "application/json",
          "user-agent": userAgent,
          ...(body ? { "content-type": body.type, "content-length": Buffer.byteLength(body.text) } : {}),
        },
      };
      return await new Promise((resolve) => {
        const request = (secure ? httpsRequest : httpRequest)(url, all, (response) => resolve(success(response)));
        request.on("error", (error) => resolve(failure(connectionError(error))));
        request.end(body?.text);
      });
    },
    close: () => kept?.agent.destroy(),
  };
}

/** What a connection that broke, or that was given up, means. */
export function connectionError(error: unknown): ApiError {
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === "AbortError" || name === "TimeoutError" || code === "ABORT_ERR")
    return { kind: "Timeout", message: "The request was given up before its answer had come." };
  return { kind: "Unreachable", message: messageOf(error), cause: error };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
