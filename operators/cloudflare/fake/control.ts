import type { IncomingMessage, ServerResponse } from "node:http";
import { type TSchema, Type } from "typebox";
import Value from "typebox/value";
import { faults, ruledFaults } from "./faults.ts";
import { json, refusal, Refusal, type Reply, success } from "./reply.ts";
import type { SeenCalls } from "./seen.ts";
import type { FakeCloudflare } from "./types.ts";
import { listsOf } from "./world.ts";

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
const handSchema = Type.Object(
  {
    method: Type.Union(["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => Type.Literal(method))),
    path: Type.String({ pattern: "^/" }),
    body: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false },
);

const lagSchema = Type.Object({ ms: Type.Integer({ minimum: 0, maximum: 30_000 }) }, { additionalProperties: false });

const HERE = "GET /_fake/world, GET /_fake/stream, PUT /_fake/faults, PUT /_fake/lag, POST /_fake/user";

/** Answers what is not Cloudflare's API: who watches the fake and who makes trouble. Pages of browsers are refused. */
export function control(fake: FakeCloudflare, { method, url, headers }: IncomingMessage, body: string): Reply {
  if (headers.origin !== undefined) return refusal(new Refusal(403, 10000, "not for pages of browsers"));
  switch (`${method} ${url}`) {
    case "GET /_fake/world":
      return json(200, listsOf(fake.world));
    case "PUT /_fake/faults": {
      const rules = parsed(rulesSchema, body);
      if (rules === undefined)
        return invalid(`a list of { call, fault, after?, times? }, fault one of ${faults.join(", ")}`);
      fake.setFaults(ruledFaults(rules));
      return success(null);
    }
    case "PUT /_fake/lag": {
      const lag = parsed(lagSchema, body);
      if (lag === undefined) return invalid("{ ms }, from 0 to 30000");
      fake.setLag(lag.ms);
      return success(null);
    }
    case "POST /_fake/user": {
      const call = parsed(handSchema, body);
      if (call === undefined) return invalid("{ method, path, body? }, the path below /client/v4");
      return byHand(fake, call);
    }
    default:
      return refusal(new Refusal(404, 7003, `expected ${HERE}`));
  }
}

function byHand(fake: FakeCloudflare, call: { method: string; path: string; body?: unknown }): Reply {
  try {
    return success(fake.user.call(call.method, call.path, call.body));
  } catch (error) {
    if (error instanceof Refusal) return refusal(error);
    throw error;
  }
}

/**
 * Tells of all that happens as server-sent events: `world` (as `GET /_fake/world`) now and after each change, `call` (a
 * {@link SeenCall}) for the last calls, and for each when it comes and when it ends.
 */
export function stream(fake: FakeCloudflare, seen: SeenCalls, response: ServerResponse): void {
  const send = (event: string, data: unknown) =>
    void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  for (const call of seen.all) send("call", call);
  send("world", listsOf(fake.world));
  const ends = [seen.onCall((call) => send("call", call)), fake.onChange(({ after }) => send("world", listsOf(after)))];
  response.on("close", () => ends.forEach((end) => end()));
}

const invalid = (expected: string) => refusal(new Refusal(400, 1004, `expected ${expected}`));

function parsed<Schema extends TSchema>(schema: Schema, body: string) {
  try {
    const value: unknown = JSON.parse(body);
    return Value.Check(schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
