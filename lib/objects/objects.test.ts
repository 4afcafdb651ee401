import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "#lib/testing/process.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";
import { type Objects, ObjectsError, openObjects } from "./objects.ts";

let s3: S3Server;
let objects: Objects;

beforeAll(async () => {
  s3 = await startS3();
  objects = openObjects({ ...s3, bucket: "things" });
  await objects.ensureBucket();
});
afterAll(() => s3.close());

const text = async (body: ReadableStream<Uint8Array>) =>
  new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text();

test("what is put can be got back with its type and length", async () => {
  await objects.put("a/b c+d.txt", new TextEncoder().encode("hello"), "text/plain");
  const found = await objects.get("a/b c+d.txt");
  expect(found).toMatchObject({ bytes: 5, contentType: "text/plain", etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
  expect(await text(found!.body)).toBe("hello");
});

test("the store keeps the SHA-256 of what was put, and head tells it", async () => {
  const bytes = new TextEncoder().encode("checked");
  await objects.put("checked", bytes, "text/plain");
  expect((await objects.head("checked"))?.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("a put over an object replaces it", async () => {
  await objects.put("twice", new TextEncoder().encode("one"), "text/plain");
  await objects.put("twice", new TextEncoder().encode("second"), "text/plain");
  expect((await objects.head("twice"))?.bytes).toBe(6);
});

test("an object that is not there is null, not an error", async () => {
  expect(await objects.head("absent")).toBeNull();
  expect(await objects.get("absent")).toBeNull();
});

test("a range names a part of an object, and one beyond its end is an error", async () => {
  await objects.put("long", new TextEncoder().encode("0123456789"), "text/plain");
  const part = await objects.get("long", "bytes=2-4");
  expect([part?.contentRange, part?.bytes, await new Response(part?.body).text()]).toEqual(["bytes 2-4/10", 3, "234"]);
  await expect(objects.get("long", "bytes=10-")).rejects.toMatchObject({ status: 416 });
});

test("an object that was removed is not there, and removing it again is fine", async () => {
  await objects.put("gone", new TextEncoder().encode("soon"), "text/plain");
  await objects.remove("gone");
  await objects.remove("gone");
  expect(await objects.head("gone")).toBeNull();
});

test("ensuring the bucket twice is fine", async () => {
  await objects.ensureBucket();
});

test("a bucket that is not there is an error with the store's code", async () => {
  const elsewhere = openObjects({ ...s3, bucket: "nowhere" });
  await expect(elsewhere.get("x")).rejects.toMatchObject({ name: "ObjectsError", code: "NoSuchBucket", status: 404 });
});

test("a wrong secret is refused, and the error does not hold it", async () => {
  const wrong = openObjects({ ...s3, bucket: "things", secretAccessKey: "hush-hush" });
  const error = await wrong.put("x", new Uint8Array([1]), "text/plain").catch((e: Error) => e);
  expect(error).toMatchObject({ code: "SignatureDoesNotMatch", status: 403 });
  expect(String(error)).not.toContain("hush-hush");
});

test("a server that is not there says where it was expected", async () => {
  const nobody = openObjects({ ...s3, endpoint: `http://127.0.0.1:${await freePort()}`, bucket: "things" });
  const error = await nobody.head("x").catch((e: Error) => e);
  expect(error).toBeInstanceOf(ObjectsError);
  expect(error).toMatchObject({ code: "Unreachable", message: expect.stringContaining("Check S3_ENDPOINT") });
});
