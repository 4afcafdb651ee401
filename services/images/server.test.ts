import { type IncomingMessage, request } from "node:http";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Objects } from "#lib/objects/objects.ts";
import { eventually, temporaryFolder } from "#lib/testing/process.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";
import { openDerived } from "./derived.ts";
import { setUpLibvips } from "./render.ts";
import { bomb, lying, openBucket, photo, plain, type Service, startService, store } from "./testing.ts";
import { ENCODER } from "./variants.ts";

let s3: S3Server;
let objects: Objects;
let service: Service;
const services: Service[] = [];

beforeAll(async () => {
  setUpLibvips();
  s3 = await startS3();
  objects = openBucket(s3);
  await objects.ensureBucket();
  service = await startService(objects);
});

afterEach(async () => {
  for (const one of services.splice(0)) await one.close();
});

afterAll(async () => {
  await service?.close();
  await s3?.close();
});

const start = async (options: Parameters<typeof startService>[1], bucket = objects) => {
  const started = await startService(bucket, options);
  services.push(started);
  return started;
};
const ask = (path: string, options: { headers?: Record<string, string>; method?: string; of?: Service } = {}) =>
  new Promise<IncomingMessage & { body: Buffer }>((resolve, reject) => {
    const sent = request(`${(options.of ?? service).url}${path}`, {
      method: options.method ?? "GET",
      headers: options.headers ?? {},
    });
    sent.on("error", reject).on("response", (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      answer.on("end", () => resolve(Object.assign(answer, { body: Buffer.concat(chunks) })));
    });
    sent.end();
  });
const refusal = async (path: string, of?: Service) => {
  const answer = await ask(path, of ? { of } : {});
  const { error } = JSON.parse(String(answer.body)) as { error: { code: string; message: string } };
  return [answer.statusCode, error.code];
};
const count = async (of: Service, line: string) => {
  const found = (await of.metrics.metrics()).split("\n").find((one) => one.startsWith(line));
  return Number(found?.split(" ").at(-1) ?? 0);
};

test("an answer may be kept for ever, and its ETag names content, variant, format and encoder", async () => {
  const key = await store(objects, await plain(640, 480).jpeg().toBuffer());
  const answer = await ask(`/display/${key}`, { headers: { accept: "image/webp" } });
  const hash = key.split("/")[2]?.replace(".jpg", "");
  expect(answer.headers).toMatchObject({
    "cache-control": "public, max-age=31536000, immutable",
    "content-type": "image/webp",
    etag: `"${hash}-display-webp-${ENCODER}"`,
    vary: "Accept",
    "x-content-type-options": "nosniff",
  });
  const head = await ask(`/display/${key}`, { method: "HEAD", headers: { accept: "image/webp" } });
  expect([head.statusCode, head.headers["content-length"], head.body.length]).toEqual([
    200,
    String(answer.body.length),
    0,
  ]);
});

test("who has the ETag gets 304 without any work, also while the store is down; another format is another ETag", async () => {
  const key = await store(objects, await plain(640, 480, "navy").jpeg().toBuffer());
  const { headers } = await ask(`/thumb/${key}`);
  await s3.stop();
  try {
    const again = await ask(`/thumb/${key}`, { headers: { "if-none-match": `"other", W/${headers.etag}` } });
    expect([again.statusCode, again.headers.etag, again.headers.vary, again.body.length]).toEqual([
      304,
      headers.etag,
      "Accept",
      0,
    ]);
    const other = await ask(`/thumb/${key}`, {
      headers: { "if-none-match": String(headers.etag), accept: "image/webp" },
    });
    expect([other.statusCode, other.headers["cache-control"]]).toEqual([502, "no-store"]);
  } finally {
    await s3.start();
  }
});

test("a key that is none, an unknown query and a picture that is not there are told apart", async () => {
  expect(await refusal("/thumb/photos/../secret")).toEqual([400, "bad_request"]);
  expect(await refusal("/thumb/photos/ab/x.jpg")).toEqual([400, "bad_request"]);
  const absent = `photos/ab/${"ab".repeat(32)}.jpg`;
  expect(await refusal(`/thumb/${absent}?w=9999`)).toEqual([400, "bad_request"]);
  expect(await refusal(`/thumb/${absent}`)).toEqual([404, "no_such_image"]);
  expect(await refusal("/thumb/photos/12/12345678-1234-5234-8234-123456789abc.webp")).toEqual([404, "no_such_image"]);
  expect(await refusal("/thumb/photos/12/12345678-1234-5234-8234-123456789abc.heic")).toEqual([415, "not_an_image"]);
});

test("bombs are refused by what they claim, before anything is decoded", async () => {
  const png = bomb(30_000, 30_000);
  expect(png.length).toBeLessThan(200_000);
  const before = process.memoryUsage().rss;
  expect(await refusal(`/display/${await store(objects, png)}`)).toEqual([413, "too_large"]);
  const jpeg = await plain(640, 480).jpeg().toBuffer();
  expect(await refusal(`/thumb/${await store(objects, lying(jpeg, 65_000, 65_000))}`)).toEqual([413, "too_large"]);
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
});

test("a picture that claims more than it has, one that ends early and one that is damaged are refused", async () => {
  const jpeg = await photo(640, 480).jpeg().toBuffer();
  expect(await refusal(`/display/${await store(objects, lying(jpeg, 640, 4_800))}`)).toEqual([422, "broken_image"]);
  expect(await refusal(`/display/${await store(objects, jpeg.subarray(0, jpeg.length / 2))}`)).toEqual([
    422,
    "broken_image",
  ]);
  const png = await photo(640, 480).png().toBuffer();
  expect(await refusal(`/display/${await store(objects, png.fill(7, 60, 9_000))}`)).toEqual([422, "broken_image"]);
});

test.each([
  ["text", Buffer.from("this is no picture at all")],
  ["an empty file", Buffer.alloc(0)],
  [
    "SVG",
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>'),
  ],
  ["PDF", Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")],
  ["GIF", Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64")],
  ["a video", Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "latin1")],
  ["HEIC under another name", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1")],
])("%s is refused as no picture", async (_name, bytes) => {
  const [status, code] = await refusal(`/thumb/${await store(objects, bytes)}`);
  expect([
    [415, "not_an_image"],
    [422, "broken_image"],
  ]).toContainEqual([status, code]);
  expect(await count(service, `images_rejected_total{reason="${code}"`)).toBeGreaterThan(0);
});

test("libvips itself has no loader for what is not a photo, even if our own look were fooled", async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  await expect(sharp(svg).png().toBuffer()).rejects.toThrow(/unsupported image format|blocked/i);
});

test("a stored picture of too many bytes is refused before it is read", async () => {
  const small = await start({ limits: { inputBytes: 10_000 } });
  const key = await store(objects, await photo(640, 480).jpeg({ quality: 100 }).toBuffer());
  expect(await refusal(`/thumb/${key}`, small)).toEqual([413, "too_large"]);
  expect(await count(small, "images_bytes_total")).toBe(0);
});

test("equal requests at the same time are one making, and a kept picture is none", async () => {
  const folder = await temporaryFolder();
  const derived = await openDerived(folder.path, 1e6);
  const one = await start({ derived });
  const key = await store(objects, await photo(1600, 1200).jpeg().toBuffer());
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask(`/thumb/${key}`, { of: one })));
  expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body.toString("base64")}`)).size).toBe(1);
  expect(await count(one, "images_encode_seconds_count")).toBe(1);
  expect((await ask(`/thumb/${key}`, { of: one })).statusCode).toBe(200);
  expect(await count(one, "images_encode_seconds_count")).toBe(1);
  expect(await count(one, 'images_derived_total{result="hit"')).toBe(1);
  await folder.remove();
});

test("when as many wait as may, the next is told when to come again", async () => {
  const narrow = await start({ encodes: 1, queue: 1 }, held(objects));
  const keys = await smallPhotos(4);
  const answers = keys.slice(0, 3).map((key) => ask(`/thumb/${key}`, { of: narrow }));
  await eventually("one waits", () => narrow.pictures.gate.waiting === 1);
  const refused = await ask(`/thumb/${keys[3]}`, { of: narrow });
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "2"]);
  release();
  expect((await Promise.all(answers)).map((answer) => answer.statusCode)).toEqual([200, 200, 200]);
});

test("a client that leaves gives up its place in the queue", async () => {
  const narrow = await start({ encodes: 1, queue: 1 }, held(objects));
  const keys = await smallPhotos(3);
  const first = keys.slice(0, 2).map((key) => ask(`/thumb/${key}`, { of: narrow }));
  await eventually("two were let in", () => narrow.pictures.gate.running === 2);
  const leaving = request(`${narrow.url}/thumb/${keys[2]}`).on("error", () => {});
  leaving.end();
  await eventually("one waits", () => narrow.pictures.gate.waiting === 1);
  leaving.destroy();
  await eventually("nobody waits", () => narrow.pictures.gate.waiting === 0);
  release();
  expect((await Promise.all(first)).map((answer) => answer.statusCode)).toEqual([200, 200]);
});

const smallPhotos = (count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, seed) => store(objects, await photo(300, 200, seed).jpeg().toBuffer())),
  );

let release = () => {};
/** The bucket, which answers only after `release()`. */
function held(bucket: Objects): Objects {
  const { promise, resolve } = Promise.withResolvers<void>();
  release = resolve;
  return { ...bucket, get: (key, range) => promise.then(() => bucket.get(key, range)) };
}

test("originals are not given out unless told, since they tell where they were taken", async () => {
  const key = await store(objects, await plain(64, 48).jpeg().toBuffer());
  expect(await refusal(`/original/${key}`)).toEqual([403, "originals_off"]);
});

test("originals come byte for byte, in parts too", async () => {
  const open = await start({ originals: true });
  const bytes = await photo(640, 480).jpeg().toBuffer();
  const key = await store(objects, bytes);
  const whole = await ask(`/original/${key}`, { of: open });
  expect(whole.body.equals(bytes)).toBe(true);
  expect(whole.headers).toMatchObject({ "accept-ranges": "bytes", "content-type": "image/jpeg" });
  const etag = String(whole.headers.etag);

  const part = await ask(`/original/${key}`, { of: open, headers: { range: "bytes=100-199", "if-range": etag } });
  expect([part.statusCode, part.headers["content-range"]]).toEqual([206, `bytes 100-199/${bytes.length}`]);
  expect(part.body.equals(bytes.subarray(100, 200))).toBe(true);
  const stale = await ask(`/original/${key}`, { of: open, headers: { range: "bytes=100-199", "if-range": '"other"' } });
  expect([stale.statusCode, stale.body.length]).toEqual([200, bytes.length]);
  expect((await ask(`/original/${key}`, { of: open, headers: { range: `bytes=${bytes.length}-` } })).statusCode).toBe(
    416,
  );
  const head = await ask(`/original/${key}`, { of: open, method: "HEAD" });
  expect([head.headers["content-length"], head.body.length]).toEqual([String(bytes.length), 0]);
  expect((await ask(`/original/${key}`, { of: open, headers: { "if-none-match": etag } })).statusCode).toBe(304);
});

test("a stop lets the present picture be finished", async () => {
  const stopping = await startService(held(objects));
  const key = await store(objects, await photo(300, 200, 6).jpeg().toBuffer());
  const answer = ask(`/thumb/${key}`, { of: stopping });
  await eventually("it runs", () => stopping.pictures.gate.running === 1);
  const closed = stopping.close();
  release();
  expect((await answer).statusCode).toBe(200);
  await closed;
});
