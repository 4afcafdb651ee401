import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "#lib/testing/process.ts";
import { createArrivals } from "./arrivals.ts";
import { besides, listPictures } from "./scan.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

async function fill(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder.path, name)), { recursive: true });
    await writeFile(path.join(folder.path, name), name);
  }
}

async function list(all = false): Promise<string[]> {
  const names: string[] = [];
  for await (const { files } of listPictures(folder.path, all))
    names.push(...files.map((file) => path.relative(folder.path, file.path)));
  return names;
}

test("pictures are found at any depth, in order; hidden files, other files and links are left out", async () => {
  await fill("b.JPG", "a.heic", "._a.heic", ".hidden/c.jpg", "deep/er/d.png", "notes.txt", "film.mp4");
  await symlink(path.join(folder.path, "b.JPG"), path.join(folder.path, "link.jpg"));
  await symlink(folder.path, path.join(folder.path, "deep", "loop"));
  expect(await list()).toEqual(["a.heic", "b.JPG", "deep/er/d.png"]);
  expect(await list(true)).toEqual(["a.heic", "b.JPG", "film.mp4", "notes.txt", "deep/er/d.png"]);
});

test("a single file is listed whatever it is called, and a folder that is not there is an error", async () => {
  await fill("picture");
  const found = [];
  for await (const { files } of listPictures(path.join(folder.path, "picture"))) found.push(...files);
  expect(found).toMatchObject([{ bytes: 7, beside: null }]);
  await expect(listPictures(path.join(folder.path, "nowhere")).next()).rejects.toThrow("nowhere");
});

test("a JPEG beside a RAW file of the same name belongs to it", async () => {
  expect([...besides(["G1.GPR", "g1.jpg", "G2.JPG", "G3.dng"])]).toEqual([["G1.GPR", "g1.jpg"]]);
  await fill("G1.GPR", "G1.JPG", "G2.JPG");
  expect(await list()).toEqual(["G1.GPR", "G2.JPG"]);
});

test("a file has arrived when it stood still for a while; it is given once, and again after it changed", () => {
  const arrivals = createArrivals(2_000);
  const file = (bytes: number) => ({ path: "/a.jpg", bytes, modifiedMs: bytes, beside: null });
  expect(arrivals.settled([file(1)], 0)).toEqual([]);
  expect(arrivals.settled([file(2)], 1_500)).toEqual([]);
  expect(arrivals.settled([file(2)], 3_000)).toEqual([]);
  expect(arrivals.settled([file(2)], 3_500)).toEqual([file(2)]);
  expect(arrivals.settled([file(2)], 9_000)).toEqual([]);
  expect(arrivals.settled([file(3)], 10_000)).toEqual([]);
  expect(arrivals.settled([file(3)], 12_000)).toEqual([file(3)]);
});
