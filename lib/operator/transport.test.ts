import { getEventListeners } from "node:events";
import { writeFile } from "node:fs/promises";
import { get } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, test, vi } from "vitest";
import { temporaryFolder } from "#lib/testing/process.ts";
import { valueOf } from "./errors.ts";
import { httpServer } from "./http-api.ts";
import { answering, configOf, errorOf, failing, object, one, serving } from "./http-world.ts";
import type { KubeObject } from "./object.ts";
import { configMaps } from "./resources.ts";
import { keptAgents } from "./transport.ts";

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
  await api.leave();
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
  const sockets = new Set<unknown>();
  const { port } = await serving((request, response) => {
    sockets.add(request.socket);
    if (request.url === "/slow") setTimeout(() => response.end("slow"), 50);
    else response.end("quick");
  });
  const read = (url: string, cert: string) =>
    new Promise<string>((resolve, reject) => {
      get({ host: "127.0.0.1", port, path: url, agent: agents.of(false, { cert }) }, (response) => {
        response.setEncoding("utf8").on("data", resolve);
      }).on("error", reject);
    });
  const slow = read("/slow", "first");
  await vi.waitFor(() => expect(sockets.size).toBe(1));
  expect(await read("/", "second")).toBe("quick");
  expect(await slow).toBe("slow");
  expect(sockets.size).toBe(2);
  agents.close();
});

test("a proxy that the configuration names is gone through", async () => {
  const seen: (string | undefined)[] = [];
  const target = await serving((request, response) => {
    seen.push(request.url, request.headers.authorization);
    response.end(JSON.stringify(object));
  });
  const proxy = await serving(() => {});
  proxy.server.on("connect", (request, socket) => {
    seen.push(request.url);
    const through = connect(target.port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(through).pipe(socket);
    });
  });
  const server = httpServer(configOf("http://api.example:6443", { token: "t" }, `http://127.0.0.1:${proxy.port}`));
  valueOf("get", await server.api<KubeObject>(configMaps).get(one));
  server.close();
  expect(seen).toEqual(["api.example:6443", "/api/v1/namespaces/default/configmaps/one", "Bearer t"]);
});
