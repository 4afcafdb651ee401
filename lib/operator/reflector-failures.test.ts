import { expect, test } from "vitest";
import type { KubeApi, WatchEvent } from "./api.ts";
import { type ApiError, failure, type Outcome, success } from "./errors.ts";
import { type ConfigMap, label, named, said, world } from "./reflector-world.ts";
import { configMaps } from "./resources.ts";

interface Script {
  /** What a call does in place of the server's own answer; undefined for that. */
  readonly list?: (call: number) => ApiError | undefined;
  readonly watch?: (call: number) => ApiError | readonly WatchEvent<ConfigMap>[] | undefined;
  /** How a watch with events of its own ends. */
  readonly end?: Outcome<undefined>;
}

/** An API some of whose lists and watches go as told, and when each was called. */
function scripted(script: Script) {
  const calls: { readonly verb: "list" | "watch"; readonly atMs: number }[] = [];
  let now = () => 0;
  const count = (verb: "list" | "watch") => {
    calls.push({ verb, atMs: now() });
    return calls.filter((call) => call.verb === verb).length - 1;
  };
  const through = (api: KubeApi<ConfigMap>): KubeApi<ConfigMap> => ({
    ...api,
    list: async (options) => {
      const call = count("list");
      const error = script.list?.(call);
      return error ? failure(error) : await api.list(options);
    },
    watch: async (options) => {
      const call = count("watch");
      const told = script.watch?.(call);
      if (told === undefined) return await api.watch(options);
      return "kind" in told ? failure(told) : success(play(told));
    },
  });
  async function* play(events: readonly WatchEvent<ConfigMap>[]) {
    yield* events;
    return script.end ?? success(undefined);
  }
  return {
    through,
    calls,
    verbs: () => calls.map(({ verb }) => verb).join(" "),
    waits: () => calls.slice(1).map(({ atMs }, index) => atMs - calls[index]!.atMs),
    by: (clock: { nowMs(): number }) => void (now = () => clock.nowMs()),
  };
}

const busy: ApiError = { kind: "TooManyRequests", message: "slow down", retryAfterMs: 7000 };
const broken: ApiError = { kind: "ServerError", status: 500, message: "broken" };

test("a server that asks to wait is not asked before, and its watch goes on without a new list", async () => {
  const script = scripted({
    list: (call) => (call < 2 ? busy : undefined),
    watch: (call) => (call < 9 ? busy : undefined),
  });
  const it = world(["a"], { through: script.through, random: () => 0 });
  script.by(it.clock);
  await it.clock.until("the watch runs", () => script.calls.length === 13);
  expect(script.verbs()).toBe(`list list list${" watch".repeat(10)}`);
  expect(script.waits()).toEqual([7000, 7000, 0, 7000, 7000, 12_800, 25_600, 30_000, 30_000, 30_000, 30_000, 30_000]);
  await it.stop();
});

test("waits are spread, so that many replicas do not come back at once", async () => {
  for (const share of [0, 0.75]) {
    const script = scripted({ list: (call) => (call < 7 ? broken : undefined) });
    const it = world([], { through: script.through, random: () => share });
    script.by(it.clock);
    await it.clock.until("synced", () => it.reflector.synced);
    expect(script.waits().slice(0, 7)).toEqual(
      [800, 1600, 3200, 6400, 12_800, 25_600, 30_000].map((ms) => ms * (1 + share)),
    );
    await it.stop();
  }
});

test("a server that is away is waited for, without a list when it is back", async () => {
  const away: ApiError = { kind: "Unreachable", message: "refused" };
  const script = scripted({ watch: (call) => (call < 12 ? away : undefined) });
  const it = world(["a"], { through: script.through });
  await it.clock.until("the watch runs", () => script.calls.length === 14);
  expect(script.verbs()).toBe(`list${" watch".repeat(13)}`);
  await it.stop();
});

test("after five watches that fail before they tell anything a list tells what the next event could not", async () => {
  for (const end of [failure(broken), failure({ kind: "Unreachable", message: "A line is too long." } as const)]) {
    const script = scripted({ watch: (call) => (call < 5 ? [] : undefined), end });
    const it = world(["a"], { through: script.through });
    await it.clock.until("synced", () => it.reflector.synced);
    it.server.user.merge(configMaps, named("a"), label("blue"));
    await it.clock.until("the watch runs", () => script.calls.length === 8);
    expect(script.verbs()).toBe("list watch watch watch watch watch list watch");
    expect(said(it.deltas)).toEqual(["added a", "updated a"]);
    await it.stop();
  }
});

test("a watch that tells something before it fails needs no list", async () => {
  const bookmark = { type: "BOOKMARK", resourceVersion: "5000" } as const;
  const script = scripted({ watch: (call) => (call < 20 ? [bookmark] : undefined), end: failure(broken) });
  const it = world(["a"], { through: script.through });
  await it.clock.until("twenty watches", () => script.calls.length === 21);
  expect(script.verbs()).toBe(`list${" watch".repeat(20)}`);
  await it.stop();
});

test("watches that end as soon as they have begun do not turn hot", async () => {
  const script = scripted({ watch: () => [] });
  const it = world([], { through: script.through, random: () => 0 });
  script.by(it.clock);
  await it.clock.until("five watches", () => script.calls.length === 6);
  expect(script.waits()).toEqual([0, 800, 1600, 3200, 6400]);
  await it.stop();
});

test("an error that means the rights are gone, or the kind is, lists until they are back", async () => {
  for (const kind of ["Forbidden", "NotFound", "Gone"] as const) {
    const script = scripted({
      watch: (call) => (call === 0 ? { kind, message: "no" } : undefined),
      list: (call) => (call === 1 ? { kind, message: "no" } : undefined),
    });
    const it = world(["a"], { through: script.through });
    await it.clock.until("the watch runs again", () => script.calls.length === 5);
    expect([kind, script.verbs()]).toEqual([kind, "list watch list list watch"]);
    expect(it.reflector.cache.size).toBe(1);
    await it.stop();
  }
});

test("a server that shows by a bookmark that it went back is listed again", async () => {
  const script = scripted({ watch: (call) => (call === 1 ? [{ type: "BOOKMARK", resourceVersion: "3" }] : undefined) });
  const it = world(["a"], { through: script.through });
  await it.clock.until("synced", () => it.reflector.synced);
  it.server.user.dropWatches();
  await it.clock.until("listed again", () => it.lists.length === 2);
  expect(it.failures).toEqual(["Unreachable", "Gone"]);
  expect(script.verbs()).toBe("list watch watch list watch");
  await it.stop();
});

test("an object that an index cannot read has no place in it, and is cached all the same", async () => {
  const it = world(["a", "b"], {
    indexes: {
      team: ({ metadata }) => {
        if (metadata.name === "a") throw new Error("bad label");
        return Object.values(metadata.labels ?? {});
      },
    },
  });
  await it.clock.until("synced", () => it.reflector.synced);
  expect([it.reflector.cache.size, it.reflector.cache.keysBy("team", "red")]).toEqual([2, ["default/b"]]);
  it.server.user.delete(configMaps, named("a"));
  await it.clock.until("deleted", () => it.reflector.cache.size === 1);
  expect(it.malformed[0]).toBe("configmaps a has no place in team: Error: bad label");
  await it.stop();
});

test("a reflector ends at once whatever it does, and leaves no timer behind", async () => {
  for (const fault of [undefined, "error", "slow"] as const) {
    const it = world(["a"]);
    it.server.setFaults(() => fault);
    await it.clock.advance(3000);
    const beforeMs = it.clock.nowMs();
    await it.stop();
    expect([fault, it.clock.nowMs() - beforeMs]).toEqual([fault, 0]);
    await it.clock.advance(20_000);
    expect(it.clock.waiting).toBe(0);
  }
});
