import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { preparePhoto } from "#lib/photos/prepare.ts";
import type { Outcome } from "#lib/photos/publish.ts";
import { dngWith } from "#lib/photos/testing/dng.ts";
import { glencoe, jpegWith } from "#lib/photos/testing/jpegs.ts";
import { temporaryFolder } from "#lib/testing/process.ts";
import { type ImportDeps, type Result, runImport } from "./importer.ts";
import { trial } from "./photos.ts";
import { listPictures } from "./scan.ts";
import { type Journal, openJournal } from "./store.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let journal: Journal;
beforeEach(async () => {
  folder = await temporaryFolder();
  journal = openJournal(null);
});
afterEach(async () => {
  journal.close();
  await folder.remove();
});

async function run(files: Readonly<Record<string, Uint8Array>>, deps: Partial<ImportDeps> = {}): Promise<Result[]> {
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder.path, name), bytes);
  for await (const listing of listPictures(folder.path)) journal.add(listing.files, "{}");
  const results: Result[] = [];
  const all: ImportDeps = {
    ...{ journal, publish: trial, mostBytes: 1e9, concurrency: 1, tries: 2, now: Date.now },
    originOf: async () => ({ camera: "one", source: "import" }),
    onResult: (result) => results.push(result),
    ...deps,
  };
  await runImport(all, new AbortController().signal);
  return results;
}

test("equal pictures that are in memory at once are published once", async () => {
  const bytes = await jpegWith(glencoe());
  const slow: ImportDeps["publish"] = async (...args) => sleep(50).then(() => trial(...args));
  const results = await run({ "a.jpg": bytes, "b.jpg": bytes, "c.jpg": bytes }, { concurrency: 3, publish: slow });
  expect(results.map(({ kind }) => kind)).toEqual(["published", "duplicate", "duplicate"]);
});

test("what fails is tried again after a while, and left waiting after enough attempts", async () => {
  let asked = 0;
  const away = async (): Promise<Outcome> => ({ kind: "later", part: "objects", error: new Error(`away ${++asked}`) });
  const results = await run({ "a.jpg": await jpegWith(glencoe()) }, { publish: away });
  expect(results).toMatchObject([
    { kind: "later", message: "away 1" },
    { kind: "later", message: "away 2" },
  ]);
  expect(journal.counts()).toMatchObject({ pending: 1 });
});

test("an error that nobody foresaw leaves the file waiting, not lost", async () => {
  const broken = () => Promise.reject(new Error("a bug"));
  expect(await run({ "a.jpg": await jpegWith(glencoe()) }, { publish: broken, tries: 1 })).toMatchObject([
    { kind: "later", reason: "failed", message: "a bug" },
  ]);
});

test("a file that is gone or too large is kept aside, and is not read", async () => {
  const bytes = await jpegWith(glencoe());
  const results = await run({ "a.jpg": bytes }, { mostBytes: bytes.length - 1 });
  expect(results).toMatchObject([{ kind: "aside", reason: "too-large" }]);
  journal.add([{ path: path.join(folder.path, "gone.jpg"), bytes: 1, modifiedMs: 1, beside: null }], "{}");
  expect(await run({})).toMatchObject([{ kind: "aside", reason: "unreadable" }]);
});

test("a RAW file takes the JPEG beside it as its preview, and they are one point", async () => {
  const beside = await jpegWith(glencoe());
  const raw = dngWith(null, { 0x010f: "GoPro", 0xc620: [40, 30] }, { 0x9003: "2026:05:01 11:20:30" });
  const previews: (string | undefined)[] = [];
  const locate = (takenAt: string) => ({ takenAt, place: { lat: 1, lng: 2, elevation: null } });
  const publish: ImportDeps["publish"] = async (bytes, origin) => {
    const prepared = await preparePhoto(bytes, { ...origin, locate, zone: "+01:00" }, Date.now());
    if (prepared.kind === "photo") previews.push(prepared.photo.image?.preview?.key);
    return trial(bytes, { ...origin, locate, zone: "+01:00" });
  };
  expect(await run({ "G1.GPR": raw, "G1.JPG": beside }, { publish })).toMatchObject([
    { kind: "published", key: expect.stringContaining(".gpr") },
  ]);
  expect(previews).toEqual([expect.stringMatching(/\.jpg$/)]);
});

test("a JPEG beside a file that only says that it is RAW is a picture of its own", async () => {
  const results = await run({ "G1.GPR": new TextEncoder().encode("no picture"), "G1.JPG": await jpegWith(glencoe()) });
  expect(results.map(({ kind }) => kind).sort()).toEqual(["aside", "published"]);
});
