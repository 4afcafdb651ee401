import type { V1ConfigMap } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { createHealth } from "#lib/service/health.ts";
import { createLogger } from "#lib/service/logs.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { systemClock } from "./clock.ts";
import { createController } from "./controller.ts";
import { valueOf } from "./errors.ts";
import { fakeServer } from "./fake/server.ts";
import type { FakeServer } from "./fake/types.ts";
import type { Lease } from "./lease.ts";
import { cacheParts, runManager, startOperator } from "./manager.ts";
import { kitMetrics } from "./metrics.ts";
import { type Live, nameOf } from "./object.ts";
import { done, type Reconcile } from "./reconcile.ts";
import { configMaps, leases } from "./resources.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

type ConfigMap = Live<V1ConfigMap>;
const named = (name: string) => ({ namespace: "default", name });
const lease = named("operator");

/** One process: a controller that marks each map with the name of who reconciled it last. */
function replica(clock: VirtualClock, server: FakeServer, name: string, reconcile?: Reconcile<ConfigMap>) {
  const controller = createController<ConfigMap>(
    {
      name: "maps",
      api: server.api<ConfigMap>(configMaps),
      relevant: (before, after) => before?.data?.["v"] !== after.data?.["v"] || before === undefined,
      reconcile:
        reconcile ??
        (async ({ key, object, api }) => {
          if (object) valueOf("mark", await api.merge(nameOf(key), { data: { by: name } }));
          return done;
        }),
    },
    { clock, random: () => 0 },
  );
  const ending = new AbortController();
  const election = { api: server.api<Lease>(leases), lease, identity: name, random: () => 0 };
  const running = clock
    .sleep(0)
    .then(() => runManager({ name, controllers: [controller], election, clock }, ending.signal));
  running.catch(() => {});
  return {
    controller,
    running,
    stop: async () => {
      ending.abort();
      await clock.resolve(`${name} stopped`, running);
    },
  };
}

const marks = (server: FakeServer) => server.user.list<ConfigMap>(configMaps).map(({ data }) => data?.["by"]);

test("a standby has its cache, and takes over within a retry when the leader stops", async () => {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  for (const name of ["one", "two"]) server.user.create(configMaps, named(name), {});
  const [first, second] = [replica(clock, server, "a"), replica(clock, server, "b")];
  await clock.advance(10_000);
  expect([marks(server), second.controller.synced]).toEqual([["a", "a"], true]);
  await first.stop();
  await clock.advance(2500);
  expect(marks(server)).toEqual(["b", "b"]);
  await second.stop();
});

test("a leader that is cut off from its lease stops to reconcile, another goes on, and it stands by again", async () => {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  server.user.create(configMaps, named("one"), {});
  const cut = { leader: false };
  const cutOff = (name: string): FakeServer => ({
    ...server,
    api: (resource) => {
      const api = server.api(resource);
      const unreachable = async () => ({ ok: false, error: { kind: "Unreachable", message: "cut off" } }) as never;
      const dead = { get: unreachable, merge: unreachable, create: unreachable };
      return new Proxy(api, {
        get: (target, property) =>
          cut.leader && name === "a" && resource === leases && property in dead
            ? unreachable
            : Reflect.get(target, property),
      }) as never;
    },
  });
  const [first, second] = [replica(clock, cutOff("a"), "a"), replica(clock, cutOff("b"), "b")];
  await clock.advance(10_000);
  cut.leader = true;
  await clock.advance(30_000);
  server.user.merge(configMaps, named("one"), { data: { v: "1" } });
  await clock.advance(1000);
  expect(marks(server)).toEqual(["b"]);
  cut.leader = false;
  await second.stop();
  await clock.advance(5000);
  expect(marks(server)).toEqual(["a"]);
  await first.stop();
});

test("the lease is renewed while the last reconciliation ends, and given back after", async () => {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  server.user.create(configMaps, named("one"), {});
  let ended = 0;
  const one = replica(clock, server, "a", async () => {
    await clock.sleep(25_000);
    ended = clock.nowMs();
    return done;
  });
  await clock.advance(5000);
  const stopping = one.stop();
  await stopping;
  const { spec } = server.user.get<Lease>(leases, lease)!;
  expect(spec?.holderIdentity).toBe("");
  expect(ended).toBeGreaterThan(0);
  expect(clock.nowMs()).toBeGreaterThanOrEqual(ended);
});

test("what a controller cannot outlive ends the manager with that error, and the lease is given back", async () => {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  server.setFaults(({ plural }) => (plural === "configmaps" ? "error" : undefined));
  const one = replica(clock, server, "a");
  await expect(clock.resolve("given up", one.running)).rejects.toThrow("not filled within 120 s");
  expect(server.user.get<Lease>(leases, lease)?.spec?.holderIdentity).toBe("");
});

test("a lease beside which a reconciliation still runs is not given back, and runs out", async () => {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  server.user.create(configMaps, named("one"), {});
  const one = replica(clock, server, "a", async () => {
    await clock.sleep(3_600_000);
    return done;
  });
  await clock.advance(5000);
  await expect(one.stop()).rejects.toThrow("still runs 30 s after it was told to end");
  expect(server.user.get<Lease>(leases, lease)?.spec?.holderIdentity).toBe("a");
  const next = replica(clock, server, "b");
  await clock.advance(14_000);
  expect(marks(server)).toEqual([undefined]);
  await clock.advance(10_000);
  expect(marks(server)).toEqual(["b"]);
  await next.stop();
});

test("when one part of the leader's work fails, the others stop, and the manager ends with the error", async () => {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  const api = server.api<ConfigMap>(configMaps);
  const controller = createController<ConfigMap>(
    { name: "maps", api, reconcile: async () => done },
    { clock, random: () => 0 },
  );
  const whileLeading = async () => {
    await clock.sleep(10_000);
    throw new Error("the drift check is broken");
  };
  const signal = new AbortController().signal;
  const running = runManager({ name: "kit", controllers: [controller], clock, whileLeading }, signal);
  await expect(clock.resolve("ended", running, 60_000)).rejects.toThrow("the drift check is broken");
});

test("an operator serves its health and its metrics, and is ready when its cache is", async () => {
  const clock = systemClock();
  const server = fakeServer({ clock });
  server.user.create(configMaps, named("one"), {});
  let letThrough = () => {};
  const gate = new Promise<void>((resolve) => void (letThrough = resolve));
  const api = server.api<ConfigMap>(configMaps);
  const registry = createMetrics("kit");
  const metrics = kitMetrics(registry);
  const controller = createController<ConfigMap>(
    {
      name: "maps",
      api: { ...api, list: async (options) => (await gate, await api.list(options)) },
      reconcile: async () => done,
    },
    { clock, random: Math.random, metrics },
  );
  const operator = await startOperator({
    name: "kit",
    controllers: [controller],
    clock,
    metrics,
    registry,
    health: createHealth(cacheParts([controller])),
    logger: createLogger({ name: "kit", level: "silent" }),
    address: { HOST: "127.0.0.1", PORT: 0 },
  });
  const get = (path: string) => fetch(`${operator.url}${path}`, { signal: AbortSignal.timeout(5000) });
  expect((await get("/healthz")).status).toBe(200);
  expect(await (await get("/readyz")).json()).toEqual({
    status: "waiting",
    waiting: { "cache of maps": "its first list has not come yet" },
  });
  letThrough();
  while ((await get("/readyz")).status !== 200) await clock.sleep(20);
  const text = await (await get("/metrics")).text();
  for (const line of [
    'leader_election_master_status{name="kit",service="kit"} 1',
    'controller_runtime_reconcile_total{controller="maps",result="success",service="kit"} 1',
    'workqueue_depth{name="maps",controller="maps",priority="0",service="kit"} 0',
    'workqueue_adds_total{name="maps",controller="maps",service="kit"} 1',
    'controller_runtime_max_concurrent_reconciles{controller="maps",service="kit"} 1',
  ])
    expect(text).toContain(line);
  await operator.close();
  await expect(get("/healthz")).rejects.toThrow();
});
