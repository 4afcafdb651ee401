import { expect, test } from "vitest";
import { configMaps } from "./resources.ts";
import { type ConfigMap, named, world } from "./controller-world.ts";
import { StillRunning } from "./fence.ts";
import { nameOf } from "./object.ts";
import { done } from "./reconcile.ts";

test("every object is reconciled, then each change, then the deletion", async () => {
  const seen: string[] = [];
  const it = world(["a", "b"], async ({ key, object }) => {
    seen.push(`${key} ${object?.data?.["v"] ?? (object ? "-" : "gone")}`);
    return done;
  });
  await it.clock.until("all seen", () => seen.length === 2);
  it.server.user.merge(configMaps, named("a"), { data: { v: "1" } });
  await it.clock.until("change seen", () => seen.length === 3);
  it.server.user.delete(configMaps, named("b"));
  await it.clock.until("deletion seen", () => seen.length === 4);
  expect(seen).toEqual(["default/a -", "default/b -", "default/a 1", "default/b gone"]);
  expect(await it.metric("controller_runtime_reconcile_total", { result: "success" })).toBe(4);
  await it.stop();
});

test("a change overtakes the objects of the first list", async () => {
  const seen: string[] = [];
  const it = world(["a", "b", "c"], async ({ key }) => {
    if (seen.push(key) === 1) it.server.user.create(configMaps, named("new"), {});
    await it.clock.sleep(1000);
    return done;
  });
  await it.clock.until("all seen", () => seen.length === 4);
  expect(seen).toEqual(["default/a", "default/new", "default/b", "default/c"]);
  await it.stop();
});

test("workers work on different keys at once", async () => {
  let [running, most] = [0, 0];
  const it = world(
    ["a", "b", "c", "d"],
    async () => {
      most = Math.max(most, ++running);
      await it.clock.sleep(1000);
      running--;
      return done;
    },
    { workers: 3 },
  );
  await it.clock.until("busy", () => running === 3);
  expect(await it.metric("controller_runtime_active_workers")).toBe(3);
  expect(await it.metric("controller_runtime_max_concurrent_reconciles")).toBe(3);
  await it.clock.advance(5000);
  expect(most).toBe(3);
  await it.stop();
});

test("all objects are reconciled again after ten hours", async () => {
  let count = 0;
  const it = world(["a", "b"], async () => (count++, done));
  await it.clock.advance(35_900_000);
  expect(count).toBe(2);
  await it.clock.advance(200_000);
  expect(count).toBe(4);
  await it.stop();
});

test("changes that are not relevant cause nothing, deletions always do", async () => {
  const seen: string[] = [];
  const it = world(["a"], async ({ key, object }) => (seen.push(object ? key : `${key} gone`), done), {
    relevant: (before, after) => before?.data?.["v"] !== after.data?.["v"] || before === undefined,
  });
  await it.clock.until("seen", () => seen.length === 1);
  it.server.user.merge(configMaps, named("a"), { metadata: { labels: { other: "x" } } });
  await it.clock.advance(10_000);
  expect(seen).toHaveLength(1);
  it.server.user.delete(configMaps, named("a"));
  await it.clock.until("seen gone", () => seen.length === 2);
  expect(seen[1]).toBe("default/a gone");
  await it.stop();
});

test("when the process stops, what runs may end, and nothing new begins", async () => {
  const log: string[] = [];
  const it = world(["a", "b"], async ({ key, signal }) => {
    log.push(`begin ${key}`);
    await it.clock.sleep(20_000, signal);
    log.push(`end ${key} ${signal.aborted}`);
    return done;
  });
  await it.clock.until("begun", () => log.length === 1);
  await it.stop();
  expect(log).toEqual(["begin default/a", "end default/a false"]);
});

test("what does not end within 30 s of a stop is aborted and left behind", async () => {
  let aborted = false;
  const it = world(["a"], async ({ signal }) => {
    await it.clock.sleep(3_600_000, signal);
    aborted = signal.aborted;
    return done;
  });
  await it.clock.advance(1000);
  const beforeMs = it.clock.nowMs();
  await it.stop();
  await it.clock.advance(0);
  expect([aborted, it.clock.nowMs() - beforeMs]).toEqual([true, 30_000]);
});

test("a lost fence aborts what runs, and its writes are refused", async () => {
  const log: string[] = [];
  const it = world(["a", "b"], async ({ key, api, signal }) => {
    await it.clock.sleep(10_000, signal);
    log.push(`${key} ${signal.aborted}`);
    await api.merge(nameOf(key), { data: { v: "late" } });
    log.push("written");
    return done;
  });
  await it.clock.advance(1000);
  it.fence.abort();
  await it.clock.resolve("ended", it.leading);
  expect(log).toEqual(["default/a true"]);
  expect(it.server.user.get<ConfigMap>(configMaps, named("a"))?.data).toBeUndefined();
  await it.stop();
});

test("a reconciliation that outlives the loss of leadership is an error, which has to end the process", async () => {
  const it = world(["a"], async () => {
    await it.clock.sleep(3_600_000);
    return done;
  });
  await it.clock.advance(1000);
  it.fence.abort();
  await expect(it.clock.resolve("ended", it.leading)).rejects.toThrow(
    "A reconciliation of maps still runs 30 s after it was told to end",
  );
});

test("a cache that cannot be filled is an error that says why", async () => {
  const it = world(["a"], async () => done);
  it.server.setFaults(() => "error");
  await expect(it.clock.resolve("given up", it.leading)).rejects.toThrow("not filled within 120 s");
});

test("keys can be asked for, with priority and delay", async () => {
  const seen: string[] = [];
  const it = world([], async ({ key }) => {
    seen.push(key);
    await it.clock.sleep(10);
    return done;
  });
  await it.clock.until("synced", () => it.controller.synced);
  await it.clock.advance(1);
  it.controller.enqueue("default/w");
  it.controller.enqueue("default/x", { delayMs: 5000 });
  it.controller.enqueue("default/y", { priority: -5 });
  it.controller.enqueue("default/z");
  await it.clock.advance(4999);
  expect(seen).toEqual(["default/w", "default/z", "default/y"]);
  await it.clock.advance(1);
  expect(seen).toHaveLength(4);
  await it.stop();
});

test("a change of which it cannot be told whether it is relevant is taken for relevant", async () => {
  const seen: string[] = [];
  const it = world(["a"], async ({ object }) => (seen.push(object?.data?.["v"] ?? "-"), done), {
    relevant: (before) => {
      if (before === undefined) return true;
      throw new Error("this annotation cannot be read");
    },
  });
  await it.clock.until("seen", () => seen.length === 1);
  it.server.user.merge(configMaps, named("a"), { data: { v: "1" } });
  await it.clock.until("seen again", () => seen.length === 2);
  expect(seen).toEqual(["-", "1"]);
  await it.stop();
});

test("a reconciliation that heeds no signal when the process stops is an error", async () => {
  const it = world(["a"], async () => {
    await it.clock.sleep(3_600_000);
    return done;
  });
  await it.clock.advance(1000);
  await expect(it.stop()).rejects.toThrow(StillRunning);
});
