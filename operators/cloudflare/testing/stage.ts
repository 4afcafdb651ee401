import { noFence } from "#lib/operator/fence.ts";
import { randomNumbers } from "#lib/operator/fake/faults.ts";
import { fakeServer } from "#lib/operator/fake/server.ts";
import { deployments } from "#lib/operator/resources.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { callBudget } from "../api/budget.ts";
import { cloudflareClient } from "../api/client.ts";
import { annotations, type Deployment } from "../deployment.ts";
import { fakeCloudflare } from "../fake/server.ts";
import { ACCOUNT, TOKEN } from "../fake/types.ts";
import { createOperator } from "../operator.ts";
import type { Settings } from "../session.ts";

/** A cluster, Cloudflare with one zone, one tunnel and two policies, and the operator between them. */
export function start(changed: Partial<Settings> = {}) {
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
  let drifted = 0;
  let swept = 0;
  const operator = createOperator({
    cloudflare: (fence) =>
      cloudflareClient({ clock, budget, fence, account: ACCOUNT, token: TOKEN, fetch: cloudflare.fetch }),
    deployments: kube.api<Deployment>(deployments),
    settings: settingsOf(changed),
    passMs: 300_000,
    hearing: { drifted: () => void drifted++, swept: () => void swept++ },
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
  const client = cloudflareClient({ clock, budget, account: ACCOUNT, token: TOKEN, fetch: cloudflare.fetch });
  return {
    counts: () => ({ drifted, swept }),
    client,
    settings: settingsOf(changed),
    operator,
    clock,
    kube,
    cloudflare,
    user,
    zone,
    tunnel,
    events,
    deploy,
    read,
    phase,
    until,
    world,
    close,
  };
}

/** Settings for tests: a minute until all is settled. */
export const settingsOf = (changed: Partial<Settings> = {}): Settings => ({
  owner: "test",
  tunnel: "homelab",
  settleMs: 60_000,
  ownership: "comment",
  sessionDuration: "24h",
  ...changed,
});

/** The annotations that publish a Deployment. */
export const wish = (hostname: string, policy = "family"): Readonly<Record<string, string>> => ({
  [annotations.hostname]: hostname,
  [annotations.policy]: policy,
});
