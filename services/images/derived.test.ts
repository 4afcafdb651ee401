import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "#lib/testing/process.ts";
import { openDerived } from "./derived.ts";

const name = (digit: string) => digit.repeat(64);
let folder: { path: string; remove(): Promise<void> };
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

test("what was put is there, also for the next run", async () => {
  const derived = await openDerived(folder.path, 100);
  await derived.put(name("a"), Buffer.from("picture"));
  expect(String(await derived.get(name("a")))).toBe("picture");
  const next = await openDerived(folder.path, 100);
  expect([String(await next.get(name("a"))), next.bytes, next.size]).toEqual(["picture", 7, 1]);
});

test("there are never more bytes than may be, and what was not asked for longest goes first", async () => {
  const derived = await openDerived(folder.path, 20);
  for (const digit of ["a", "b"]) await derived.put(name(digit), Buffer.alloc(10));
  await derived.get(name("a"));
  await derived.put(name("c"), Buffer.alloc(10));
  expect(await derived.get(name("b"))).toBeNull();
  expect((await derived.get(name("a")))?.byteLength).toBe(10);
  expect([derived.bytes, derived.size]).toEqual([20, 2]);
  const files = await readdir(folder.path, { recursive: true });
  expect(files.filter((path) => path.includes("/"))).toHaveLength(2);
});

test("a picture that is put again counts once, and one that is larger than all room is not kept", async () => {
  const derived = await openDerived(folder.path, 20);
  await derived.put(name("a"), Buffer.alloc(8));
  await derived.put(name("a"), Buffer.alloc(9));
  await derived.put(name("b"), Buffer.alloc(21));
  expect([derived.bytes, derived.size]).toEqual([9, 1]);
});

test("what an interrupted run has left behind is deleted, and a lower limit holds at once", async () => {
  const first = await openDerived(folder.path, 100);
  for (const digit of ["a", "b", "c"]) await first.put(name(digit), Buffer.alloc(10));
  await mkdir(join(folder.path, "dd"));
  await writeFile(join(folder.path, "dd", `${name("d")}.half.part`), "half");
  const next = await openDerived(folder.path, 10);
  expect([next.bytes, next.size]).toEqual([10, 1]);
  expect(await readdir(join(folder.path, "dd"))).toEqual([]);
});

test("a file that somebody has deleted is not there, and no error", async () => {
  const derived = await openDerived(folder.path, 100);
  await derived.put(name("a"), Buffer.alloc(10));
  await folder.remove();
  expect(await derived.get(name("a"))).toBeNull();
  expect(derived.bytes).toBe(0);
});
