import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "#lib/testing/process.ts";
import { own, pausePhoto, resumePhotos, retryPhotos, takeOver } from "./queue-commands.ts";
import { GONE, openQueue, type Queue } from "./store.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let queue: Queue;
beforeEach(async () => {
  folder = await temporaryFolder();
  queue = openQueue(folder.path);
});
afterEach(async () => {
  queue.close();
  await folder.remove();
});

const file = (number: number) => ({
  folder: "100GOPRO",
  name: `GOPR000${number}.JPG`,
  createdS: 1_000 + number,
  bytes: 10,
});
const published = (sha256: string) => {
  const { id } = queue.begin("download", Date.now())!;
  queue.finish(id, "download", { sha256, key: "photos/x", event: "{}" });
  for (const stage of ["store", "publish"] as const) {
    queue.begin(stage, Date.now());
    queue.finish(id, stage);
  }
  return id;
};

test("a file is queued once, however often the card is read", () => {
  expect(queue.add([file(1), file(2)])).toBe(2);
  expect(queue.add([file(1), file(2), file(3)])).toBe(1);
  expect(queue.counts()).toMatchObject({ discovered: 3, downloading: 0, published: 0 });
});

test("a name that returns after the card was formatted is another picture", () => {
  queue.add([file(1)]);
  expect(queue.add([{ ...file(1), createdS: 9_999 }])).toBe(1);
});

test("the oldest due photo is begun first, and each only once", () => {
  queue.add([file(2), file(1)]);
  expect(queue.begin("download", 0)).toMatchObject({ name: "GOPR0001.JPG", attempts: 1, state: "downloading" });
  expect(queue.begin("download", 0)).toMatchObject({ name: "GOPR0002.JPG" });
  expect(queue.begin("download", 0)).toBeNull();
});

test("a stage hands the photo on with what it found, and tries are counted for each stage", () => {
  queue.add([file(1)]);
  const { id } = queue.begin("download", 0)!;
  queue.retry(id, "download", "the camera is away", 0);
  expect(queue.begin("download", 0)).toMatchObject({ attempts: 2, reason: "the camera is away" });
  expect(queue.finish(id, "download", { size: 10, sha256: "aa", key: "photos/x", event: "{}" })).toBe(true);
  expect(queue.get(id)).toMatchObject({ state: "downloaded", attempts: 0, reason: null, sha256: "aa" });
  expect(queue.begin("store", 0)).toMatchObject({ state: "storing", attempts: 1, key: "photos/x" });
});

test("a retry waits for its time", () => {
  queue.add([file(1)]);
  queue.retry(queue.begin("download", 0)!.id, "download", "the camera is away", 5_000);
  expect(queue.begin("download", 4_999)).toBeNull();
  expect(queue.nextDueMs("download")).toBe(5_000);
  expect(queue.begin("download", 5_000)).toMatchObject({ attempts: 2 });
});

test("what was kept aside is not begun again and says why, until the owner retries it", () => {
  queue.add([file(1)]);
  const { id } = queue.begin("download", 0)!;
  queue.fail(id, "no GPS fix", { key: "photos/y" });
  expect(queue.begin("download", Date.now())).toBeNull();
  expect(queue.list(["failed"], 10)).toMatchObject([{ name: "GOPR0001.JPG", reason: "no GPS fix", key: "photos/y" }]);
  expect(retryPhotos(queue, Date.now(), id)).toBe(1);
  expect(queue.begin("download", Date.now())).toMatchObject({ id, attempts: 1 });
});

test("a photo that left the card begins again when the card is back", () => {
  queue.add([file(1)]);
  queue.fail(queue.begin("download", 0)!.id, GONE);
  expect(queue.add([file(2)])).toBe(1);
  expect(queue.add([file(1)])).toBe(1);
  expect(queue.counts()).toMatchObject({ discovered: 2, failed: 0 });
});

test("retry makes waiting photos due at once", () => {
  queue.add([file(1)]);
  queue.retry(queue.begin("download", 0)!.id, "download", "away", Date.now() + 60_000);
  expect(retryPhotos(queue, Date.now())).toBe(1);
  expect(queue.begin("download", Date.now())).not.toBeNull();
});

test("what an ended process had under way is where it was before, in every stage", () => {
  queue.add([file(1), file(2)]);
  const { id } = queue.begin("download", 0)!;
  queue.finish(id, "download", { event: "{}" });
  queue.begin("store", 0);
  queue.begin("download", 0);
  queue.close();
  queue = openQueue(folder.path);
  expect(queue.counts()).toMatchObject({ downloading: 1, storing: 1 });
  takeOver(queue);
  expect(queue.counts()).toMatchObject({ discovered: 1, downloaded: 1, downloading: 0, storing: 0 });
});

test("photos of equal bytes are never under way at once, and the second one knows of the first", () => {
  queue.add([file(1), file(2)]);
  for (const number of [1, 2]) {
    const { id } = queue.begin("download", number)!;
    queue.finish(id, "download", { sha256: "same", event: "{}" });
  }
  const first = queue.begin("store", 0)!;
  expect(queue.begin("store", 0)).toBeNull();
  queue.finish(first.id, "store");
  queue.begin("publish", 0);
  expect(queue.begin("store", 0)).toBeNull();
  queue.finish(first.id, "publish");
  const second = queue.begin("store", 0)!;
  expect(queue.publishedTwin(second)).toBe(true);
  expect(queue.publishedTwin(queue.get(first.id)!)).toBe(false);
});

test("a deleted photo does not return by a list that is older than its deletion", () => {
  queue.add([file(1)]);
  const before = Date.now() - 1;
  const id = published("aa");
  queue.begin("delete", Date.now());
  queue.finish(id, "delete");
  expect(queue.add([file(1)], before)).toBe(0);
  expect(queue.add([file(1)], Date.now() + 1)).toBe(1);
});

test("a paused photo stays where it is while its work ends, and goes on from there", () => {
  queue.add([file(1)]);
  const { id } = queue.begin("download", 0)!;
  expect(pausePhoto(queue, id, Date.now())).toBe(true);
  expect(queue.finish(id, "download", { sha256: "aa" })).toBe(false);
  expect(queue.get(id)).toMatchObject({ state: "paused", sha256: null });
  expect(resumePhotos(queue, Date.now(), id)).toBe(1);
  expect(queue.begin("download", Date.now())).toMatchObject({ id });
});

test("what is published cannot be paused", () => {
  queue.add([file(1)]);
  expect(pausePhoto(queue, published("aa"), Date.now())).toBe(false);
});

test("one process works on a queue at a time; commands may look at it", () => {
  const disown = own(folder.path);
  expect(() => own(folder.path)).toThrow("Another trips-capture works on");
  const beside = openQueue(folder.path);
  expect(beside.counts().discovered).toBe(0);
  beside.close();
  disown();
  own(folder.path)();
});

test("a full disk is an error, and nothing is half written", () => {
  queue.add([file(1)]);
  queue.db.exec("PRAGMA max_page_count = 1");
  const many = Array.from({ length: 500 }, (_, index) => ({ ...file(2), createdS: 5_000 + index }));
  expect(() => queue.add(many)).toThrow(/full/);
  expect(queue.counts().discovered).toBe(1);
  queue.db.exec("PRAGMA max_page_count = 100000");
  expect(queue.add(many)).toBe(500);
});

test("a queue of version 1 is taken over: what was done stays done, the rest begins again", async () => {
  const old = await temporaryFolder();
  const db = new DatabaseSync(path.join(old.path, "queue.sqlite"));
  db.exec(`
    CREATE TABLE photos (id INTEGER PRIMARY KEY, folder TEXT NOT NULL, name TEXT NOT NULL, created_s INTEGER NOT NULL,
      bytes INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'uploading', 'done', 'failed')),
      attempts INTEGER NOT NULL DEFAULT 0, due_ms INTEGER NOT NULL DEFAULT 0, reason TEXT, image_key TEXT, point_id TEXT,
      UNIQUE (folder, name, created_s, bytes)) STRICT;
    CREATE INDEX photos_due ON photos (state, due_ms);
    INSERT INTO photos (folder, name, created_s, bytes, state, reason, image_key, point_id) VALUES
      ('100GOPRO', 'GOPR0001.JPG', 1001, 10, 'done', NULL, 'photos/a', 'a'),
      ('100GOPRO', 'GOPR0002.JPG', 1002, 10, 'uploading', NULL, NULL, NULL),
      ('100GOPRO', 'GOPR0003.JPG', 1003, 10, 'failed', 'no GPS fix', 'photos/c', NULL);`);
  db.close();
  for (let opened = 0; opened < 2; opened++) {
    const migrated = openQueue(old.path);
    expect(migrated.counts()).toMatchObject({ published: 1, discovered: 1, failed: 1 });
    expect(migrated.add([file(1), file(2), file(3)])).toBe(0);
    expect(migrated.get(3)).toMatchObject({ reason: "no GPS fix", key: "photos/c" });
    migrated.close();
  }
  await old.remove();
});

test("a queue of a later version is refused", async () => {
  const later = await temporaryFolder();
  const db = new DatabaseSync(path.join(later.path, "queue.sqlite"));
  db.exec("PRAGMA user_version = 99");
  db.close();
  expect(() => openQueue(later.path)).toThrow("version 99");
  await later.remove();
});
