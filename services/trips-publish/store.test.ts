import { afterEach, beforeEach, expect, test } from "vitest";
import { startProgram, temporaryFolder } from "#lib/testing/process.ts";
import { type Journal, openJournal } from "./store.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let journal: Journal;

beforeEach(async () => {
  folder = await temporaryFolder();
  journal = openJournal(folder.path);
});
afterEach(async () => {
  journal.close();
  await folder.remove();
});

const file = (number: number, changes: object = {}) => ({
  path: `/p/${number}.jpg`,
  bytes: 10,
  modifiedMs: number,
  beside: null,
  ...changes,
});

test("a file is added once, however often its folder is listed; a file that changed is another", () => {
  expect(journal.add([file(1), file(2)], "{}")).toBe(2);
  expect(journal.add([file(1), file(2), file(3)], "{}")).toBe(1);
  expect(journal.add([file(1, { bytes: 11 })], "{}")).toBe(1);
  expect(journal.counts()).toEqual({ pending: 4, working: 0, done: 0, duplicate: 0, aside: 0 });
});

test("each file is begun once, with the options of its import", () => {
  journal.add([file(1, { beside: "/p/1.JPG" })], '{"trip":"north"}');
  expect(journal.begin(0)).toMatchObject({
    path: "/p/1.jpg",
    beside: "/p/1.JPG",
    options: '{"trip":"north"}',
    attempts: 1,
  });
  expect(journal.begin(0)).toBeNull();
  expect(journal.pathsOf('{"trip":"north"}')).toEqual(["/p/1.jpg"]);
});

test("what failed waits for its time, and is left alone after enough attempts", () => {
  journal.add([file(1)], "{}");
  journal.later(journal.begin(0)!.id, "objects", "the store is away", 5_000);
  expect(journal.begin(4_999)).toBeNull();
  expect(journal.nextDueMs(2)).toBe(5_000);
  expect(journal.nextDueMs(1)).toBeNull();
  expect(journal.begin(5_000)).toMatchObject({ attempts: 2 });
});

test("what was published is found by its point, what was kept aside by its reason", () => {
  journal.add([file(1), file(2), file(3), file(4)], "{}");
  const [a, b, c] = [journal.begin(0)!, journal.begin(0)!, journal.begin(0)!];
  journal.done(a.id, "point-a", "photos/aa/a.jpg");
  journal.duplicate(b.id, "point-a", a.path);
  journal.aside(c.id, "no-place", "no GPS fix");
  expect(journal.publishedAs("point-a")).toBe("/p/1.jpg");
  expect(journal.publishedAs("point-b")).toBeNull();
  expect(journal.counts()).toEqual({ pending: 1, working: 0, done: 1, duplicate: 1, aside: 1 });
  expect(journal.reasons()).toEqual({ "no-place": 1 });
  expect(journal.problems(10)).toEqual([
    { path: "/p/3.jpg", state: "aside", reason: "no-place", message: "no GPS fix", attempts: 1 },
  ]);
});

test("a retry takes back what was kept aside, for one reason or for all", () => {
  journal.add([file(1), file(2)], "{}");
  journal.aside(journal.begin(0)!.id, "no-place", "");
  journal.aside(journal.begin(0)!.id, "clock", "");
  expect(journal.retry("clock")).toBe(1);
  expect(journal.begin(0)).toMatchObject({ path: "/p/2.jpg", attempts: 1 });
  expect(journal.retry()).toBe(1);
});

test("what a process that is gone was working on is pending again, what a living one has is not", async () => {
  journal.add([file(1), file(2)], "{}");
  journal.begin(0);
  const other = openJournal(folder.path);
  expect(other.counts()).toMatchObject({ working: 0, pending: 2 });
  other.close();

  const script = `import { openJournal } from ${JSON.stringify(new URL("store.ts", import.meta.url).pathname)};
    openJournal(${JSON.stringify(folder.path)}).begin(0); console.log("begun"); setTimeout(() => {}, 60000);`;
  const program = startProgram(process.execPath, ["--input-type=module-typescript", "-e", script], {
    cwd: process.cwd(),
  });
  while (!program.output().includes("begun")) await new Promise((resolve) => setTimeout(resolve, 20));
  const during = openJournal(folder.path);
  expect(during.counts()).toMatchObject({ working: 1 });
  during.close();
  await program.stop("SIGKILL");
  const after = openJournal(folder.path);
  expect(after.counts()).toMatchObject({ working: 0, pending: 2 });
  after.close();
});
