import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Objects, openObjects } from "#lib/objects/objects.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";
import { plainPhoto, serve, type Serving } from "./testing/serving.ts";

let s3: S3Server;
let objects: Objects;
beforeAll(async () => {
  s3 = await startS3();
  objects = openObjects({ ...s3, bucket: "trips" });
  await objects.ensureBucket();
});
afterAll(() => s3.close());

let serving: Serving;
beforeEach(async () => {
  serving = await serve(objects);
});
afterEach(() => serving.server.close());

test("points, one point and stats are answered from what was folded", async () => {
  serving.fold("a");
  serving.fold("b");
  expect(await serving.json("/api/points")).toMatchObject([
    200,
    {
      points: [
        { id: "a", seq: 1 },
        { id: "b", seq: 2 },
      ],
      seq: 2,
    },
  ]);
  expect(await serving.json("/api/points?after=1&limit=5")).toMatchObject([200, { points: [{ id: "b" }], seq: 2 }]);
  expect(await serving.json("/api/points/b")).toEqual([200, { ...plainPhoto("b"), seq: 2, trip: "auto-2026-05-01" }]);
  expect(await serving.json("/api/points/c")).toEqual([
    404,
    { error: { code: "no_such_point", message: "There is no point c." } },
  ]);
  const at = "2026-05-01T10:00:00.000Z";
  expect(await serving.json("/api/stats")).toEqual([
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
    expect(await serving.json(path), path).toMatchObject([400, { error: { code: "bad_request" } }]);
  }
});

test("until the history is replayed nobody is told half a trip", async () => {
  serving.health.waiting("replay", "the history is being read");
  expect(await serving.json("/api/points")).toMatchObject([503, { error: { code: "replaying" } }]);
  const { socket } = serving.watch();
  const [error] = await new Promise<unknown[]>((resolve) => socket.on("error", (...args) => resolve(args)));
  expect(String(error)).toContain("503");
  expect((await fetch(`${serving.url}/readyz`)).status).toBe(503);
});

test("no answer allows another origin", async () => {
  const response = await fetch(`${serving.url}/api/points`, { headers: { origin: "https://example.org" } });
  expect(response.headers.get("access-control-allow-origin")).toBeNull();
});

test("a picture comes from the store, to be kept for ever", async () => {
  const bytes = new Uint8Array(300_000).map((_, index) => index);
  const hash = createHash("sha256").update(bytes).digest("hex");
  const key = `photos/${hash.slice(0, 2)}/${hash}.jpg`;
  await objects.put(key, bytes, "image/jpeg");
  expect((await fetch(`${serving.url}/api/images/${key}`)).status, "no point has it yet").toBe(404);
  serving.fold(hash.slice(0, 32), [], { key, width: 10, height: 10, bytes: 300_000 });

  const response = await fetch(`${serving.url}/api/images/${key}`);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "image/jpeg",
    "content-length": "300000",
    "cache-control": "public, max-age=31536000, immutable",
    etag: `"${hash}"`,
  });
  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
  const known = await fetch(`${serving.url}/api/images/${key}`, { headers: { "if-none-match": `W/"${hash}"` } });
  expect([known.status, await known.text()]).toEqual([304, ""]);
  const head = await fetch(`${serving.url}/api/images/${key}`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, "300000"]);
  serving.store.apply({ kind: "deletion", seq: serving.store.seq + 1, id: hash.slice(0, 32) });
  expect((await fetch(`${serving.url}/api/images/${key}`)).status, "its point is deleted").toBe(404);
});

test("a preview and a picture with a key of its own are found by their point, with their types", async () => {
  const [heic, jpeg] = ["1", "2"].map((digit) => `photos/aa/aaaaaaaa-0000-5000-8000-00000000000${digit}`);
  const image = { key: `${heic}.heic`, width: 1, height: 1, bytes: 4, type: "image/heic" };
  await objects.put(`${heic}.heic`, Buffer.from("heic"), "image/heic");
  await objects.put(`${jpeg}.jpg`, Buffer.from("jpeg"), "image/jpeg");
  serving.fold("p", [], { ...image, preview: { key: `${jpeg}.jpg`, width: 1, height: 1, bytes: 4 } });
  const typeOf = async (key: string) => (await fetch(`${serving.url}/api/images/${key}`)).headers.get("content-type");
  expect([await typeOf(`${heic}.heic`), await typeOf(`${jpeg}.jpg`)]).toEqual(["image/heic", "image/jpeg"]);
});

test("a picture that is not there is 404 and not kept, a key of another shape is 400, a store that is away is 502", async () => {
  const key = `photos/aa/${"a".repeat(64)}.jpg`;
  const absent = await fetch(`${serving.url}/api/images/${key}`);
  expect([absent.status, absent.headers.get("cache-control")]).toEqual([404, "no-store"]);
  serving.fold("a".repeat(32), [], { key, width: 1, height: 1, bytes: 1 });
  expect((await fetch(`${serving.url}/api/images/${key}`)).status, "the store has lost it").toBe(404);
  expect((await fetch(`${serving.url}/api/images/photos/../secrets`)).status).toBe(400);
  expect((await fetch(`${serving.url}/api/images/photos%2F..%2Fsecrets`)).status).toBe(400);
  await s3.stop();
  const away = await fetch(`${serving.url}/api/images/${key}`);
  expect([away.status, await away.json()]).toMatchObject([502, { error: { code: "store_unavailable" } }]);
  await s3.start();
});
