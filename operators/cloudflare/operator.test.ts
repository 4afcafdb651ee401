import { expect, test } from "vitest";
import { noFence } from "#lib/operator/fence.ts";
import { fakeServer } from "#lib/operator/fake/server.ts";
import { randomNumbers } from "#lib/operator/fake/faults.ts";
import { deployments } from "#lib/operator/resources.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { callBudget } from "./api/budget.ts";
import { cloudflareClient } from "./api/client.ts";
import { annotations, type Deployment, FINALIZER } from "./deployment.ts";
import { fakeCloudflare } from "./fake/server.ts";
import { ACCOUNT, TOKEN } from "./fake/types.ts";
import { createOperator } from "./operator.ts";

/** A cluster, Cloudflare with one zone, one tunnel and two policies, and the operator between them. */
function start(settings: { readonly ownership?: "comment" | "comment+txt"; readonly workers?: number } = {}) {
  const clock = virtualClock();
  const kube = fakeServer({ clock });
  const cloudflare = fakeCloudflare({ clock, latencyMs: 50 });
  const { user } = cloudflare;
  const zone = user.zone("example.org");
  const tunnel = user.tunnel("homelab");
  user.policy("family");
  user.policy("friends");
  const budget = callBudget({ clock });
  const events: string[] = [];
  const stop = new AbortController();
  const operator = createOperator({
    cloudflare: (fence) =>
      cloudflareClient({ clock, budget, fence, account: ACCOUNT, token: TOKEN, fetch: cloudflare.fetch }),
    deployments: kube.api<Deployment>(deployments),
    settings: {
      owner: "test",
      tunnel: "homelab",
      settleMs: 60_000,
      ownership: settings.ownership ?? "comment",
      sessionDuration: "24h",
    },
    passMs: 300_000,
    surroundings: { clock, random: randomNumbers(1) },
    recorder: { event: (object, { reason, note }) => void events.push(`${object.metadata.name} ${reason}: ${note}`) },
  });
  const ends = [operator.controller.keepCache(stop.signal), operator.lead(noFence(stop.signal), stop.signal)];
  const deploy = (name: string, given: Readonly<Record<string, string>>) =>
    kube.user.create<Deployment>(deployments, { namespace: "web", name }, { metadata: { annotations: given } });
  const read = (name: string) => kube.user.get<Deployment>(deployments, { namespace: "web", name });
  const phase = (name: string): string | undefined => {
    const text = read(name)?.metadata.annotations?.[annotations.state];
    return text === undefined ? undefined : (JSON.parse(text) as { phase: string }).phase;
  };
  const until = (name: string, wanted: string | undefined) =>
    clock.until(`${name} is ${wanted}`, () => phase(name) === wanted, 900_000);
  const world = () => ({
    records: [...cloudflare.world.records.values()].map((one) => `${one.type} ${one.name}`).sort(),
    apps: [...cloudflare.world.apps.values()].map((one) => one.domain).sort(),
    routes: [...cloudflare.world.tunnels.values()].flatMap((one) =>
      (one.config?.ingress ?? []).map((rule) => rule.hostname ?? "*"),
    ),
  });
  const close = async () => {
    stop.abort();
    await clock.advance(40_000);
    await Promise.all(ends);
  };
  return { clock, kube, cloudflare, user, zone, tunnel, events, deploy, read, phase, until, world, close };
}

const wish = (hostname: string, policy = "family") => ({
  [annotations.hostname]: hostname,
  [annotations.policy]: policy,
});

test("an annotated Deployment gets its record, application and route; deleted, it leaves nothing", async () => {
  const { deploy, until, world, read, kube, clock, close } = start();
  deploy("shop", wish("shop.example.org"));
  await until("shop", "Ready");
  expect(read("shop")?.metadata.finalizers).toEqual([FINALIZER]);
  expect(world()).toEqual({
    records: ["CNAME shop.example.org"],
    apps: ["shop.example.org"],
    routes: ["shop.example.org", "*"],
  });
  kube.user.delete(deployments, { namespace: "web", name: "shop" });
  await clock.until("it is gone", () => read("shop") === undefined, 900_000);
  expect(world()).toEqual({ records: [], apps: [], routes: ["*"] });
  await close();
});
