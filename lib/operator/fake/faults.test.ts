import type { V1ConfigMap } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import type { Outcome } from "../errors.ts";
import { valueOf } from "../errors.ts";
import type { Live } from "../object.ts";
import { configMaps } from "../resources.ts";
import { virtualClock } from "../virtual-clock.ts";
import { faultAt, randomFaults } from "./faults.ts";
import { fakeServer } from "./server.ts";
import type { FakeOptions } from "./types.ts";

type ConfigMap = Live<V1ConfigMap>;
const one = { namespace: "default", name: "one" };

function world(options: Partial<FakeOptions> = {}) {
  const clock = virtualClock();
  const server = fakeServer({ clock, ...options });
  server.user.create(configMaps, one, { data: { v: "0" } });
  const version = () => server.user.get<ConfigMap>(configMaps, one)!.metadata.resourceVersion;
  return { clock, server, api: server.api<ConfigMap>(configMaps), version };
}

const kindOf = (outcome: Outcome<unknown>) => (outcome.ok ? "ok" : outcome.error.kind);
const patch = (v: string) => ({ data: { v } });

test("error: the call fails and nothing has happened", async () => {
  const { api, server, version } = world({ faults: faultAt(0, "error") });
  const before = version();
  expect(kindOf(await api.merge(one, patch("1")))).toBe("ServerError");
  expect(version()).toBe(before);
  expect(kindOf(await api.merge(one, patch("1")))).toBe("ok");
  expect(server.calls).toBe(2);
});

test("timeoutAfterCommit: the write is done, and the caller does not know after 10 s", async () => {
  const { api, clock, server } = world({ faults: faultAt(0, "timeoutAfterCommit") });
  const beforeMs = clock.nowMs();
  const outcome = clock.resolve("answered", api.merge(one, patch("1")));
  expect(kindOf(await outcome)).toBe("Timeout");
  expect([clock.nowMs() - beforeMs, server.user.get<ConfigMap>(configMaps, one)?.data]).toEqual([10_000, { v: "1" }]);
});

test("slow: the write is done after 20 s, even when its caller has left", async () => {
  const { api, clock, server } = world({ faults: faultAt(0, "slow") });
  const leaving = new AbortController();
  const outcome = api.merge(one, patch("1"), { signal: leaving.signal });
  await clock.advance(1000);
  leaving.abort();
  expect(kindOf(await outcome)).toBe("Timeout");
  expect(server.user.get<ConfigMap>(configMaps, one)?.data).toEqual({ v: "0" });
  await clock.advance(20_000);
  expect(server.user.get<ConfigMap>(configMaps, one)?.data).toEqual({ v: "1" });
});

test("stale: a read shows some state of before, the same for the same seed", async () => {
  const read = async (seed: number) => {
    const { api, server } = world({ seed, faults: () => "stale" });
    for (let v = 1; v <= 9; v++) server.user.merge(configMaps, one, patch(String(v)));
    const page = valueOf("list", await api.list());
    const item = await api.get(one);
    return [page.items[0]?.data?.["v"], page.resourceVersion, item.ok ? item.value.data?.["v"] : "none"];
  };
  const all = await Promise.all([1, 2, 3, 4].map(read));
  expect(all.some(([v]) => v !== "9")).toBe(true);
  expect(await Promise.all([1, 2, 3, 4].map(read))).toEqual(all);
});

test("missedEvent: watches are silent for 30 s and break, and only a new list tells", async () => {
  const { api, clock, server, version } = world();
  const resourceVersion = version();
  const watch = valueOf("watch", await api.watch({ resourceVersion, timeoutMs: 600_000 }));
  server.setFaults(faultAt(1, "missedEvent"));
  valueOf("merge", await api.merge(one, patch("1")));
  const next = watch.next();
  const startMs = clock.nowMs();
  const end = await clock.resolve("the watch ends", next);
  expect(end).toMatchObject({ done: true, value: { ok: false, error: { kind: "Unreachable" } } });
  expect(clock.nowMs() - startMs).toBe(30_000);
  expect(kindOf(await api.watch({ resourceVersion, timeoutMs: 1000 }))).toBe("Gone");
});

test("watchDrop and gone: watches break, and what was before cannot be watched any more", async () => {
  const { api, server, version } = world();
  const resourceVersion = version();
  const watch = valueOf("watch", await api.watch({ resourceVersion, timeoutMs: 600_000 }));
  server.setFaults(faultAt(1, "watchDrop"));
  valueOf("merge", await api.merge(one, patch("1")));
  expect(await watch.next()).toMatchObject({ done: true, value: { ok: false, error: { kind: "Unreachable" } } });
  expect(kindOf(await api.watch({ resourceVersion, timeoutMs: 1000 }))).toBe("ok");
  server.setFaults(() => "gone");
  expect(kindOf(await api.watch({ resourceVersion, timeoutMs: 1000 }))).toBe("Gone");
});

test("a history that is too long forgets its beginning; a continue token expires with it, and with time", async () => {
  const { api, clock, server, version } = world({ history: 10 });
  for (const name of ["a", "b", "c"]) server.user.create(configMaps, { namespace: "default", name }, {});
  const early = version();
  const first = valueOf("list", await api.list({ limit: 1 }));
  const second = valueOf("list", await api.list({ limit: 1, continue: first.continue! }));
  await clock.advance(300_001);
  expect(kindOf(await api.list({ limit: 1, continue: second.continue! }))).toBe("Gone");
  const fresh = valueOf("list", await api.list({ limit: 1 }));
  for (let v = 0; v < 30; v++) server.user.merge(configMaps, one, patch(String(v)));
  expect(kindOf(await api.list({ limit: 1, continue: fresh.continue! }))).toBe("Gone");
  expect(kindOf(await api.watch({ resourceVersion: early, timeoutMs: 1000 }))).toBe("Gone");
});

test("bookmarks tell a watch of the version, when nothing else does", async () => {
  const { api, clock, server, version } = world();
  const watch = valueOf("watch", await api.watch({ resourceVersion: version(), timeoutMs: 600_000, namespace: "x" }));
  server.user.merge(configMaps, one, patch("1"));
  const next = await clock.resolve("a bookmark", watch.next(), 60_000);
  expect(next.value).toEqual({ type: "BOOKMARK", resourceVersion: version() });
});

test("a listener that throws is a crash of the caller, before the call has done anything", async () => {
  const { api, server, version } = world();
  const before = version();
  const forget = server.onCall(({ verb }) => {
    if (verb === "merge") throw new Error("crashed");
  });
  await expect(api.merge(one, patch("1"))).rejects.toThrow("crashed");
  expect(version()).toBe(before);
  forget();
  expect(kindOf(await api.merge(one, patch("1")))).toBe("ok");
});

test("drawn faults are the same for the same seed, and as frequent as told", () => {
  const draw = (seed: number) => {
    const plan = randomFaults(seed, 0.3);
    return Array.from({ length: 1000 }, (_, index) => plan({ index, verb: "get", plural: "x", key: "" }));
  };
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
  const count = draw(5).filter((fault) => fault !== undefined).length;
  expect(count).toBeGreaterThan(250);
  expect(count).toBeLessThan(350);
});
