import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { type IncomingMessage, createServer, request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";

import { createHealth } from "#lib/service/health.ts";
import { createLogger } from "#lib/service/logs.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { freePort, temporaryFolder } from "#lib/testing/process.ts";

import { parseSystems } from "./config.ts";
import { buildServer, cacheControl } from "./server.ts";

const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251));
const stops: (() => unknown)[] = [];
let door = "";

beforeAll(async () => {
  const site = await temporaryFolder();
  mkdirSync(join(site.path, "assets"));
  writeFileSync(join(site.path, "index.html"), "<!doctype html><title>Trips</title>");
  writeFileSync(join(site.path, "assets", "main-ABCD2345.js"), "export {};");
  writeFileSync(join(site.path, "world.pmtiles"), bytes);
  writeFileSync(join(site.path, ".secret"), "no");

  const service = createServer((asked, response) => {
    const chunks: Buffer[] = [];
    asked.on("data", (chunk: Buffer) => chunks.push(chunk));
    asked.on("end", () => {
      const seen = {
        method: asked.method,
        url: asked.url,
        from: asked.headers["x-forwarded-for"],
        body: Buffer.concat(chunks).toString(),
      };
      response.writeHead(asked.url === "/api/gone" ? 410 : 200, { "content-type": "application/json", etag: '"e"' });
      response.end(JSON.stringify(seen));
    });
  });
  const sockets = new WebSocketServer({ server: service });
  sockets.on("connection", (socket, asked) => {
    socket.send(JSON.stringify({ type: "hello", url: asked.url, from: asked.headers["x-forwarded-for"] }));
    socket.on("message", (data) =>
      String(data) === "leave" ? socket.close(1013, "too slow") : socket.send(`echo ${data}`),
    );
  });
  const port = await freePort();
  await new Promise<void>((listening) => service.listen(port, "127.0.0.1", listening));

  const server = await buildServer({
    systems: [
      {
        name: "trips",
        title: "Trips",
        about: "Photos <live>",
        site: site.path,
        api: `http://127.0.0.1:${port}`,
        images: `http://127.0.0.1:${port}`,
      },
      { name: "ships", title: "Ships", about: "Boats", site: null, api: `http://127.0.0.1:${await freePort()}` },
    ],
    logger: createLogger({ name: "front-door", level: "silent" }),
    health: createHealth([]),
    metrics: createMetrics("front-door"),
  });
  door = await server.listen({ host: "127.0.0.1", port: 0 });
  stops.push(
    () => server.close(),
    () => sockets.close(),
    () => service.close(),
    site.remove,
  );
});

afterAll(async () => {
  for (const stop of stops) await stop();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${door}${path}`, { headers, redirect: "manual" });

test("the page at / lists the systems, links the sites that were built and escapes what it shows", async () => {
  const answer = await get("/");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const page = await answer.text();
  expect(page).toContain('<a href="/trips/">');
  expect(page).toContain("Photos &lt;live&gt;");
  expect(page).not.toContain('href="/ships/"');
});

test("a site is served below its name, with its pages never kept and its hashed files kept for ever", async () => {
  const bare = await get("/trips");
  expect([bare.status, bare.headers.get("location")]).toEqual([308, "/trips/"]);
  const page = await get("/trips/");
  expect(page.headers.get("content-type")).toMatch(/^text\/html/);
  expect(page.headers.get("cache-control")).toBe("no-store");
  const script = await get("/trips/assets/main-ABCD2345.js");
  expect(script.headers.get("content-type")).toMatch(/javascript/);
  expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(script.headers.get("x-content-type-options")).toBe("nosniff");
});

test("ranges of the basemap come as 206 with exactly those bytes, and impossible ones as 416", async () => {
  const part = await get("/trips/world.pmtiles", { range: "bytes=127-1126" });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 127-1126/5000"]);
  expect(part.headers.get("content-type")).toBe("application/vnd.pmtiles");
  const got = Buffer.from(await part.arrayBuffer());
  expect(createHash("sha256").update(got).digest("hex")).toBe(
    createHash("sha256").update(bytes.subarray(127, 1127)).digest("hex"),
  );
  expect((await get("/trips/world.pmtiles", { range: "bytes=9000-" })).status).toBe(416);
  const whole = await get("/trips/world.pmtiles");
  expect([whole.status, whole.headers.get("accept-ranges"), whole.headers.get("cache-control")]).toEqual([
    200,
    "bytes",
    "no-cache",
  ]);
  // fetch itself adds `cache-control: no-cache` to conditional requests, so that no server would answer 304.
  const again = request(`${door}/trips/world.pmtiles`, {
    headers: { "if-none-match": whole.headers.get("etag") ?? "" },
  }).end();
  const [answer] = (await once(again, "response")) as [IncomingMessage];
  expect(answer.resume().statusCode).toBe(304);
});

test("nothing outside a site can be read, and hidden files are not served", async () => {
  for (const path of [
    "/trips/..%2f..%2fetc%2fpasswd",
    "/trips/%2e%2e/%2e%2e/etc/passwd",
    "/trips/.secret-not",
    "/trips/absent.js",
  ]) {
    expect((await get(path)).status).toBeGreaterThanOrEqual(400);
  }
  const page = await get("/trips/absent", { accept: "text/html" });
  expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
});

test("what lies below api/ is handed to the service with method, query, body and status", async () => {
  const points = await get("/trips/api/points?after=5");
  expect(await points.json()).toMatchObject({ method: "GET", url: "/api/points?after=5" });
  expect(points.headers.get("etag")).toBe('"e"');
  const posted = await fetch(`${door}/trips/api/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"a":1}',
  });
  expect(await posted.json()).toMatchObject({ method: "POST", url: "/api/faults", body: '{"a":1}' });
  expect((await get("/trips/api/gone")).status).toBe(410);
});

test("a service that does not answer is a 502 that says so", async () => {
  const answer = await get("/ships/api/positions");
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([502, "2"]);
  expect(await answer.json()).toMatchObject({
    error: { code: "bad_gateway", message: expect.stringContaining("Ships") },
  });
});

test("a WebSocket goes through in both directions, with its query and its close code", async () => {
  const socket = new WebSocket(`${door.replace("http", "ws")}/trips/api/live?after=7`);
  const messages: string[] = [];
  socket.on("message", (data) => {
    messages.push(String(data));
    if (messages.length === 1) socket.send("ping");
    if (messages.length === 2) socket.send("leave");
  });
  const code = await new Promise((closed) => socket.on("close", closed));
  expect(JSON.parse(messages[0] ?? "")).toEqual({
    type: "hello",
    url: "/api/live?after=7",
    from: "127.0.0.1",
  });
  expect(messages[1]).toBe("echo ping");
  expect(code).toBe(1013);
});

test("names with a content hash are told from names that only look alike", () => {
  expect(cacheControl("/s/main-ABCD2345.js")).toContain("immutable");
  expect(cacheControl("/s/inter-latin-wght-normal-UH2QYHJ5.woff2")).toContain("immutable");
  expect(cacheControl("/s/favicon.svg")).toBe("no-cache");
  expect(cacheControl("/s/maplibre-gl.js")).toBe("no-cache");
});

test("the service behind is told for whom a request is made, and what proxies before said of it", async () => {
  expect(await (await get("/trips/api/points")).json()).toMatchObject({ from: "127.0.0.1" });
  const proxied = await get("/trips/api/points", { "x-forwarded-for": "203.0.113.9" });
  expect(await proxied.json()).toMatchObject({ from: "203.0.113.9, 127.0.0.1" });
});

test("pictures come from the service that makes them, at its root", async () => {
  const answer = await get("/trips/images/thumb/photos/ab/picture.jpg");
  expect(await answer.json()).toMatchObject({ method: "GET", url: "/thumb/photos/ab/picture.jpg" });
  expect((await get("/ships/images/thumb/photos/ab/picture.jpg")).status).toBe(404);
});

test("SYSTEMS that cannot be read says what was expected", () => {
  expect(() => parseSystems("{")).toThrow(/SYSTEMS is not JSON/);
  expect(() => parseSystems('[{"name":"a b"}]')).toThrow(/SYSTEMS is not a list/);
});
