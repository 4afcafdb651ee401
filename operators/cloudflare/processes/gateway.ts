import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Kubernetes } from "#lib/testing/kubernetes.ts";

/** A verb as RBAC has it. */
export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** A request to the API server, and what came of it. */
export interface KubeRequest {
  readonly verb: Verb;
  /** "" is the core group. */
  readonly group: string;
  readonly resource: string;
  readonly name: string;
  readonly body: string;
  readonly status: number;
}

/** What becomes of an answer of the API server, asked when it has come: it is passed on when the promise resolves, or lost. */
export type Held = (request: KubeRequest) => Promise<"pass" | "lose"> | "pass" | "lose";

/** An API server as one client reaches it: all that the client does is seen, and its answers may be held back. */
export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** All requests whose answer has begun, the oldest first. */
  readonly requests: readonly KubeRequest[];
  /** Decides about all answers from now on; undefined passes them on. */
  hold(held: Held | undefined): void;
  close(): Promise<void>;
}

/** Stands before a control plane, for one client; credentials are the client's own. */
export async function startGateway(plane: Kubernetes): Promise<Gateway> {
  const agent = new Agent({ ca: plane.certificates, keepAlive: true });
  const requests: KubeRequest[] = [];
  let held: Held | undefined;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const { host: _, ...headers } = request.headers;
    const upstream = httpsRequest(plane.server + request.url, { agent, method: request.method, headers });
    response.on("close", () => upstream.destroy());
    upstream.end(body);
    const [answer] = (await once(upstream, "response")) as [IncomingMessage];
    const seen = { ...meaningOf(request), body, status: answer.statusCode ?? 0 };
    requests.push(seen);
    if ((await held?.(seen)) === "lose") return void response.destroy();
    response.writeHead(seen.status, answer.headers);
    answer.on("error", () => response.destroy());
    answer.pipe(response);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    hold: (next) => void (held = next),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      agent.destroy();
    },
  };
}

/** What a request asks for, as RBAC reads it. */
function meaningOf({ method = "GET", url = "/" }: IncomingMessage): Omit<KubeRequest, "body" | "status"> {
  const { pathname, searchParams } = new URL(url, "http://server");
  const [root, ...rest] = pathname.split("/").slice(1).map(decodeURIComponent);
  const group = root === "api" ? "" : rest.shift()!;
  const [, ...place] = rest;
  const [resource = "", name = ""] = place[0] === "namespaces" && place.length > 2 ? place.slice(2) : place;
  const reading = searchParams.get("watch") === "true" ? "watch" : name === "" ? "list" : "get";
  const verbs: Readonly<Record<string, Verb>> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };
  return { verb: verbs[method] ?? reading, group, resource, name };
}
