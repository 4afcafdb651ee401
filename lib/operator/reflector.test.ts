import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fault, faultAt, faults, randomFaults } from "./fake/faults.ts";
import { createReflector } from "./reflector.ts";
import { agree, type ConfigMap, label, named, said, versions, world } from "./reflector-world.ts";
import { configMaps } from "./resources.ts";

test("the first list comes in pages, as initial additions", async () => {
  const it = world(["a", "b", "c", "d", "e"], { pageSize: 2 });
  await it.clock.until("synced", () => it.reflector.synced);
  expect(it.server.calls).toBe(4);
  expect(it.deltas.map((delta) => delta.type === "added" && delta.initial)).toEqual([true, true, true, true, true]);
  expect(it.reflector.cache.size).toBe(5);
  await it.stop();
});

test("changes arrive as deltas, with what was before", async () => {
  const it = world(["a"]);
  await it.clock.until("synced", () => it.reflector.synced);
  it.server.user.create(configMaps, named("b"), {});
  it.server.user.merge(configMaps, named("a"), label("blue"));
  it.server.user.delete(configMaps, named("b"));
  await it.clock.until("three more", () => it.deltas.length === 4);
  expect(said(it.deltas)).toEqual(["added a", "added b", "updated a", "deleted b"]);
  expect(it.deltas[2]).toMatchObject({ before: label("red"), after: label("blue") });
  expect(it.deltas[3]).toMatchObject({ finalStateUnknown: false });
  await it.stop();
});

test("an index follows changes and deletions, and an unknown one is a bug", async () => {
  const it = world(["a", "b"]);
  await it.clock.until("synced", () => it.reflector.synced);
  const { cache } = it.reflector;
  expect([...cache.keysBy("team", "red")].sort()).toEqual(["default/a", "default/b"]);
  it.server.user.merge(configMaps, named("a"), label("blue"));
  it.server.user.delete(configMaps, named("b"));
  await it.clock.until("changed", () => it.deltas.length === 4);
  expect([cache.keysBy("team", "red"), cache.keysBy("team", "blue")]).toEqual([[], ["default/a"]]);
  expect(() => cache.keysBy("colour", "red")).toThrow('no index "colour"');
  await it.stop();
});

test("a broken watch goes on where it was, without a new list", async () => {
  const it = world(["a"]);
  await it.clock.until("synced", () => it.reflector.synced);
  it.server.user.dropWatches();
  it.server.user.merge(configMaps, named("a"), label("blue"));
  await it.clock.until("the change has come", () => it.deltas.length === 2);
  expect(said(it.deltas)).toEqual(["added a", "updated a"]);
  expect([it.lists, it.failures]).toEqual([[1], ["Unreachable"]]);
  await it.stop();
});

test("after Gone a new list tells what was missed; deleted and made again is both", async () => {
  const it = world(["a", "b", "c"]);
  await it.clock.until("synced", () => it.reflector.synced);
  it.server.user.dropWatches();
  for (const name of ["a", "b"]) it.server.user.delete(configMaps, named(name));
  it.server.user.create(configMaps, named("a"), {});
  it.server.user.forgetHistory();
  await it.clock.until("listed again", () => it.lists.length === 2);
  expect(said(it.deltas.slice(3))).toEqual(["deleted b", "deleted a", "added a"]);
  const unknown = it.deltas.slice(3).map((delta) => delta.type === "deleted" && delta.finalStateUnknown);
  expect(unknown).toEqual([true, true, false]);
  expect(it.failures).toEqual(["Unreachable", "Gone"]);
  await it.stop();
});

test("pages that expire before the last give way to one whole list at once", async () => {
  const it = world(["a", "b", "c"], { pageSize: 1 });
  it.server.onCall(({ index }) => {
    if (index === 1) it.server.user.create(configMaps, named("d"), {});
    if (index === 2) it.server.user.forgetHistory();
  });
  const startMs = it.clock.nowMs();
  await it.clock.until("synced", () => it.reflector.synced);
  expect([it.failures, it.reflector.cache.size, it.clock.nowMs() - startMs]).toEqual([[], 4, 0]);
  await it.stop();
});

test("waits between failures double from 0.8 s to 30 s, and are short again after a success", async () => {
  const it = world();
  const at: number[] = [];
  it.server.setFaults(({ verb }) => (verb === "list" ? "error" : undefined));
  it.server.onCall(() => void at.push(it.clock.nowMs()));
  await it.clock.until("eight tries", () => at.length === 8);
  const waits = at.slice(1).map((ms, index) => ms - at[index]!);
  expect(waits).toEqual([1200, 2400, 4800, 9600, 19_200, 38_400, 45_000]);
  it.server.setFaults(() => undefined);
  await it.clock.until("synced", () => it.reflector.synced);
  await it.clock.advance(120_000);
  it.server.user.dropWatches();
  const before = at.length;
  const droppedMs = it.clock.nowMs();
  await it.clock.until("watched again", () => at.length > before);
  expect(at.at(-1)! - droppedMs).toBe(1200);
  await it.stop();
});

test("a watch lives between 5 and 10 minutes, and bookmarks keep its version fresh", async () => {
  const it = world(["a"], { namespace: "default" });
  await it.clock.until("synced", () => it.reflector.synced);
  for (let index = 0; index < 20; index++) it.server.user.create(configMaps, { namespace: "x", name: `n${index}` }, {});
  await it.clock.advance(61_000);
  it.server.user.forgetHistory();
  const calls = it.server.calls;
  await it.clock.advance(7 * 60_000);
  expect(it.server.calls).toBe(calls + 1);
  expect(it.failures).toEqual([]);
  await it.stop();
});

test("a list that is older than the cache is not believed, unless it stays so", async () => {
  const it = world(["a"]);
  await it.clock.until("synced", () => it.reflector.synced);
  it.server.user.merge(configMaps, named("a"), label("blue"));
  await it.clock.until("changed", () => it.deltas.length === 2);
  const api = it.server.api<ConfigMap>(configMaps);
  const old = { ...it.deltas[0]!, key: "" } as unknown as { after: ConfigMap };
  const list = async () => ({
    ok: true as const,
    value: { items: [old.after], resourceVersion: old.after.metadata.resourceVersion, malformed: 0 },
  });
  let believed = 0;
  const failures: string[] = [];
  const fresh = createReflector<ConfigMap>({
    api: { ...api, list: () => (believed++ === 0 ? api.list() : list()), watch: async () => gone },
    clock: it.clock,
    random: () => 0,
    observer: { failed: (what) => void failures.push(what) },
  });
  const ending = new AbortController();
  const running = fresh.run(ending.signal);
  const colour = () => fresh.cache.get("default/a")?.metadata.labels?.["team"];
  await it.clock.until("synced", () => fresh.synced);
  expect(colour()).toBe("blue");
  await it.clock.until("the old list was believed", () => colour() === "red");
  expect(failures.filter((what) => what === "list").length).toBe(5);
  ending.abort();
  await it.clock.resolve("ended", running);
  await it.stop();
});
const gone = { ok: false, error: { kind: "Gone", message: "too old" } } as const;

test("what cannot be projected is passed over and counted, and its deletion still counts", async () => {
  const it = world(["a", "bad"], {
    project: (object) => {
      if (object.metadata.labels?.["team"] === "bad") throw new Error("bad team");
      return object;
    },
  });
  await it.clock.until("synced", () => it.reflector.synced);
  it.server.user.merge(configMaps, named("a"), label("bad"));
  it.server.user.delete(configMaps, named("a"));
  await it.clock.until("deleted", () => it.deltas.length === 3);
  expect(said(it.deltas)).toEqual(["added a", "added bad", "deleted a"]);
  expect(it.malformed).toEqual(["configmaps a: Error: bad team"]);
  await it.stop();
});

test("an object that cannot be projected any more is no deleted one, also in a new list", async () => {
  let broken = false;
  const it = world(["a", "b"], {
    project: (object) => {
      if (broken && object.metadata.name === "a") throw new Error("bad object");
      return object;
    },
  });
  await it.clock.until("synced", () => it.reflector.synced);
  broken = true;
  it.server.user.dropWatches();
  it.server.user.delete(configMaps, named("b"));
  it.server.user.forgetHistory();
  await it.clock.until("listed again", () => it.lists.length === 2);
  expect(said(it.deltas)).toEqual(["added a", "added b", "deleted b"]);
  expect([it.reflector.cache.size, it.malformed]).toEqual([1, ["configmaps a: Error: bad object"]]);
  await it.stop();
});

test.each(faults)("after the fault %s at any call the cache becomes as the server", async (fault: Fault) => {
  for (let index = 0; index < 8; index++) {
    const it = world(["a", "b", "c"], { pageSize: 2 });
    it.server.setFaults(faultAt(index, fault));
    for (let round = 0; round < 6; round++) {
      it.server.user.create(configMaps, named(`n${round}`), {});
      it.server.user.merge(configMaps, named("a"), { data: { round: String(round) } });
      if (round === 3) it.server.user.delete(configMaps, named("b"));
      if (round % 2 === 1) it.server.user.dropWatches();
      await it.clock.advance(20_000);
    }
    await it.clock.until(`the cache agrees after ${fault} at ${index}`, () => agree(it), 600_000);
    await it.stop();
  }
});

const step = fc.oneof(
  fc.record({ do: fc.constant("put" as const), name: fc.constantFrom("a", "b", "c", "d") }),
  fc.record({ do: fc.constant("delete" as const), name: fc.constantFrom("a", "b", "c", "d") }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  fc.record({ do: fc.constant("drop" as const) }),
  fc.record({ do: fc.constant("forget" as const) }),
);

test("whatever happens, deltas are a history that fits, and lead to what the server has", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30, size: "max" }), fc.integer(), async (steps, seed) => {
      const it = world([], { pageSize: 2, history: 5 });
      it.server.setFaults(randomFaults(seed, 0.3));
      for (const [index, one] of steps.entries()) {
        const { user } = it.server;
        if (one.do === "wait") await it.clock.advance(one.ms);
        else if (one.do === "drop") user.dropWatches();
        else if (one.do === "forget") user.forgetHistory();
        else if (one.do === "delete") user.delete(configMaps, named(one.name));
        else if (user.get(configMaps, named(one.name)) === undefined) user.create(configMaps, named(one.name), {});
        else user.merge(configMaps, named(one.name), { data: { step: String(index) } });
      }
      it.server.setFaults(() => undefined);
      await it.clock.until("the cache agrees", () => it.reflector.synced && agree(it), 1_200_000);
      await it.stop();
      const model = new Map<string, ConfigMap>();
      for (const delta of it.deltas) {
        const before = model.get(delta.key);
        if (delta.type === "added") expect(before).toBeUndefined();
        else expect(before).toBe(delta.before);
        if (delta.type === "updated") expect(delta.after.metadata.uid).toBe(delta.before.metadata.uid);
        if (delta.type === "deleted") model.delete(delta.key);
        else model.set(delta.key, delta.after);
      }
      expect(versions(model.values())).toEqual(versions(it.reflector.cache.values()));
    }),
    { numRuns: 60 },
  );
});
