import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createHealth } from "#lib/service/health.ts";
import { HttpError, type HttpServer } from "#lib/service/http.ts";
import { createLogger } from "#lib/service/logs.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import type { Action } from "./actions.ts";
import { Feed } from "./feed.ts";
import { messages } from "./messages.ts";
import { buildServer } from "./server.ts";
import type { Snapshot } from "./snapshot.ts";
import { machineView } from "./views.ts";

const site = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "site-"));
writeFileSync(join(site, "index.html"), "<script>1</script><title>console</title>");

let server: HttpServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start() {
  const feed = new Feed();
  const performed: Action[] = [];
  const listeners = new Set<() => void>();
  let trouble: string | null = null;
  server = await buildServer({
    logger: createLogger({ name: "console", level: "silent" }),
    health: createHealth([]),
    metrics: createMetrics("console"),
    ...{ site, feed, machine: machineView },
    snapshot: (): Snapshot => ({
      ...{ deployments: [], cloudflare: null, budget: null, trouble },
      operator: { state: "down", holder: null, terms: 0, mortal: false },
    }),
    onChange: (listen) => {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    perform: async (action) => {
      if (action.kind === "kill") throw new HttpError(409, "no_process", "There is none.");
      performed.push(action);
      return "It was done.";
    },
  });
  const url = await server.listen({ port: 0, host: "127.0.0.1" });
  const change = (words: string) => {
    trouble = words;
    for (const listen of listeners) listen();
  };
  return { url, feed, performed, listeners, change };
}

const post = (url: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${url}/api/actions`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, ...headers },
    body,
  });
const remove = JSON.stringify({ kind: "delete", namespace: "web", name: "shop" });

test("an action of the page itself is done", async () => {
  const { url, performed } = await start();
  expect(await (await post(url, remove)).json()).toEqual({ done: "It was done." });
  expect(performed).toEqual([{ kind: "delete", namespace: "web", name: "shop" }]);
});

test("an action that cannot be done says why", async () => {
  const { url } = await start();
  const answer = await post(url, JSON.stringify({ kind: "kill" }));
  expect(answer.status).toBe(409);
  expect(await answer.json()).toEqual({ error: { code: "no_process", message: "There is none." } });
});

test.each([
  ["another page", { origin: "http://evil.example" }, 403],
  ["a page at another port of this machine", { origin: "http://127.0.0.1:1" }, 403],
  ["a page without an origin", { origin: "null" }, 403],
  ["what a browser calls another site", { "sec-fetch-site": "cross-site" }, 403],
  ["a form", { "content-type": "text/plain" }, 415],
])("%s does nothing", async (_, headers, status) => {
  const { url, performed } = await start();
  expect((await post(url, remove, headers)).status).toBe(status);
  expect(performed).toEqual([]);
});

test("a name that somebody else has pointed to this machine is not answered (DNS rebinding)", async () => {
  await start();
  for (const path of ["/", "/api/stream"]) {
    const answer = await server!.inject({ method: "GET", url: path, headers: { host: "evil.example" } });
    expect(answer.statusCode).toBe(403);
  }
  expect((await server!.inject({ method: "GET", url: "/", headers: { host: "localhost:8180" } })).statusCode).toBe(200);
});

test.each([
  { kind: "explode" },
  { kind: "delete", namespace: "web" },
  { kind: "delete", namespace: "web", name: "../../secrets/token" },
  { kind: "delete", namespace: "web", name: "shop", more: 1 },
  { kind: "delete-record", id: "a/b" },
  { kind: "trouble", trouble: "fire" },
])("what is no action is refused: %j", async (action) => {
  const { url, performed } = await start();
  expect((await post(url, JSON.stringify(action))).status).toBe(400);
  expect(performed).toEqual([]);
});

test("the page may do nothing but what it was built with", async () => {
  const { url } = await start();
  const answer = await fetch(url);
  const policy = answer.headers.get("content-security-policy");
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='");
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

test("the stream tells the machine, what has happened and what is, and then every change", async () => {
  const { url, feed, change, listeners } = await start();
  feed.add({ kind: "you", text: "earlier" });
  const answer = await fetch(`${url}/api/stream`);
  const told: [string, unknown][] = [];
  for await (const { event, data } of messages(answer.body!)) {
    told.push([event, JSON.parse(data)]);
    if (told.length === 3) {
      feed.add({ kind: "you", text: "now" });
      change("a");
      change("b");
    }
    if (told.length === 5) break;
  }
  expect(told.map(([event]) => event)).toEqual(["machine", "entry", "snapshot", "entry", "snapshot"]);
  expect(told[0]?.[1]).toMatchObject({ states: expect.arrayContaining([expect.objectContaining({ name: "Ready" })]) });
  expect(told[3]?.[1]).toMatchObject({ kind: "you", text: "now" });
  expect(told[4]?.[1]).toMatchObject({ trouble: "b" });
  await expect.poll(() => listeners.size).toBe(0);
});
