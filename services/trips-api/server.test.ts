import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import WebSocket from "ws";
import { type Objects, openObjects } from "#lib/objects/objects.ts";
import type { LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import type { Image, Photo } from "#lib/schemas/trips/v1/photo.ts";
import { createHealth, type Health } from "#lib/service/health.ts";
import { type HttpServer, listen } from "#lib/service/http.ts";
import { createLogger } from "#lib/service/logs.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { eventually } from "#lib/testing/process.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";
import { createAccess } from "./access.ts";
import { LIMITS } from "./limits.ts";
import { createLive, type Live, LIVE_LIMITS } from "./live.ts";
import { createReader } from "./reader.ts";
import { buildServer } from "./server.ts";
import { createTripStore, type TripStore } from "./store.ts";

let s3: S3Server;
let objects: Objects;
beforeAll(async () => {
  s3 = await startS3();
  objects = openObjects({ ...s3, bucket: "trips" });
  await objects.ensureBucket();
});
afterAll(() => s3.close());

let store: TripStore;
let live: Live;
let health: Health;
let server: HttpServer;
let url: string;
let slow = 0;
beforeEach(async () => {
  store = createTripStore();
  const reader = createReader(store);
  const slowness = { bufferedBytes: 64 * 1024, stallMs: 1_000, pingMs: 1_000 };
  live = createLive(reader, { ...LIVE_LIMITS, ...slowness, digestMs: 50 }, () => slow++);
  health = createHealth(["replay"]);
  health.ready("replay");
  slow = 0;
  const logger = createLogger({ name: "test", level: "silent" });
  server = await buildServer({
    ...{ reader, live, objects, logger, health, metrics: createMetrics("test") },
    access: createAccess(store, { keys: [], reads: "public" }),
    ...{ limits: LIMITS, publicUrl: null, history: () => null, publish: () => null },
  });
  url = await listen(server, { HOST: "127.0.0.1", PORT: 0 });
});
afterEach(() => server.close());

const photo = (id: string, tags: string[] = [], image: Image | null = null): Photo => ({
  id,
  takenAt: "2026-05-01T10:00:00.000Z",
  lat: 57.5,
  lng: -4.2,
  elevation: null,
  image,
  camera: "gopro",
  tags,
  exposure: { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null },
});
function fold(id: string, tags: string[] = [], image: Image | null = null) {
  store.apply({ kind: "photo", seq: store.seq + 1, photo: photo(id, tags, image) });
  live.changed();
}
function watch(query = "") {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/live${query}`);
  const messages: LiveMessage[] = [];
  socket.on("message", (data) => void messages.push(JSON.parse(String(data)) as LiveMessage));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  const seqs = () =>
    messages.flatMap((message) => (message.type === "point" || message.type === "deletion" ? [message.seq] : []));
  return { socket, messages, closed, seqs };
}
const json = async (path: string) => {
  const response = await fetch(url + path);
  return [response.status, await response.json()];
};

test("points, one point and stats are answered from what was folded", async () => {
  fold("a");
  fold("b");
  expect(await json("/api/points")).toMatchObject([
    200,
    {
      points: [
        { id: "a", seq: 1 },
        { id: "b", seq: 2 },
      ],
      seq: 2,
    },
  ]);
  expect(await json("/api/points?after=1&limit=5")).toMatchObject([200, { points: [{ id: "b" }], seq: 2 }]);
  expect(await json("/api/points/b")).toEqual([200, { ...photo("b"), seq: 2, trip: "auto-2026-05-01" }]);
  expect(await json("/api/points/c")).toEqual([
    404,
    { error: { code: "no_such_point", message: "There is no point c." } },
  ]);
  const at = "2026-05-01T10:00:00.000Z";
  expect(await json("/api/stats")).toEqual([
    200,
    {
      ...{ points: 2, firstAt: at, lastAt: at, viewers: 0, seq: 2, unreadable: 0 },
      digest: { seq: 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
  ]);
});

test("input that does not fit is refused with 400 and the reason", async () => {
  for (const path of [
    "/api/points?after=-1",
    "/api/points?limit=0",
    "/api/points?limit=x",
    "/api/points?ofset=1",
    "/api/points/a.b",
  ]) {
    expect(await json(path), path).toMatchObject([400, { error: { code: "bad_request" } }]);
  }
});

test("until the history is replayed nobody is told half a trip", async () => {
  health.waiting("replay", "the history is being read");
  expect(await json("/api/points")).toMatchObject([503, { error: { code: "replaying" } }]);
  const { socket } = watch();
  const [error] = await new Promise<unknown[]>((resolve) => socket.on("error", (...args) => resolve(args)));
  expect(String(error)).toContain("503");
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
});

test("no answer allows another origin", async () => {
  const response = await fetch(`${url}/api/points`, { headers: { origin: "https://example.org" } });
  expect(response.headers.get("access-control-allow-origin")).toBeNull();
});

test("a viewer gets hello and then every change, in order", async () => {
  fold("before");
  const viewer = watch();
  await eventually("hello", () => viewer.messages[0]);
  expect(viewer.messages[0]).toEqual({ type: "hello", seq: 1, viewers: 1 });
  fold("a");
  store.apply({ kind: "deletion", seq: 3, id: "before" });
  live.changed();
  await eventually("both changes", () => viewer.seqs().length === 2);
  expect(viewer.messages.filter(({ type }) => type === "point" || type === "deletion")).toMatchObject([
    { type: "point", seq: 2, point: { id: "a", seq: 2 } },
    { type: "deletion", seq: 3, id: "before" },
  ]);
  viewer.socket.close();
});

test("a viewer who resumes gets what it missed, also much of it, and then what is new", async () => {
  for (let number = 0; number < 3_000; number++) fold(`p${number}`);
  const viewer = watch("?after=10");
  await eventually("all changes", () => viewer.seqs().length === 2_990);
  fold("new");
  await eventually("the new one", () => viewer.seqs().at(-1) === 3_001);
  expect(viewer.seqs()).toEqual(Array.from({ length: 2_991 }, (_, index) => index + 11));
  viewer.socket.close();
});

test("a viewer ahead of the stream is told its end, and gets what comes next", async () => {
  const viewer = watch("?after=99");
  await eventually("hello", () => viewer.messages[0]);
  expect(viewer.messages[0]).toMatchObject({ seq: 0 });
  fold("a");
  await eventually("the change", () => viewer.seqs().length === 1);
  viewer.socket.close();
});

test("viewers are counted as they come and go", async () => {
  const first = watch();
  await eventually("hello", () => first.messages[0]);
  const second = watch();
  await eventually("two", () => first.messages.some((message) => message.type === "viewers" && message.count === 2));
  expect((await json("/api/stats"))[1]).toMatchObject({ viewers: 2 });
  second.socket.close();
  await eventually("one", () => first.messages.findLast((message) => message.type === "viewers")?.count === 1);
  first.socket.close();
});

test("a ping is answered, anything else closes the socket with 1008", async () => {
  const viewer = watch();
  await eventually("hello", () => viewer.messages[0]);
  viewer.socket.send('{"type":"ping"}');
  await eventually("pong", () => viewer.messages.some(({ type }) => type === "pong"));
  viewer.socket.send('{"type":"dance"}');
  expect(await viewer.closed).toBe(1008);
});

test("a slow viewer is closed with 1013, holds up nobody, and can resume", async () => {
  const [lazy, keen] = [watch(), watch()];
  await eventually("both are in", () => lazy.messages[0] && keen.messages[0]);
  lazy.socket.pause();
  const tags = Array.from({ length: 32 }, (_, index) => `${index}`.padEnd(64, "x"));
  for (let number = 0; number < 6_000; number++) {
    fold(`p${number}`, tags);
    if (number % 100 === 0) await new Promise(setImmediate);
  }
  await eventually("the keen one has all", () => keen.seqs().length === 6_000);
  await eventually("the lazy one is given up", () => slow === 1);
  lazy.socket.resume();
  expect(await lazy.closed).toBe(1013);
  const last = lazy.seqs().at(-1)!;
  expect(lazy.seqs()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  const again = watch(`?after=${last}`);
  await eventually("the rest", () => again.seqs().at(-1) === 6_000);
  expect(again.seqs()).toHaveLength(6_000 - last);
  keen.socket.close();
  again.socket.close();
}, 30_000);

test("a viewer that answers no WebSocket ping is cut off", async () => {
  const viewer = new WebSocket(`${url.replace("http", "ws")}/api/live`, { autoPong: false });
  const code = await new Promise<number>((resolve) => viewer.on("close", resolve));
  expect(code).toBe(1006);
  await eventually("nobody watches", () => live.viewers() === 0);
});

test("a picture comes from the store, to be kept for ever", async () => {
  const bytes = new Uint8Array(300_000).map((_, index) => index);
  const hash = createHash("sha256").update(bytes).digest("hex");
  const key = `photos/${hash.slice(0, 2)}/${hash}.jpg`;
  await objects.put(key, bytes, "image/jpeg");
  expect((await fetch(`${url}/api/images/${key}`)).status, "no point has it yet").toBe(404);
  fold(hash.slice(0, 32), [], { key, width: 10, height: 10, bytes: 300_000 });

  const response = await fetch(`${url}/api/images/${key}`);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "image/jpeg",
    "content-length": "300000",
    "cache-control": "public, max-age=31536000, immutable",
    etag: `"${hash}"`,
  });
  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
  const known = await fetch(`${url}/api/images/${key}`, { headers: { "if-none-match": `W/"${hash}"` } });
  expect([known.status, await known.text()]).toEqual([304, ""]);
  const head = await fetch(`${url}/api/images/${key}`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, "300000"]);
  store.apply({ kind: "deletion", seq: store.seq + 1, id: hash.slice(0, 32) });
  expect((await fetch(`${url}/api/images/${key}`)).status, "its point is deleted").toBe(404);
});

test("a preview and a picture with a key of its own are found by their point, with their types", async () => {
  const [heic, jpeg] = ["1", "2"].map((digit) => `photos/aa/aaaaaaaa-0000-5000-8000-00000000000${digit}`);
  const image = { key: `${heic}.heic`, width: 1, height: 1, bytes: 4, type: "image/heic" };
  await objects.put(`${heic}.heic`, Buffer.from("heic"), "image/heic");
  await objects.put(`${jpeg}.jpg`, Buffer.from("jpeg"), "image/jpeg");
  fold("p", [], { ...image, preview: { key: `${jpeg}.jpg`, width: 1, height: 1, bytes: 4 } });
  const typeOf = async (key: string) => (await fetch(`${url}/api/images/${key}`)).headers.get("content-type");
  expect([await typeOf(`${heic}.heic`), await typeOf(`${jpeg}.jpg`)]).toEqual(["image/heic", "image/jpeg"]);
});

test("a picture that is not there is 404 and not kept, a key of another shape is 400, a store that is away is 502", async () => {
  const key = `photos/aa/${"a".repeat(64)}.jpg`;
  const absent = await fetch(`${url}/api/images/${key}`);
  expect([absent.status, absent.headers.get("cache-control")]).toEqual([404, "no-store"]);
  fold("a".repeat(32), [], { key, width: 1, height: 1, bytes: 1 });
  expect((await fetch(`${url}/api/images/${key}`)).status, "the store has lost it").toBe(404);
  expect((await fetch(`${url}/api/images/photos/../secrets`)).status).toBe(400);
  expect((await fetch(`${url}/api/images/photos%2F..%2Fsecrets`)).status).toBe(400);
  await s3.stop();
  const away = await fetch(`${url}/api/images/${key}`);
  expect([away.status, await away.json()]).toMatchObject([502, { error: { code: "store_unavailable" } }]);
  await s3.start();
});

test("when the service stops its viewers are told 1001", async () => {
  const viewer = watch();
  await eventually("hello", () => viewer.messages[0]);
  await server.close();
  expect(await viewer.closed).toBe(1001);
});
