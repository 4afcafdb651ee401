import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "#lib/testing/process.ts";
import { openQueue, type Queue } from "./store.ts";

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

test("a file is queued once, however often the card is read", () => {
  expect(queue.add([file(1), file(2)])).toBe(2);
  expect(queue.add([file(1), file(2), file(3)])).toBe(1);
  expect(queue.counts()).toEqual({ pending: 3, uploading: 0, done: 0, failed: 0 });
});

test("a name that returns after the card was formatted is another picture", () => {
  queue.add([file(1)]);
  expect(queue.add([{ ...file(1), createdS: 9_999 }])).toBe(1);
});

test("the oldest due picture is begun first, and each only once", () => {
  queue.add([file(2), file(1)]);
  expect(queue.begin(0)).toMatchObject({ name: "GOPR0001.JPG", attempts: 1 });
  expect(queue.begin(0)).toMatchObject({ name: "GOPR0002.JPG" });
  expect(queue.begin(0)).toBeNull();
});

test("a retry waits for its time and counts its attempts", () => {
  queue.add([file(1)]);
  queue.retry(queue.begin(0)!.id, "the store is away", 5_000);
  expect(queue.begin(4_999)).toBeNull();
  expect(queue.nextDueMs()).toBe(5_000);
  expect(queue.begin(5_000)).toMatchObject({ attempts: 2 });
});

test("what is done or failed is never begun again, and says why", () => {
  queue.add([file(1), file(2)]);
  queue.done(queue.begin(0)!.id, { key: "photos/x", pointId: "x" });
  queue.fail(queue.begin(0)!.id, "no GPS fix", "photos/y");
  expect(queue.begin(Date.now())).toBeNull();
  expect(queue.nextDueMs()).toBeNull();
  expect(queue.failed(10)).toEqual([
    { folder: "100GOPRO", name: "GOPR0002.JPG", reason: "no GPS fix", key: "photos/y" },
  ]);
});

test("what a stopped process was uploading is pending after the start", () => {
  queue.add([file(1)]);
  queue.begin(0);
  queue.close();
  queue = openQueue(folder.path);
  expect(queue.counts()).toMatchObject({ pending: 1, uploading: 0 });
  expect(queue.begin(0)).toMatchObject({ attempts: 2 });
});
