import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openMessaging, type Messaging } from "#lib/messaging/connection.ts";
import { publishEvent } from "#lib/messaging/events.ts";
import { ensureStream } from "#lib/messaging/stream.ts";
import { type Objects, openObjects } from "#lib/objects/objects.ts";
import { type Photo, PhotoSchema, photoSubject } from "#lib/schemas/trips/v1/photo.ts";
import { TRIPS_STREAM, TRIPS_SUBJECTS } from "#lib/schemas/trips/v1/stream.ts";
import { type NatsServer, startNats } from "#lib/testing/nats.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";
import type { Origin } from "./prepare.ts";
import { type PublishDeps, storeAndPublish, storeVerified } from "./publish.ts";
import { HEIC } from "./testing/heic.ts";
import { glencoe, jpegWith } from "./testing/jpegs.ts";

let nats: NatsServer;
let s3: S3Server;
let messaging: Messaging;
let objects: Objects;
let deps: PublishDeps;

beforeAll(async () => {
  [nats, s3] = await Promise.all([startNats(), startS3()]);
  messaging = await openMessaging({ url: nats.url, name: "test" });
  await ensureStream(messaging, { name: TRIPS_STREAM, subjects: TRIPS_SUBJECTS });
});
afterAll(async () => {
  await messaging.close();
  await Promise.all([nats.close(), s3.close()]);
});
beforeEach(async () => {
  await messaging.manager.streams.purge(TRIPS_STREAM);
  objects = openObjects({ ...s3, bucket: `trips-${randomUUID()}` });
  await objects.ensureBucket();
  deps = { objects, publish, now: Date.now, storeAside: false };
});

const publish = (photo: Photo) =>
  publishEvent(messaging, { subject: photoSubject(photo), id: photo.id, schema: PhotoSchema, value: photo });
const origin: Origin = { camera: "one", source: "import" };
const stored = async () => (await messaging.manager.streams.info(TRIPS_STREAM)).state.messages;
let number = 0;
/** A picture that no other test has: the stream remembers ids for a day. */
const fresh = () => jpegWith(glencoe({ image: { 0x010e: `picture ${number++}` } }));

test("a picture is in the store and in the stream, with its preview", async () => {
  const outcome = await storeAndPublish(HEIC, origin, deps);
  if (outcome.kind !== "published") throw new Error(outcome.kind);
  const { image } = outcome.photo;
  expect(outcome).toMatchObject({ stored: "new", published: { duplicate: false } });
  expect(await objects.head(image!.key)).toMatchObject({ bytes: HEIC.length, contentType: "image/heic" });
  expect(await objects.head(image!.preview!.key)).toMatchObject({ contentType: "image/jpeg" });
  expect(await stored()).toBe(1);
});

test("the same bytes again, under any name, are stored once and published once", async () => {
  const bytes = await fresh();
  await storeAndPublish(bytes, { ...origin, name: "a.jpg" }, deps);
  expect(await storeAndPublish(bytes, { ...origin, name: "b.jpg" }, deps)).toMatchObject({
    kind: "published",
    stored: "there",
    published: { duplicate: true },
  });
  expect(await stored()).toBe(1);
});

test("the event never goes before the object: with the store away nothing is published", async () => {
  await s3.stop();
  try {
    const outcome = await storeAndPublish(await fresh(), origin, deps);
    expect(outcome).toMatchObject({ kind: "later", part: "objects", error: { code: "Unreachable" } });
    expect(await stored()).toBe(0);
  } finally {
    await s3.start();
  }
});

test("with the stream away the object is stored, and a second try completes it", async () => {
  const bytes = await fresh();
  const away = { ...deps, publish: () => Promise.reject(new Error("no stream")) };
  expect(await storeAndPublish(bytes, origin, away)).toMatchObject({ kind: "later", part: "stream" });
  expect(await storeAndPublish(bytes, origin, deps)).toMatchObject({ kind: "published", stored: "there" });
  expect(await stored()).toBe(1);
});

test("an object that was left short, or holds other bytes of the same length, is put again", async () => {
  const bytes = await fresh();
  const first = await storeAndPublish(bytes, origin, deps);
  if (first.kind !== "published") throw new Error(first.kind);
  const { key } = first.photo.image!;
  for (const wrong of [bytes.subarray(0, 100), new Uint8Array(bytes.length)]) {
    await objects.put(key, wrong, "image/jpeg");
    expect(await storeAndPublish(bytes, origin, deps)).toMatchObject({ kind: "published", stored: "new" });
    const found = await new Response((await objects.get(key))!.body as ReadableStream<Uint8Array<ArrayBuffer>>).bytes();
    expect(Buffer.from(found).equals(Buffer.from(bytes))).toBe(true);
  }
});

test("a store that tells no checksum is read back, and one that keeps other bytes is not believed", async () => {
  const upload = { key: "photos/aa/a.jpg", type: "image/jpeg", sha256: "0".repeat(64), bytes: await fresh() };
  const silent = {
    ...objects,
    head: async (key: string) => {
      const head = await objects.head(key);
      return head && { ...head, sha256: null, etag: '"encrypted"' };
    },
  };
  await expect(storeVerified(silent, upload)).rejects.toThrow("other bytes at photos/aa/a.jpg");
  const right = { ...upload, sha256: createHash("sha256").update(upload.bytes).digest("hex") };
  expect(await storeVerified(silent, right)).toBe("there");
});

test("what is kept aside is stored only where its source will lose it, and is never published", async () => {
  const bytes = await jpegWith({ ...glencoe({ image: { 0x010e: "aside" } }), GPS: {} });
  expect(await storeAndPublish(bytes, origin, deps)).toMatchObject({ kind: "aside", reason: "no-place", key: null });
  const kept = await storeAndPublish(bytes, origin, { ...deps, storeAside: true });
  expect(kept).toMatchObject({ kind: "aside", key: expect.stringMatching(/^photos\//) });
  expect(await objects.head((kept as { key: string }).key)).toMatchObject({ bytes: bytes.length });
  expect(await stored()).toBe(0);
});
