import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import serveStatic from "@fastify/static";
import type { Health } from "#lib/service/health.ts";
import { createHttpServer, type HttpServer } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";
import { type Action, ActionSchema } from "./actions.ts";
import type { Feed } from "./feed.ts";
import { sameOrigin } from "./origin.ts";
import type { MachineView, Snapshot } from "./snapshot.ts";

/** What the server of the console is made of. */
export interface ConsoleDeps {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** The folder of the built page. */
  readonly site: string;
  readonly machine: MachineView;
  readonly feed: Feed;
  readonly snapshot: () => Snapshot;
  /** Is told that a snapshot would be another one now; returns a function that ends this. */
  readonly onChange: (listen: () => void) => () => void;
  /** @throws HttpError when it cannot be done */
  readonly perform: (action: Action) => Promise<string>;
}

/** Changes that come together are told together. */
const TOGETHER_MS = 40;
const ALIVE_MS = 10_000;

/**
 * `GET /` is the page; `GET /api/stream` tells the operator's machine (`machine`), what is (`snapshot`, a {@link Snapshot})
 * and what happens (`entry`) as server-sent events, all of it at the beginning and every change after; `POST /api/actions` does an {@link Action}.
 */
export async function buildServer({
  site,
  machine,
  feed,
  snapshot,
  onChange,
  perform,
  ...deps
}: ConsoleDeps): Promise<HttpServer> {
  const server = createHttpServer(deps);
  const policy = contentPolicy(readFileSync(join(site, "index.html"), "utf8"));
  server.addHook("onRequest", sameOrigin);

  server.get("/api/stream", (_request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    const send = (event: string, data: unknown) => void raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    let timer: NodeJS.Timeout | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        send("snapshot", snapshot());
      }, TOGETHER_MS);
    };
    send("machine", machine);
    for (const entry of feed.entries) send("entry", entry);
    send("snapshot", snapshot());
    const alive = setInterval(() => send("alive", Date.now()), ALIVE_MS);
    const ends = [feed.onEntry((entry) => send("entry", entry)), onChange(soon)];
    raw.on("close", () => {
      clearTimeout(timer);
      clearInterval(alive);
      for (const end of ends) end();
    });
  });

  server.post("/api/actions", { schema: { body: ActionSchema } }, async ({ body }) => ({ done: await perform(body) }));

  await server.register(serveStatic, {
    root: site,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header("cache-control", path.endsWith(".html") ? "no-store" : "no-cache");
      reply.header("content-security-policy", policy);
    },
  });
  return server;
}

/** Lets a page do nothing but what it was built with: its own files, and the scripts that stand in it. */
function contentPolicy(html: string): string {
  const inline = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(
    ([, script = ""]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  return `default-src 'self'; script-src 'self' ${inline.join(" ")}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
