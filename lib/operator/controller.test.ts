import type { V1ConfigMap } from "@kubernetes/client-node";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createController, type Controller } from "./controller.ts";
import { KubeError, valueOf } from "./errors.ts";
import { fakeServer } from "./fake/server.ts";
import type { FakeServer } from "./fake/types.ts";
import { noFence } from "./fence.ts";
import { kitMetrics } from "./metrics.ts";
import { type Live, nameOf } from "./object.ts";
import type { ControllerOptions } from "./options.ts";
import { done, type Reconcile, requeueAfter, TerminalError } from "./reconcile.ts";
import { configMaps } from "./resources.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

type ConfigMap = Live<V1ConfigMap>;
const named = (name: string) => ({ namespace: "default", name });

interface World {
  readonly clock: VirtualClock;
  readonly server: FakeServer;
  readonly controller: Controller<ConfigMap>;
  readonly registry: Registry;
  /** Aborts the fence. */
  readonly fence: AbortController;
  readonly leading: Promise<void>;
  /** The value of a metric with these labels. */
  metric(name: string, labels?: Record<string, string>): Promise<number>;
  stop(): Promise<void>;
}

function world(
  names: readonly string[],
  reconcile: Reconcile<ConfigMap>,
  options: Partial<ControllerOptions<ConfigMap>> = {},
): World {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  for (const name of names) server.user.create(configMaps, named(name), {});
  const registry = new Registry();
  const controller = createController<ConfigMap>(
    { name: "maps", api: server.api<ConfigMap>(configMaps), reconcile, ...options },
    { clock, random: () => 0, metrics: kitMetrics(registry) },
  );
  const ending = new AbortController();
  const fence = new AbortController();
  const caching = clock.sleep(0).then(() => controller.keepCache(ending.signal));
  const leading = controller.lead(noFence(fence.signal), ending.signal);
  leading.catch(() => {});
  return {
    clock,
    server,
    controller,
    registry,
    fence,
    leading,
    metric: async (name, labels = {}) => {
      const { values } = await registry.getSingleMetric(name)!.get();
      const wanted = Object.entries({ controller: "maps", ...labels });
      return values.find((one) => wanted.every(([label, value]) => one.labels[label as never] === value))?.value ?? NaN;
    },
    stop: async () => {
      ending.abort();
      await clock.resolve("stopped", Promise.all([caching, leading]), 60_000);
    },
  };
}

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

test("failures come again with doubled waits, requeues too, and requeueAfter forgets them", async () => {
  const at: number[] = [];
  const it = world(["a"], async () => {
    at.push(it.clock.nowMs());
    if (at.length <= 3) throw new Error("no luck");
    if (at.length === 4) return { kind: "requeue" };
    return at.length === 5 ? requeueAfter(7000) : at.length === 6 ? Promise.reject(new Error("again")) : done;
  });
  await it.clock.until("seven tries", () => at.length === 7);
  await it.clock.advance(60_000);
  expect(at.slice(1).map((ms, index) => ms - at[index]!)).toEqual([5, 10, 20, 40, 7000, 5]);
  const total = (result: string) => it.metric("controller_runtime_reconcile_total", { result });
  expect([await total("error"), await total("requeue"), await total("requeue_after"), await total("success")]).toEqual([
    4, 1, 1, 1,
  ]);
  expect(await it.metric("workqueue_retries_total")).toBe(6);
  await it.stop();
});

test("a server that asks to wait is not tried before", async () => {
  const at: number[] = [];
  const it = world(["a"], async () => {
    if (at.push(it.clock.nowMs()) > 1) return done;
    throw new KubeError("write", { kind: "TooManyRequests", message: "slow down", retryAfterMs: 9000 });
  });
  await it.clock.until("tried again", () => at.length === 2);
  expect(at[1]! - at[0]!).toBe(9000);
  await it.stop();
});

test("a terminal error waits for the next change; a bug of the program is counted apart", async () => {
  const seen: string[] = [];
  const it = world(["bad", "bug"], async ({ key, object }) => {
    seen.push(key);
    if (object?.data) return done;
    if (key.endsWith("bad")) throw new TerminalError("such a policy does not exist");
    throw new TypeError("undefined is not a function");
  });
  await it.clock.advance(3000);
  it.server.user.merge(configMaps, named("bug"), { data: { v: "1" } });
  await it.clock.advance(3_000_000);
  expect(seen.filter((key) => key.endsWith("bad"))).toHaveLength(1);
  expect(seen.filter((key) => key.endsWith("bug")).length).toBeGreaterThan(5);
  it.server.user.merge(configMaps, named("bad"), { data: { v: "1" } });
  await it.clock.until("tried again", () => seen.filter((key) => key.endsWith("bad")).length === 2);
  expect(await it.metric("controller_runtime_terminal_reconcile_errors_total")).toBe(1);
  expect(await it.metric("controller_runtime_reconcile_panics_total")).toBeGreaterThan(5);
  await it.stop();
});

test("a reconciliation that takes too long is aborted and counts as failed, and never runs beside itself", async () => {
  let [running, most, aborted] = [0, 0, 0];
  const it = world(
    ["a"],
    async ({ signal }) => {
      most = Math.max(most, ++running);
      await it.clock.sleep(60_000, signal);
      aborted += signal.aborted ? 1 : 0;
      await it.clock.sleep(5_000);
      running--;
      return done;
    },
    { timeoutMs: 10_000, workers: 4 },
  );
  await it.clock.until("two were aborted", () => aborted === 2);
  expect(most).toBe(1);
  expect(await it.metric("controller_runtime_reconcile_timeouts_total")).toBe(1);
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

test("a key is not reconciled again before the cache shows its own write", async () => {
  const seen: (string | undefined)[] = [];
  const it = world(["a"], async ({ key, object, api }) => {
    seen.push(object?.data?.["count"]);
    const count = String(Number(object?.data?.["count"] ?? 0) + 1);
    if (Number(count) > 3) return done;
    await it.clock.sleep(1000);
    valueOf("merge", await api.merge(nameOf(key), { data: { count } }));
    return requeueAfter(1);
  });
  it.server.setFaults(({ verb }) => (verb === "merge" ? "missedEvent" : undefined));
  await it.clock.until("three writes", () => seen.length >= 4, 600_000);
  expect(seen.slice(0, 4)).toEqual([undefined, "1", "2", "3"]);
  const { values } = await it.registry.getSingleMetric("controller_read_your_writes_seconds")!.get();
  const upTo = (le: number) => values.find(({ labels }) => "le" in labels && labels.le === le)?.value;
  expect([upTo(10), upTo(60)]).toEqual([0, 2]);
  await it.stop();
});

test("a write whose end is not known is looked up before the key is reconciled again", async () => {
  const seen: (string | undefined)[] = [];
  const it = world(["a"], async ({ key, object, api }) => {
    seen.push(object?.data?.["made"]);
    if (object?.data?.["made"]) return done;
    await it.clock.sleep(1000);
    await api.get(nameOf(key));
    valueOf("merge", await api.merge(nameOf(key), { data: { made: "once" } }));
    return done;
  });
  it.server.setFaults(({ verb, index }) =>
    verb === "merge" ? "timeoutAfterCommit" : verb === "get" && index === 2 ? "missedEvent" : undefined,
  );
  await it.clock.advance(120_000);
  expect(seen.slice(0, 2)).toEqual([undefined, "once"]);
  await it.stop();
});

test("after its own deletion a key is reconciled as gone, also when another object of the name is there", async () => {
  const seen: string[] = [];
  const it = world(["a", "b"], async ({ key, object, api }) => {
    seen.push(`${key} ${object?.metadata.uid.slice(-1) ?? "gone"}`);
    if (object === undefined || object.data) return done;
    valueOf("delete", await api.delete(nameOf(key)));
    if (key.endsWith("b")) it.server.user.create(configMaps, named("b"), { data: { v: "new" } });
    return done;
  });
  it.server.setFaults(({ verb, key }) => (verb === "delete" && key.endsWith("b") ? "missedEvent" : undefined));
  await it.clock.until("both", () => seen.includes("default/a gone") && seen.includes("default/b 3"), 600_000);
  expect(seen.filter((one) => one === "default/b 2")).toHaveLength(1);
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
