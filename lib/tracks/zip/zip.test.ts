import { type Zippable, zipSync } from "fflate";
import { expect, test } from "vitest";
import { unzipOne, type ZipLimits } from "./zip.ts";

const LIMITS: ZipLimits = { maxEntries: 20, maxBytes: 8_000_000, maxRatio: 100 };
const any = () => 0;
const text = (content: string) => new TextEncoder().encode(content);
const zipOf = (files: Zippable) => zipSync(files);

test("a member is unpacked, the preferred one if there are several", async () => {
  const zip = zipOf({ "a.txt": text("a"), "b.txt": text("b"), "c.png": text("c") });
  const byName = (name: string) => ({ "a.txt": 2, "b.txt": 1 })[name] ?? null;
  expect(await unzipOne(zip, byName, LIMITS)).toMatchObject({ kind: "member", name: "b.txt", bytes: Buffer.from("b") });
  expect(await unzipOne(zip, () => null, LIMITS)).toEqual({ kind: "none" });
});

test("a bomb is refused by its ratio, by its size, and by the number of its members", async () => {
  const zeros = new Uint8Array(7_000_000);
  expect(await unzipOne(zipOf({ "zeros.txt": zeros }), any, LIMITS)).toMatchObject({
    kind: "bomb",
    message: expect.stringContaining("would unpack"),
  });
  expect(await unzipOne(zipOf({ "zeros.txt": [zeros, { level: 0 }] }), any, LIMITS)).toMatchObject({ kind: "member" });
  expect(await unzipOne(zipOf({ "big.txt": [new Uint8Array(8_000_001), { level: 0 }] }), any, LIMITS)).toMatchObject({
    kind: "bomb",
  });
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`${i}.txt`, text("x")]));
  expect(await unzipOne(zipOf(many), any, LIMITS)).toMatchObject({ kind: "bomb" });
});

test("an archive that lies about the size of a member is refused", async () => {
  const zip = Buffer.from(zipOf({ "zeros.txt": new Uint8Array(7_000_000) }));
  const directory = zip.indexOf(Buffer.from("PK\x01\x02", "latin1"));
  zip.writeUInt32LE(10, directory + 24);
  expect(await unzipOne(zip, any, LIMITS)).toMatchObject({ kind: "broken" });
});

test("what is cut off, is no archive, or climbs out of its folder is broken", async () => {
  const zip = zipOf({ "a.txt": text("a".repeat(1_000)) });
  expect(await unzipOne(zip.subarray(0, zip.length - 30), any, LIMITS)).toMatchObject({ kind: "broken" });
  expect(await unzipOne(text("PK\x03\x04 is no archive"), any, LIMITS)).toMatchObject({ kind: "broken" });
  expect(await unzipOne(zipOf({ "../../a.txt": text("a") }), any, LIMITS)).toMatchObject({ kind: "broken" });
});
