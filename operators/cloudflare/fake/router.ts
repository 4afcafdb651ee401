import { accessRoutes } from "./access.ts";
import { dnsRoutes } from "./dns.ts";
import { Refusal } from "./reply.ts";
import type { Effect, Route } from "./route.ts";
import { tunnelRoutes } from "./tunnels.ts";
import type { World } from "./world.ts";

/** A call as it arrived. */
export interface Arrived {
  readonly method: string;
  /** Below `/client/v4`, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string | undefined;
}

const routes: readonly Route[] = [...dnsRoutes, ...accessRoutes, ...tunnelRoutes];
const compiled = routes.map((route) => ({ route, steps: route.path.split("/").slice(1) }));

/** Does a call on a world. @throws Refusal */
export function runRoute(world: World, { method, path, query, body }: Arrived, account: string, nowMs: number): Effect {
  const given = path.split("/").slice(1).map(decodeURIComponent);
  let known = false;
  for (const { route, steps } of compiled) {
    const params = matched(steps, given);
    if (params === undefined) continue;
    known = true;
    if (route.method !== method) continue;
    if (params["account"] !== undefined && params["account"] !== account)
      throw new Refusal(403, 10000, "Authentication error");
    return route.run({ world, params, query, body: parsed(body), nowMs });
  }
  if (known) throw new Refusal(405, 10000, `${method} method not allowed for the api_token authentication scheme`);
  throw new Refusal(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`);
}

/** The parameters of a path that fits the steps of a route. */
function matched(steps: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (steps.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, step] of steps.entries()) {
    const value = given[index]!;
    if (step.startsWith(":")) params[step.slice(1)] = value;
    else if (step !== value) return undefined;
  }
  return params;
}

function parsed(body: string | undefined): unknown {
  if (body === undefined || body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, 6007, "Malformed JSON in request body");
  }
}
