import { expect, test } from "vitest";
import { type ConfigMap, named, world } from "./controller-world.ts";
import { KubeError, valueOf } from "./errors.ts";
import { LeadershipLost } from "./fence.ts";
import { nameOf } from "./object.ts";
import { done, requeueAfter, TerminalError } from "./reconcile.ts";
import { configMaps } from "./resources.ts";

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

test("a server that asks to wait is heard through what the error caused", async () => {
  const at: number[] = [];
  const it = world(["a"], async () => {
    if (at.push(it.clock.nowMs()) > 1) return done;
    const cause = new KubeError("write", { kind: "TooManyRequests", message: "slow down", retryAfterMs: 9000 });
    throw new Error("the route could not be written", { cause });
  });
  await it.clock.until("tried again", () => at.length === 2);
  expect(at[1]! - at[0]!).toBe(9000);
  await it.stop();
});

test("a terminal error that caused another is terminal", async () => {
  let count = 0;
  const it = world(["a"], async () => {
    count++;
    throw new Error("the plan cannot be made", { cause: new TerminalError("no such policy") });
  });
  await it.clock.advance(3_000_000);
  expect([count, await it.metric("controller_runtime_terminal_reconcile_errors_total")]).toEqual([1, 1]);
  await it.stop();
});

test.each([undefined, null, "a text", 7])(
  "what throws %s is a bug of the program, and is tried again",
  async (thrown) => {
    let count = 0;
    const it = world(["a"], async () => {
      if (++count > 1) return done;
      throw thrown;
    });
    await it.clock.until("tried again", () => count === 2);
    expect(await it.metric("controller_runtime_reconcile_panics_total")).toBe(1);
    await it.stop();
  },
);

test.each([0, -5, Number.NaN])(
  "coming back after %d ms waits as after a failure, instead of turning hot",
  async (ms) => {
    const at: number[] = [];
    const it = world(["a"], async () => {
      at.push(it.clock.nowMs());
      return requeueAfter(ms);
    });
    await it.clock.until("four times", () => at.length === 4);
    expect(at.slice(1).map((time, index) => time - at[index]!)).toEqual([5, 10, 20]);
    expect(await it.metric("controller_runtime_reconcile_total", { result: "requeue" })).toBe(4);
    await it.stop();
  },
);

test("a write whose fence could not be asked is tried again, while this process still leads", async () => {
  let asked = 0;
  const it = world(
    ["a"],
    async ({ key, object, api }) => {
      if (object?.data?.["v"] !== "1") valueOf("write", await api.merge(nameOf(key), { data: { v: "1" } }));
      return done;
    },
    {
      check: async () => {
        if (++asked <= 2) throw new LeadershipLost("the lease could not be read");
      },
    },
  );
  await it.clock.advance(1000);
  expect(it.server.user.get<ConfigMap>(configMaps, named("a"))?.data).toEqual({ v: "1" });
  expect(await it.metric("controller_runtime_reconcile_errors_total")).toBe(2);
  await it.stop();
});

test("an object that is deleted, or made again, while its key is worked on is seen so afterwards", async () => {
  const seen: string[] = [];
  const it = world(["a", "b"], async ({ key, object }) => {
    seen.push(`${key} ${object?.metadata.uid.slice(-1) ?? "gone"}`);
    if (!/[12]$/.test(seen.at(-1)!)) return done;
    it.server.user.delete(configMaps, nameOf(key));
    if (key.endsWith("b")) it.server.user.create(configMaps, nameOf(key), {});
    await it.clock.sleep(5000);
    return done;
  });
  await it.clock.advance(60_000);
  expect(seen.filter((one) => one.startsWith("default/a"))).toEqual(["default/a 1", "default/a gone"]);
  expect(seen.filter((one) => one.startsWith("default/b"))).toEqual(["default/b 2", "default/b 3"]);
  await it.stop();
});

test("what failed keeps its priority, and real changes go first", async () => {
  const seen: string[] = [];
  const it = world(["a", "b"], async ({ key }) => {
    seen.push(key);
    if (seen.length === 2) it.clock.setTimer(8, () => void it.server.user.create(configMaps, named("new"), {}));
    const first = seen.length === 1;
    await it.clock.sleep(10);
    if (first) throw new Error("no luck");
    return done;
  });
  await it.clock.until("all", () => seen.length === 4);
  expect(seen).toEqual(["default/a", "default/b", "default/new", "default/a"]);
  await it.stop();
});

test("an end by the stop of the process is no timeout and no failure", async () => {
  const it = world(
    ["a"],
    async ({ signal }) => {
      await it.clock.sleep(600_000, signal);
      throw new Error("ended early");
    },
    { timeoutMs: 300_000 },
  );
  await it.clock.advance(1000);
  it.fence.abort();
  await it.clock.resolve("ended", it.leading);
  expect(await it.metric("controller_runtime_reconcile_timeouts_total")).toBe(0);
  expect(await it.metric("controller_runtime_reconcile_errors_total")).toBe(0);
  await it.stop();
});
