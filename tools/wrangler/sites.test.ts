import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, mkdtemp, rm } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import type { Browser, Page, Response } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { launchChromium } from "#tools/chromium/browser.ts";

const given = (name: string): string => resolve(process.env[name] ?? "");
let browser: Browser;
let cloudflare: ChildProcess;
let origin: Server;
let folder: string;
let api: string;
let published: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudflare-"));
  browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
  origin = await startOrigin();
  const env = { ...process.env, PORT: "0", STATE_DIR: folder, CLOUDFLARE_API_TOKEN: "local" };
  const server = spawn(process.execPath, [given("CLOUDFLARE_MJS")], { env, stdio: ["ignore", "pipe", "inherit"] });
  cloudflare = server;
  api = await new Promise((done) => {
    let said = "";
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = /CLOUDFLARE_API_BASE_URL=(\S+)/.exec(said)?.[1];
      if (found !== undefined) done(found);
    });
  });
  published = await deploy("TRIPS_DEPLOY");
});
afterAll(async () => {
  await browser?.close();
  cloudflare?.kill();
  origin?.close().closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

/** A service that says what it was asked, and on a socket says it again. */
async function startOrigin(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { method, url } = request;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ method, url, body }));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, { url }) => socket.on("message", (data) => socket.send(`${url} ${String(data)}`)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** Publishes a site with its own target; variables are `NAME:VALUE`. */
async function deploy(program: string, ...vars: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    CLOUDFLARE_ACCOUNT_ID: "0".repeat(32),
    CLOUDFLARE_API_BASE_URL: api,
    CLOUDFLARE_API_TOKEN: "local",
    XDG_STATE_HOME: folder,
  };
  const args = vars.flatMap((one) => ["--var", one]);
  const { stdout, stderr } = await promisify(execFile)(given(program), args, { env });
  return stdout + stderr;
}

/** Opens the published site of trips; `basemap: false` lets the map's file fail. */
async function visit(seen: (response: Response) => void = () => {}, basemap = true): Promise<Page> {
  const page = await browser.newPage();
  page.on("response", seen);
  if (!basemap) await page.route("**/basemap.pmtiles", (route) => route.abort());
  await page.goto(`http://trips.workers.localhost:${new URL(api).port}/`);
  await page.waitForSelector("canvas", { state: "attached", timeout: 30_000 });
  return page;
}

/** Asks from within a page, with its cookies, policy and address. */
async function ask(page: Page, path: string, init: object = {}) {
  return (await page.evaluate(`(async () => {
    const answer = await fetch(${JSON.stringify(path)}, ${JSON.stringify({ cache: "no-store", ...init })});
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      size: bytes.length,
      text: String.fromCharCode(...bytes.slice(0, 2000)),
    };
  })()`)) as { status: number; headers: Record<string, string>; size: number; text: string };
}

/** The part of the pixels of two pictures that differ, 0 to 1. */
async function difference(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all([one, other].map((png) => sharp(png).removeAlpha().raw().toBuffer()));
  let differing = 0;
  for (let at = 0; at < a!.length; at += 3)
    if (a![at] !== b![at] || a![at + 1] !== b![at + 1] || a![at + 2] !== b![at + 2]) differing++;
  return differing / (a!.length / 3);
}

test("a browser loads what was deployed, and nothing in it breaks the policy of its headers", async () => {
  expect(published).toContain("published");
  const violations: string[] = [];
  const responses: Response[] = [];
  const page = await browser.newPage();
  await page.exposeFunction("violated", (text: string) => violations.push(text));
  const report = "({ violatedDirective, blockedURI }) => violated(`${violatedDirective} ${blockedURI}`)";
  await page.addInitScript({ content: `addEventListener("securitypolicyviolation", ${report});` });
  page.on("response", (response) => responses.push(response));
  await page.goto(`http://trips.workers.localhost:${new URL(api).port}/`);
  await page.waitForSelector("canvas", { state: "attached", timeout: 30_000 });
  expect(violations).toEqual([]);

  const [document] = responses;
  expect(document?.headers()["content-security-policy"]).toContain("worker-src 'self' blob:");
  expect(document?.headers()["strict-transport-security"]).toBe("max-age=63072000; includeSubDomains");
  expect(document?.headers()["cache-control"]).toBe("public, max-age=0, must-revalidate");
  const assets = responses.filter((response) => new URL(response.url()).pathname.startsWith("/assets/"));
  expect(assets.length).toBeGreaterThan(0);
  for (const asset of assets) {
    expect(asset.headers()["cache-control"]).toBe("public, max-age=31536000, immutable");
  }
});

test("the map is drawn from ranges of the basemap", async () => {
  const ranges: number[] = [];
  const page = await visit((response) => {
    if (response.url().endsWith("/basemap.pmtiles")) ranges.push(response.status());
  });
  await expect.poll(() => ranges.length).toBeGreaterThan(1);
  expect(new Set(ranges)).toEqual(new Set([206]));
  const bare = await (await visit(undefined, false)).screenshot();
  await expect.poll(async () => difference(await page.screenshot(), bare)).toBeGreaterThan(0.1);
});

test("ranges of the basemap are those of the file, with its headers", async () => {
  const file = await readFile(join(given("TRIPS_DIST"), "basemap.pmtiles"));
  const page = await visit();
  const ranged = (range: string, more: object = {}) => ask(page, "/basemap.pmtiles", { headers: { range, ...more } });
  const head = await ask(page, "/basemap.pmtiles", { method: "HEAD" });
  expect(head.headers).toMatchObject({ "accept-ranges": "bytes", "content-length": String(file.length) });
  const part = await ranged("bytes=0-126");
  expect([part.status, part.size, part.text]).toEqual([206, 127, file.subarray(0, 127).toString("latin1")]);
  expect(part.headers).toMatchObject({
    "content-range": `bytes 0-126/${file.length}`,
    "content-length": "127",
    etag: head.headers["etag"],
    "x-content-type-options": "nosniff",
  });
  const last = await ranged("bytes=-10");
  expect([last.status, last.text]).toEqual([206, file.subarray(-10).toString("latin1")]);
  const beyond = await ranged(`bytes=${file.length}-`);
  expect([beyond.status, beyond.headers["content-range"]]).toEqual([416, `bytes */${file.length}`]);
  expect((await ranged("bytes=0-9", { "if-range": head.headers["etag"] })).status).toBe(206);
  expect((await ranged("bytes=0-9", { "if-range": '"another"' })).size).toBe(file.length);
  expect((await ask(page, "/basemap.pmtiles", { headers: { "if-none-match": head.headers["etag"] } })).status).toBe(
    304,
  );
});

test("the service answers through the site, sockets too; without one the site says so", async () => {
  const { port } = origin.address() as AddressInfo;
  await deploy("TRIPS_DEPLOY", `API_ORIGIN:http://127.0.0.1:${port}/trips`);
  const page = await visit();
  const answer = await ask(page, "/api/points?a=b%20c", { method: "POST", body: "hello" });
  expect(JSON.parse(answer.text)).toEqual({ method: "POST", url: "/trips/api/points?a=b%20c", body: "hello" });
  expect(JSON.parse((await ask(page, "/images/1.jpg")).text)).toMatchObject({ url: "/trips/images/1.jpg" });
  const said = await page.evaluate(`new Promise((done, fail) => {
    const socket = new WebSocket("ws://" + location.host + "/api/live?after=7");
    socket.onopen = () => socket.send("hello");
    socket.onmessage = ({ data }) => done(data);
    socket.onerror = () => fail(new Error("the socket failed"));
  })`);
  expect(said).toBe("/trips/api/live?after=7 hello");

  const nobody = createServer().listen(0, "127.0.0.1");
  await once(nobody, "listening");
  const free = (nobody.address() as AddressInfo).port;
  await once(nobody.close(), "close");
  await deploy("TRIPS_DEPLOY", `API_ORIGIN:http://127.0.0.1:${free}`);
  const down = await ask(page, "/api/points");
  expect([down.status, JSON.parse(down.text).error.code]).toEqual([502, "bad_gateway"]);
  await deploy("TRIPS_DEPLOY");
  const unset = await ask(page, "/api/points");
  expect([unset.status, JSON.parse(unset.text).error.code]).toEqual([503, "no_origin"]);
});
