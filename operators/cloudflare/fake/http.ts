import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Type } from "typebox";
import Value from "typebox/value";
import { type FaultRule, faults, ruledFaults } from "./faults.ts";
import { json, refusal, Refusal, type Reply, success } from "./reply.ts";
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
  /** Hears of each call: `POST /zones/…/batch 200`. */
  readonly log?: (line: string) => void;
}

const rulesSchema = Type.Array(
  Type.Object(
    {
      call: Type.String({ minLength: 1 }),
      fault: Type.Union(faults.map((fault) => Type.Literal(fault))),
      after: Type.Optional(Type.Integer({ minimum: 0 })),
      times: Type.Optional(Type.Integer({ minimum: 1 })),
    },
    { additionalProperties: false },
  ),
);

/**
 * Serves a fake over HTTP. Beside the API there are `PUT /_fake/faults`, a list of {@link FaultRule}s that replaces those
 * of before, and `GET /_fake/world`, what is there.
 */
export async function serveCloudflare(fake: FakeCloudflare, options: ServeOptions = {}): Promise<ServedCloudflare> {
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    void answer(fake, request, gone.signal).then(
      ({ status, headers, body }) => {
        options.log?.(`${request.method} ${request.url} ${status}`);
        response.writeHead(status, headers).end(body);
      },
      () => {
        options.log?.(`${request.method} ${request.url} no answer`);
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

async function answer(fake: FakeCloudflare, request: IncomingMessage, signal: AbortSignal): Promise<Reply> {
  const { method = "GET", url = "/" } = request;
  const body = await text(request);
  if (url.startsWith("/_fake/")) return control(fake, method, url, body);
  if (!url.startsWith("/client/v4/")) return refusal(new Refusal(404, 7003, `Nothing is served at ${url}`));
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
  return { status: answered.status, headers, body: await answered.text() };
}

function control(fake: FakeCloudflare, method: string, url: string, body: string): Reply {
  if (method === "GET" && url === "/_fake/world") {
    const { zones, records, apps, policies, tags, tunnels } = fake.world;
    const lists = Object.entries({ zones, records, apps, policies, tags, tunnels });
    return json(200, Object.fromEntries(lists.map(([name, held]) => [name, [...held.values()]])));
  }
  if (method !== "PUT" || url !== "/_fake/faults")
    return refusal(new Refusal(404, 7003, "expected PUT /_fake/faults or GET /_fake/world"));
  const rules = rulesOf(body);
  if (rules === undefined)
    return refusal(
      new Refusal(400, 1004, `expected a list of { call, fault, after?, times? }, fault one of ${faults.join(", ")}`),
    );
  fake.setFaults(ruledFaults(rules));
  return success(null);
}

function rulesOf(body: string): readonly FaultRule[] | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return Value.Check(rulesSchema, value) ? (value as readonly FaultRule[]) : undefined;
  } catch {
    return undefined;
  }
}
