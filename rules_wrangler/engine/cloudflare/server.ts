import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Call, Cloud } from "./call.ts";
import { type Fault, Faults } from "./faults.ts";
import { pagesRoutes } from "./pages.ts";
import { ApiError, type Reply, envelope, failure, json } from "./reply.ts";
import { Runtimes, assetsHeader } from "./runtime.ts";
import { isForScript, runScript, upgradeScript } from "./script.ts";
import { releaseOf, serve, versionOf } from "./serve.ts";
import { Store } from "./store.ts";
import { Tokens } from "./tokens.ts";
import { workersRoutes } from "./workers.ts";

/** What the fake is made of. */
export interface CloudflareOptions {
  /** Where it keeps everything. */
  readonly folder: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly account: string;
  readonly token: string;
  /** The program of workerd, which runs scripts; without it they are kept, and answer 501. */
  readonly workerd?: string | undefined;
  /** Hears each call of the API: method, path, status. */
  readonly log?: (line: string) => void;
}

/** A fake that runs. */
export interface Cloudflare {
  /** For CLOUDFLARE_API_BASE_URL. */
  readonly api: string;
  readonly port: number;
  readonly cloud: Cloud;
  /** Calls of the API so far: `METHOD PATH STATUS`. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

const base = "/client/v4";
const routes = [...pagesRoutes, ...workersRoutes];

/** Starts the fake on 127.0.0.1; sites are subdomains of `localhost`. */
export async function startCloudflare(options: CloudflareOptions): Promise<Cloudflare> {
  const calls: string[] = [];
  const server = createServer();
  const port = await listen(server, options.port);
  const { account, token, folder } = options;
  const cloud: Cloud = {
    store: new Store(folder),
    tokens: new Tokens(),
    faults: new Faults(),
    runtimes: new Runtimes(options.workerd, join(folder, "runtime"), port),
    account,
    token,
    host: `localhost:${port}`,
    tokenSeconds: 300,
    uploads: 0,
  };
  const say = (line: string): void => {
    calls.push(line);
    options.log?.(line);
  };
  server.on("request", (request, response) => void handle(request, response, cloud, say));
  server.on("upgrade", (request, socket, head) => void upgrade(request, socket, head, cloud));
  return {
    api: `http://127.0.0.1:${port}${base}`,
    port,
    cloud,
    calls,
    close: async () => {
      await cloud.runtimes.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => done((server.address() as { port: number }).port));
  });
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  cloud: Cloud,
  say: (line: string) => void,
): Promise<void> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? cloud.host}`);
  const method = request.method ?? "GET";
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return;
  }
  const body = Buffer.concat(chunks);
  let reply: Reply | undefined;
  if (url.pathname.startsWith(`${base}/`)) {
    const path = url.pathname.slice(base.length);
    const bearer = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const call: Call = {
      method,
      path,
      query: url.searchParams,
      bearer,
      body,
      contentType: request.headers["content-type"] ?? "",
    };
    reply = await answer(call, cloud);
    say(`${method} ${path} ${reply?.status ?? "cut"}`);
  } else if (url.pathname.startsWith("/_fake/")) {
    reply = control(method, url.pathname, body, cloud);
  } else {
    const caller = cloud.runtimes.caller(request.headers[assetsHeader]);
    const release = caller === undefined ? releaseOf(url.hostname, cloud) : versionOf(caller, cloud);
    if (release === undefined) {
      reply = json(404, overview(cloud));
    } else {
      const script = caller === undefined ? isForScript(release, url, request) : undefined;
      if (script !== undefined) return runScript(release.id, script, cloud, request, body, response);
      reply = serve(release, url, request.headers["if-none-match"], cloud);
    }
  }
  if (reply === undefined) return void request.socket.destroy();
  response.writeHead(reply.status, reply.headers).end(method === "HEAD" ? "" : reply.body);
}

/** Only scripts know upgrades; without one the connection ends. */
async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, cloud: Cloud): Promise<void> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? cloud.host}`);
  const release = releaseOf(url.hostname, cloud);
  const script = release === undefined ? undefined : isForScript(release, url, request);
  if (release === undefined || script === undefined || !cloud.runtimes.able) return void socket.destroy();
  await upgradeScript(release.id, script, cloud, request, socket, head);
}

async function answer(call: Call, cloud: Cloud): Promise<Reply | undefined> {
  const fault = cloud.faults.meet(call.method, call.path);
  if (fault?.delay !== undefined) await sleep(fault.delay);
  if (fault !== undefined) return failed(fault);
  try {
    for (const { method, path, auth, run } of routes) {
      const match = method === call.method ? path.exec(call.path) : null;
      if (match === null) continue;
      if (auth === "account") authorize(call, cloud);
      return await run(call, match.groups ?? {}, cloud);
    }
    return failure(
      new ApiError(
        404,
        7003,
        `Could not route to ${call.method} ${call.path}, perhaps your object identifier is invalid?`,
      ),
    );
  } catch (error) {
    if (error instanceof ApiError) return failure(error);
    return failure(new ApiError(500, 8_000_000, `An unknown error occurred: ${(error as Error).message}`));
  }
}

function failed({ answer: status, code, retryAfter }: Fault): Reply | undefined {
  if (status === "cut") return undefined;
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return failure(
    new ApiError(
      status,
      code ?? (status === 429 ? 971 : 10_013),
      status === 429 ? "Please wait and consider throttling your request speed" : "An unknown error occurred",
      headers,
    ),
  );
}

function authorize({ bearer, path }: Call, { token, account }: Cloud): void {
  if (bearer !== token) throw new ApiError(403, 10_000, "Authentication error");
  const named = /^\/accounts\/([^/]+)/.exec(path)?.[1];
  if (named !== undefined && named !== account) throw new ApiError(403, 10_000, "Authentication error");
}

/** `PUT /_fake/faults` with a list of faults, `GET /_fake/status`. */
function control(method: string, path: string, body: Buffer, cloud: Cloud): Reply {
  if (method === "PUT" && path === "/_fake/faults") {
    cloud.faults.set(JSON.parse(body.toString()) as readonly Fault[]);
    return envelope(null);
  }
  if (method === "GET" && path === "/_fake/status") return json(200, overview(cloud));
  return failure(new ApiError(404, 7003, `${method} ${path} does not exist here`));
}

function overview(cloud: Cloud): object {
  const names = (kind: "projects" | "scripts", zone: string): readonly string[] =>
    cloud.store.list<{ name: string }>(kind).map(({ name }) => `http://${name}.${zone}.${cloud.host}/`);
  return { sites: [...names("projects", "pages"), ...names("scripts", "workers")], uploads: cloud.uploads };
}
