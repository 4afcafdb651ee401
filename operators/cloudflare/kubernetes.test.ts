import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventsV1Event, V1Deployment } from "@kubernetes/client-node";
import { kubeConfig } from "#lib/testing/kubernetes-client.ts";
import { type Kubernetes, startKubernetes } from "#lib/testing/kubernetes.ts";
import { eventually } from "#lib/testing/process.ts";
import { systemClock } from "#lib/operator/clock.ts";
import { valueOf } from "#lib/operator/errors.ts";
import { createRecorder, type WritingRecorder } from "#lib/operator/events.ts";
import { type HttpServer, httpServer } from "#lib/operator/http-api.ts";
import type { Lease } from "#lib/operator/lease.ts";
import { runManager } from "#lib/operator/manager.ts";
import type { Live } from "#lib/operator/object.ts";
import { deployments, events, leases } from "#lib/operator/resources.ts";
import { callBudget } from "./api/budget.ts";
import { cloudflareClient } from "./api/client.ts";
import { annotations, type Deployment, FINALIZER } from "./deployment.ts";
import { type ServedCloudflare, serveCloudflare } from "./fake/http.ts";
import { fakeCloudflare } from "./fake/server.ts";
import { ACCOUNT, TOKEN } from "./fake/types.ts";
import { createOperator } from "./operator.ts";
import { settingsOf, wish } from "./testing/stage.ts";

const START_MS = 60_000;
const WITHIN_MS = 45_000;
const clock = systemClock();
const cloudflare = fakeCloudflare({ clock });
const { user } = cloudflare;
const zone = user.zone("example.org");
const tunnel = user.tunnel("homelab");
user.policy("family");

let plane: Kubernetes;
let server: HttpServer;
let served: ServedCloudflare;
let recorder: WritingRecorder;
let running: Promise<void>;
const ending = new AbortController();

beforeAll(async () => {
  plane = await startKubernetes();
  served = await serveCloudflare(cloudflare);
  server = httpServer(kubeConfig(plane));
  recorder = createRecorder({
    api: server.api<Live<EventsV1Event>>(events),
    clock,
    controller: "homelab/cloudflare-operator",
    instance: "test",
  });
  const budget = callBudget({ clock });
  const { controller, whileLeading } = createOperator({
    cloudflare: (fence) =>
      cloudflareClient({ clock, budget, fence, account: ACCOUNT, token: TOKEN, baseUrl: served.baseUrl }),
    deployments: server.api<Deployment>(deployments),
    settings: settingsOf({ settleMs: 200 }),
    passMs: 500,
    surroundings: { clock, random: Math.random },
    recorder,
  });
  const election = {
    api: server.api<Lease>(leases),
    lease: { namespace: "default", name: "cloudflare-operator" },
    identity: "test",
    random: Math.random,
  };
  running = runManager(
    { name: "cloudflare-operator", controllers: [controller], whileLeading, election, clock },
    ending.signal,
  );
}, START_MS);
afterAll(async () => {
  ending.abort();
  await running;
  await recorder?.close();
  server?.close();
  await served?.close();
  await plane?.close();
}, START_MS);

const named = (name: string) => ({ namespace: "default", name });
const api = () => server.api<Live<V1Deployment>>(deployments);
const deploy = async (name: string, given: Readonly<Record<string, string>>) => {
  const labels = { app: name };
  const spec = { containers: [{ name: "web", image: "registry.example.org/web:1" }] };
  const deployment = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } };
  valueOf("create", await api().create(named(name), { metadata: { annotations: given }, spec: deployment }));
};
const phase = async (name: string): Promise<string | undefined> => {
  const { metadata } = valueOf("read", await api().get(named(name)));
  const text = metadata.annotations?.[annotations.state];
  return text === undefined ? undefined : (JSON.parse(text) as { phase: string }).phase;
};
const isReady = (name: string) =>
  eventually(`${name} is ready`, async () => (await phase(name)) === "Ready", WITHIN_MS);
const routes = () => cloudflare.world.tunnels.get(tunnel)?.config?.ingress.map(({ hostname }) => hostname);

test(
  "annotate, and it exists; edit by hand, and it comes back; delete, and it is gone",
  { timeout: 4 * WITHIN_MS },
  async () => {
    await deploy("shop", wish("shop.example.org"));
    await isReady("shop");
    expect(routes()).toEqual(["shop.example.org", undefined]);
    expect([...cloudflare.world.apps.values()].map(({ domain }) => domain)).toEqual(["shop.example.org"]);
    expect(valueOf("read", await api().get(named("shop"))).metadata.finalizers).toEqual([FINALIZER]);

    for (const id of cloudflare.world.records.keys()) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
    await eventually("the record is back", () => cloudflare.world.records.size === 1, WITHIN_MS);
    await isReady("shop");

    valueOf("delete", await api().delete(named("shop")));
    const gone = async () => !(await api().get(named("shop"))).ok;
    await eventually("it is gone", gone, WITHIN_MS);
    expect([routes(), cloudflare.world.apps.size, cloudflare.world.records.size]).toEqual([[undefined], 0, 0]);
  },
);

test("people read what happened in the Events of a Deployment", { timeout: 2 * WITHIN_MS }, async () => {
  await deploy("lost", wish("lost.example.net"));
  await eventually(
    "the Event is there",
    async () => {
      const { items } = valueOf("list", await server.api<Live<EventsV1Event>>(events).list({ namespace: "default" }));
      const notes = items.filter(({ regarding }) => regarding?.name === "lost").map(({ note }) => note);
      return notes.some((note) => note?.includes("lost.example.net is in no active zone"));
    },
    WITHIN_MS,
  );
});
