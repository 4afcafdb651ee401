import type { EventsV1Event, V1ConfigMap } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubeConfig } from "#lib/testing/kubernetes-client.ts";
import { type Kubernetes, startKubernetes } from "#lib/testing/kubernetes.ts";
import { eventually } from "#lib/testing/process.ts";
import { systemClock } from "./clock.ts";
import { createController } from "./controller.ts";
import { valueOf } from "./errors.ts";
import { createRecorder } from "./events.ts";
import { addFinalizer, isDeleting, removeFinalizer } from "./finalizers.ts";
import { type HttpServer, httpServer } from "./http-api.ts";
import type { Lease } from "./lease.ts";
import { runManager } from "./manager.ts";
import { type Live, nameOf } from "./object.ts";
import { done, type Reconcile } from "./reconcile.ts";
import { configMaps, events, leases } from "./resources.ts";

type ConfigMap = Live<V1ConfigMap>;
const FINALIZER = "kit.example/clean";
const clock = systemClock();
const named = (name: string) => ({ namespace: "default", name });

let plane: Kubernetes;
let server: HttpServer;
beforeAll(async () => {
  plane = await startKubernetes();
  server = httpServer(kubeConfig(plane));
});
afterAll(async () => {
  server?.close();
  await plane?.close();
});

/** A replica whose `reconcile` gets a recorder; it watches maps with the label `kit=<label>`. */
function replica(name: string, label: string, reconcile: Reconcile<ConfigMap>) {
  const controller = createController<ConfigMap>(
    { name: "maps", api: server.api<ConfigMap>(configMaps), selection: { labelSelector: `kit=${label}` }, reconcile },
    { clock, random: Math.random },
  );
  const ending = new AbortController();
  const election = {
    api: server.api<Lease>(leases),
    lease: named(label),
    identity: name,
    random: Math.random,
    ...{ leaseMs: 3000, renewMs: 2000, retryMs: 250 },
  };
  const running = runManager({ name, controllers: [controller], election, clock }, ending.signal);
  return { controller, running, stop: () => (ending.abort(), running) };
}

test("an operator on a real server: finalizer first, its work told by Events, and a deletion that waits for it", async () => {
  const outside = new Set<string>();
  const recorder = createRecorder({
    api: server.api<Live<EventsV1Event>>(events),
    clock,
    controller: "kit.example/operator",
    instance: "operator-1",
  });
  const one = replica("a", "outside", async ({ key, object, api, signal, fence }) => {
    if (object === undefined) return done;
    if (isDeleting(object)) {
      await fence.check();
      outside.delete(key);
      valueOf("clean", await removeFinalizer(api, object, FINALIZER, signal));
      return done;
    }
    const kept = valueOf("finalizer", await addFinalizer(api, object, FINALIZER, signal));
    await fence.check();
    outside.add(key);
    for (const _ of [1, 2])
      recorder.event(kept, { type: "Normal", reason: "Made", action: "Make", note: `${key} exists outside.` });
    return done;
  });
  const api = server.api<ConfigMap>(configMaps);
  valueOf("create", await api.create(named("thing"), { metadata: { labels: { kit: "outside" } } }));
  await eventually("it exists outside", () => outside.has("default/thing"));
  const made = valueOf("get", await api.get(named("thing")));
  expect(made.metadata.finalizers).toEqual([FINALIZER]);
  valueOf("delete", await api.delete(named("thing")));
  await eventually("it is gone", async () => !(await api.get(named("thing"))).ok);
  expect(outside.size).toBe(0);
  await recorder.close();
  const told = valueOf("events", await server.api<Live<EventsV1Event>>(events).list({ namespace: "default" }));
  const about = told.items.filter(({ regarding }) => regarding?.uid === made.metadata.uid);
  expect(about).toHaveLength(1);
  expect(about[0]).toMatchObject({ reason: "Made", note: "default/thing exists outside." });
  expect(about[0]?.series?.count).toBeGreaterThanOrEqual(2);
  await one.stop();
});

test("of two replicas one writes; when it stops the other goes on, with a warm cache and without managed fields", async () => {
  const api = server.api<ConfigMap>(configMaps);
  const mark =
    (name: string): Reconcile<ConfigMap> =>
    async ({ key, object, api: own }) => {
      if (object && object.data?.["by"] !== name) {
        const fields = { data: { by: name } };
        valueOf("mark", await own.apply(nameOf(key), fields, { fieldManager: "kit", force: true }));
      }
      return done;
    };
  const labels = { metadata: { labels: { kit: "shared" } } };
  for (const name of ["one", "two", "three"]) valueOf("create", await api.create(named(name), labels));
  const marked = async (name: string) => {
    const { items } = valueOf("list", await api.list({ labelSelector: "kit=shared" }));
    return items.every(({ data }) => data?.["by"] === name);
  };
  const first = replica("a", "shared", mark("a"));
  await eventually("a has marked all", () => marked("a"));
  const second = replica("b", "shared", mark("b"));
  await eventually("b is warm", () => second.controller.cache.size === 3);
  expect(second.controller.cache.get("default/one")?.metadata).not.toHaveProperty("managedFields");
  expect(await marked("a")).toBe(true);
  await first.stop();
  await eventually("b has marked all", () => marked("b"));
  await second.stop();
});
