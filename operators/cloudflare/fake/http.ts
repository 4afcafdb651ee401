import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { control, stream } from "./control.ts";
import { refusal, Refusal, type Reply } from "./reply.ts";
import { SeenCalls } from "./seen.ts";
import type { FakeCloudflare } from "./types.ts";

/** A fake that listens. */
export interface ServedCloudflare {
  /** For clients: `http://127.0.0.1:PORT/client/v4`. */
  readonly baseUrl: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** 0, which is the default, takes a free one. */
  readonly port?: number;
  /** The default is loopback. */
  readonly host?: string;
  /** Hears of each request: `POST /client/v4/zones/…/batch 200`. */
  readonly log?: (line: string) => void;
}

/**
 * Serves a fake over HTTP. Beside the API there are `PUT /_fake/faults`, a list of `FaultRule`s that replaces those
 * of before, `GET /_fake/world`, what is there, `GET /_fake/stream`, what happens, and `POST /_fake/user`, what somebody
 * does by hand.
 */
export async function serveCloudflare(fake: FakeCloudflare, options: ServeOptions = {}): Promise<ServedCloudflare> {
  const seen = new SeenCalls();
  const server = createServer((request, response) => {
    const { method, url } = request;
    if (method === "GET" && url === "/_fake/stream" && request.headers.origin === undefined)
      return stream(fake, seen, response);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    void answer(fake, seen, request, gone.signal).then(
      ({ status, headers, body }) => {
        options.log?.(`${method} ${url} ${status}`);
        response.writeHead(status, headers).end(body);
      },
      (error: unknown) => {
        options.log?.(`${method} ${url} ${gone.signal.aborted ? "no answer" : `failed: ${(error as Error).stack}`}`);
        response.destroy();
      },
    );
  });
  const host = options.host ?? "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://${host}:${port}/client/v4`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const API = "/client/v4";

async function answer(
  fake: FakeCloudflare,
  seen: SeenCalls,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<Reply> {
  const { method = "GET", url = "/" } = request;
  const body = await text(request);
  if (url.startsWith("/_fake/")) return control(fake, request, body);
  if (!url.startsWith(`${API}/`)) return refusal(new Refusal(404, 7003, `Nothing is served at ${url}`));
  const ended = seen.began(Date.now(), method, url.slice(API.length), body);
  try {
    const answered = await fake.fetch(`http://fake${url}`, {
      method,
      headers: { authorization: request.headers.authorization ?? "" },
      ...(body === "" ? {} : { body }),
      signal,
    });
    const headers: Record<string, string> = {};
    for (const name of ["content-type", "ratelimit", "ratelimit-policy", "retry-after"]) {
      const value = answered.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    const reply = { status: answered.status, headers, body: await answered.text() };
    ended(Date.now(), { status: reply.status, answer: reply.body, limit: headers["ratelimit"] ?? "" });
    return reply;
  } catch (error) {
    ended(Date.now(), { status: null });
    throw error;
  }
}
