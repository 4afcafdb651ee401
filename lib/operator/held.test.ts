import { expect, test } from "vitest";
import { named, world } from "./controller-world.ts";
import { valueOf } from "./errors.ts";
import { nameOf } from "./object.ts";
import { done, requeueAfter } from "./reconcile.ts";
import { configMaps } from "./resources.ts";

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
