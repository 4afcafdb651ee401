import { getEventListeners } from "node:events";
import { createServer, get, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, expect, test, vi } from "vitest";
import { temporaryFolder } from "#lib/testing/process.ts";
import type { WatchEvent } from "./api.ts";
import { type Outcome, valueOf } from "./errors.ts";
import { httpServer, type Patience } from "./http-api.ts";
import type { KubeObject } from "./object.ts";
import { configMaps } from "./resources.ts";
import { keptAgents } from "./transport.ts";

const one = { namespace: "default", name: "one" };
const object = { metadata: { ...one, uid: "u", resourceVersion: "7" } };
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The API of config maps on a server that answers as told. */
async function answering(
  listener: RequestListener,
  user: object = { token: "t" },
  patience: Patience = { timeoutMs: 2000 },
) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  open.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      // nosemgrep: tls-verification-off -- the library asks for it before it speaks HTTP, here on the loopback
      { name: "c", server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, skipTLSVerify: true },
    ],
    users: [{ name: "u", ...user }],
    contexts: [{ name: "x", cluster: "c", user: "u" }],
    currentContext: "x",
  });
  return httpServer(config, patience).api<KubeObject>(configMaps);
}

const errorOf = (outcome: Outcome<unknown>) => (outcome.ok ? "ok" : outcome.error);
const failing = (status: number, body: object | string, headers: Record<string, string> = {}): RequestListener => {
  return (_request, response) => {
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
};

test.each([
  [429, { "retry-after": "7" }, { kind: "TooManyRequests", retryAfterMs: 7000 }],
  [503, { "retry-after": "2" }, { kind: "ServerError", status: 503, retryAfterMs: 2000 }],
  [504, {}, { kind: "Timeout" }],
  [401, {}, { kind: "Unauthorized" }],
  [403, {}, { kind: "Forbidden" }],
  [410, {}, { kind: "Gone" }],
  [422, {}, { kind: "Invalid" }],
  [409, {}, { kind: "Conflict" }],
])("status %i is the error that it means, with the server's own words", async (status, headers, expected) => {
  const api = await answering(failing(status, { kind: "Status", message: "so it is" }, headers));
  expect(errorOf(await api.get(one))).toMatchObject({ ...expected, message: "so it is" });
});

test("an answer that is no Kubernetes answer is a failure of the server", async () => {
  for (const [status, body] of [
    [502, "<html>bad gateway</html>"],
    [200, "<html>log in here</html>"],
    [200, JSON.stringify({ metadata: { name: "one" } })],
    [200, "null"],
    [200, JSON.stringify({ metadata: null, items: [] })],
  ] as const) {
    const api = await answering(failing(status, body));
    for (const call of [() => api.get(one), () => api.list(), () => api.delete(one)])
      expect(errorOf(await call())).toMatchObject({ kind: "ServerError", status });
  }
});

test("an item of a list that is no object is passed over and counted", async () => {
  const list = { metadata: { resourceVersion: "9" }, items: [object, { metadata: { name: 5 } }, null] };
  const api = await answering(failing(200, list));
  const page = valueOf("list", await api.list());
  expect([page.items.length, page.malformed, page.items[0]?.kind]).toEqual([1, 2, "ConfigMap"]);
});

test("a server that does not answer in time is given up, and one that is not there is unreachable", async () => {
  const silent = await answering(() => {}, { token: "t" }, { timeoutMs: 100 });
  const { signal } = new AbortController();
  for (const options of [{}, { signal }])
    expect(errorOf(await silent.get(one, options))).toMatchObject({ kind: "Timeout" });
  const gone = await answering(() => {});
  open.at(-1)!.close();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(errorOf(await gone.get(one))).toMatchObject({ kind: "Unreachable" });
});

test("an answer that breaks off is unreachable, not half an object", async () => {
  const api = await answering((_request, response) => {
    response.writeHead(200, { "content-length": "1000" }).write('{"metadata":');
    setTimeout(() => response.destroy(), 10);
  });
  expect(errorOf(await api.get(one))).toMatchObject({ kind: "Unreachable" });
});

async function eventsOf(listener: RequestListener): Promise<{ events: WatchEvent<KubeObject>[]; end: unknown }> {
  const api = await answering(listener);
  const watch = valueOf("watch", await api.watch({ resourceVersion: "1", timeoutMs: 1000 }));
  const events: WatchEvent<KubeObject>[] = [];
  for (;;) {
    const next = await watch.next();
    if (next.done) return { events, end: errorOf(next.value) };
    events.push(next.value);
  }
}

test("a watch reads events whose lines come in pieces, tells what is none, and breaks as its connection does", async () => {
  const lines = [
    JSON.stringify({ type: "ADDED", object }),
    "{ no json",
    JSON.stringify({ type: "ADDED", object: { metadata: {} } }),
    JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: "12" } } }),
    JSON.stringify({ type: "DELETED", object }),
  ];
  const text = Buffer.from(`${lines.join("\n").replace('"u"', `"${"ü".repeat(100)}"`)}\n`);
  const { events, end } = await eventsOf((_request, response) => {
    response.writeHead(200);
    let at = 0;
    const timer = setInterval(() => {
      response.write(text.subarray(at, at + 37));
      at += 37;
      if (at < text.length) return;
      clearInterval(timer);
      setTimeout(() => response.destroy(), 10);
    }, 1);
  });
  expect(events.map(({ type }) => type)).toEqual(["ADDED", "MALFORMED", "MALFORMED", "BOOKMARK", "DELETED"]);
  expect(events[0]).toMatchObject({ object: { metadata: { uid: "ü".repeat(100) } } });
  expect(events[3]).toEqual({ type: "BOOKMARK", resourceVersion: "12" });
  expect(end).toMatchObject({ kind: "Unreachable" });
});

test("an error that a watch tells is its end", async () => {
  const status = { kind: "Status", code: 410, message: "too old resource version: 1 (9)" };
  const { events, end } = await eventsOf(failing(200, `${JSON.stringify({ type: "ERROR", object: status })}\n`));
  expect([events, end]).toEqual([[], { kind: "Gone", message: status.message }]);
});

test("a token that is renewed on disk is the one that counts, within a minute", async () => {
  const folder = await temporaryFolder();
  try {
    const tokenFile = path.join(folder.path, "token");
    const seen: (string | undefined)[] = [];
    await writeFile(tokenFile, "first");
    const api = await answering(
      (request, response) => {
        seen.push(request.headers.authorization);
        response.end(JSON.stringify(object));
      },
      { authProvider: { name: "tokenFile", config: { tokenFile } } },
    );
    await api.get(one);
    await writeFile(tokenFile, "second");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
    await api.get(one);
    expect(seen).toEqual(["Bearer first", "Bearer second"]);
  } finally {
    vi.useRealTimers();
    await folder.remove();
  }
});

test("a configuration without a cluster is an error that says what to do", () => {
  expect(() => httpServer(new KubeConfig())).toThrow("has no current cluster");
});

test("a watch whose server has fallen silent is given up, and goes on where it was", async () => {
  const api = await answering(
    (_request, response) => {
      response.writeHead(200).write(`${JSON.stringify({ type: "ADDED", object })}\n`);
    },
    { token: "t" },
    { idleMs: 100 },
  );
  const watch = valueOf("watch", await api.watch({ resourceVersion: "1", timeoutMs: 600_000 }));
  expect((await watch.next()).value).toMatchObject({ type: "ADDED" });
  const end = (await watch.next()).value;
  expect(end).toMatchObject({ ok: false, error: { kind: "Timeout", message: "The server was silent for 0.1 s." } });
});

test("objects of 10 MB are read, in lists, in watches and alone, and a line without end is not", async () => {
  const large = { ...object, data: { text: "ü".repeat(5_000_000) } };
  const lines = `${JSON.stringify({ type: "ADDED", object: large })}\n${JSON.stringify({ type: "DELETED", object })}\n`;
  const { events, end } = await eventsOf(failing(200, lines));
  expect([events.map(({ type }) => type), end]).toEqual([["ADDED", "DELETED"], "ok"]);
  expect(events[0]).toMatchObject({ object: { data: { text: large.data.text } } });
  const api = await answering((request, response) => {
    const list = { metadata: { resourceVersion: "9" }, items: [large] };
    response.end(JSON.stringify(request.url?.includes("/one") ? large : list));
  });
  expect(valueOf("get", await api.get(one))).toEqual(large);
  expect(valueOf("list", await api.list()).items).toMatchObject([large]);
  const endless = await eventsOf(failing(200, "x".repeat(17_000_000)));
  expect(endless.end).toMatchObject({ kind: "Unreachable", message: expect.stringContaining("longer than") });
});

test("a read on a kept connection that the server closed meanwhile is sent again; a write is not", async () => {
  const seen: string[] = [];
  const api = await answering((request, response) => {
    seen.push(request.method!);
    const { socket } = request;
    if (seen.length % 2 === 0 && seen.length < 5) return void socket.resetAndDestroy();
    response.end(JSON.stringify(object));
  });
  valueOf("first", await api.get(one));
  valueOf("read", await api.get(one));
  expect(seen).toEqual(["GET", "GET", "GET"]);
  expect(errorOf(await api.merge(one, {}))).toMatchObject({ kind: "Unreachable" });
  expect(seen).toEqual(["GET", "GET", "GET", "PATCH"]);
});

test("requests that have ended leave nothing on the signal of the process", async () => {
  const api = await answering((request, response) => {
    response.end(request.url?.includes("watch") ? "" : JSON.stringify(object));
  });
  const ending = new AbortController();
  for (let round = 0; round < 20; round++) await api.get(one, { signal: ending.signal });
  const watch = valueOf("watch", await api.watch({ resourceVersion: "1", timeoutMs: 1000, signal: ending.signal }));
  expect((await watch.next()).done).toBe(true);
  await vi.waitFor(() => expect(getEventListeners(ending.signal, "abort")).toEqual([]));
  open.at(-1)!.closeAllConnections();
  open.at(-1)!.close();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(errorOf(await api.get(one, { signal: ending.signal }))).toMatchObject({ kind: "Unreachable" });
  expect(getEventListeners(ending.signal, "abort")).toEqual([]);
});

test("a token file that ends with a new line is read without it", async () => {
  const folder = await temporaryFolder();
  try {
    const tokenFile = path.join(folder.path, "token");
    await writeFile(tokenFile, "written by hand\n");
    const seen: (string | undefined)[] = [];
    const user = { authProvider: { name: "tokenFile", config: { tokenFile } } };
    const api = await answering((request, response) => {
      seen.push(request.headers.authorization);
      response.end(JSON.stringify(object));
    }, user);
    valueOf("get", await api.get(one));
    expect(seen).toEqual(["Bearer written by hand"]);
  } finally {
    await folder.remove();
  }
});

test("credentials that no header can hold are a failure that does not show them", async () => {
  const api = await answering(failing(200, object), { token: "half a\nsecret" });
  const error = errorOf(await api.get(one));
  expect(error).toMatchObject({ kind: "Unauthorized" });
  expect(JSON.stringify(error)).not.toContain("secret");
});

test("requests that run end on their connection when the certificate is renewed, and later ones use another", async () => {
  const agents = keptAgents();
  const [first, second] = ["first", "second"].map((cert) => agents.of(false, { cert }));
  expect(agents.of(false, { cert: "second" })).toBe(second);
  expect(second).not.toBe(first);
  const again = keptAgents();
  const sockets = new Set<unknown>();
  const server = createServer((request, response) => {
    sockets.add(request.socket);
    if (request.url === "/slow") setTimeout(() => response.end("slow"), 50);
    else response.end("quick");
  }).listen(0, "127.0.0.1");
  open.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const read = (url: string, cert: string) =>
    new Promise<string>((resolve, reject) => {
      get({ host: "127.0.0.1", port, path: url, agent: again.of(false, { cert }) }, (response) => {
        response.setEncoding("utf8").on("data", resolve);
      }).on("error", reject);
    });
  const slow = read("/slow", "first");
  await vi.waitFor(() => expect(sockets.size).toBe(1));
  expect(await read("/", "second")).toBe("quick");
  expect(await slow).toBe("slow");
  expect(sockets.size).toBe(2);
  again.close();
});
