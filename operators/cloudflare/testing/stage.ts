import { LeadershipLost, noFence } from "#lib/operator/fence.ts";
import { randomNumbers } from "#lib/operator/fake/faults.ts";
import { fakeServer } from "#lib/operator/fake/server.ts";
import { deployments } from "#lib/operator/resources.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { callBudget } from "../api/budget.ts";
import { cloudflareClient } from "../api/client.ts";
import { annotations, type Deployment } from "../deployment.ts";
import { fakeCloudflare } from "../fake/server.ts";
import { ACCOUNT, type FakeCloudflareOptions, TOKEN } from "../fake/types.ts";
import { createOperator } from "../operator.ts";
import type { Settings } from "../session.ts";

/** What is not as always: how late Cloudflare's lists are, how many calls it takes, and how often passes come. */
export interface Circumstances extends Pick<FakeCloudflareOptions, "lagMs" | "quota"> {
  readonly passMs?: number;
}

/** One write of the operator that Cloudflare has done. */
export interface Deed {
  /** Since the start. */
  readonly atMs: number;
  /** `DELETE application`, `PUT routes`, `POST records`, `POST tag`. */
  readonly what: string;
}

/**
 * A cluster, Cloudflare with one zone, one tunnel and two policies, and the operator between them. Nothing happens before
 * the clock is told to go on, so what is made until then was there before the operator.
 */
export function start(changed: Partial<Settings> = {}, { passMs = 300_000, ...circumstances }: Circumstances = {}) {
  const clock = virtualClock();
  const startMs = clock.nowMs();
  const kube = fakeServer({ clock });
  const cloudflare = fakeCloudflare({ clock, latencyMs: 50, ...circumstances });
  const { user } = cloudflare;
  const zone = user.zone("example.org");
  const tunnel = user.tunnel("homelab");
  user.policy("family");
  user.policy("friends");
  const budget = callBudget({ clock });
  const events: string[] = [];
  const deeds: Deed[] = [];
  const exposed: string[] = [];
  const results: string[] = [];
  cloudflare.onChange(({ call, after }) => {
    if (call !== undefined)
      deeds.push({ atMs: clock.nowMs() - startMs, what: `${call.method} ${objectOf(call.path)}` });
    const covered = new Set([...after.apps.values()].map(({ domain }) => domain));
    for (const { hostname } of [...after.tunnels.values()].flatMap(({ config }) => config?.ingress ?? []))
      if (hostname !== undefined && !covered.has(hostname)) exposed.push(hostname);
  });
  const stop = new AbortController();
  let drifted = 0;
  let swept = 0;
  const operator = createOperator({
    cloudflare: (fence) =>
      cloudflareClient({ clock, budget, fence, account: ACCOUNT, token: TOKEN, fetch: cloudflare.fetch }),
    deployments: kube.api<Deployment>(deployments),
    settings: settingsOf(changed),
    passMs,
    observer: {
      reconciled: (key, result) => void results.push(`${key} ${result}`),
      persisted: () => {},
      refused: () => {},
      failed: (key, phase) => void results.push(`${key} failed in ${phase}`),
      removed: (key) => void results.push(`${key} removed`),
    },
    hearing: { drifted: () => void drifted++, swept: () => void swept++ },
    surroundings: { clock, random: randomNumbers(1) },
    recorder: { event: (object, { reason, note }) => void events.push(`${object.metadata.name} ${reason}: ${note}`) },
  });
  const caching = operator.controller.keepCache(stop.signal);
  let term = new AbortController();
  const lead = () => operator.lead(noFence(AbortSignal.any([term.signal, stop.signal])), stop.signal);
  let leading = lead();
  /** Whoever leads loses the Lease, and one leads next who knows nothing of before. */
  const changeLeader = async () => {
    term.abort(new LeadershipLost("another leads"));
    await clock.resolve("the term has ended", leading);
    term = new AbortController();
    leading = lead();
  };
  const deploy = (name: string, given: Readonly<Record<string, string>>) =>
    kube.user.create<Deployment>(deployments, { namespace: "web", name }, { metadata: { annotations: given } });
  const read = (name: string) => kube.user.get<Deployment>(deployments, { namespace: "web", name });
  /** Somebody deletes it; resolves when it is gone. */
  const remove = async (name: string) => {
    kube.user.delete(deployments, { namespace: "web", name });
    await clock.until(`${name} is gone`, () => read(name) === undefined, 900_000);
  };
  const annotate = (name: string, given: Readonly<Record<string, string | null>>) =>
    kube.user.merge<Deployment>(deployments, { namespace: "web", name }, { metadata: { annotations: given } });
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
    await Promise.all([caching, leading]);
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
    remove,
    changeLeader,
    annotate,
    world,
    /** What the operator has written so far, in order. */
    deeds,
    /** What each reconciliation came to, `web/shop success`; what failed, `web/shop failed in Ready`; whom the operator has done with, `web/shop removed`. */
    results,
    /** Hostnames that had a route and no application, even for an instant. */
    exposed,
    close,
  };
}

/** What a path of Cloudflare's API is about. */
function objectOf(path: string): string {
  if (path.includes("/access/apps")) return "application";
  if (path.includes("/access/tags")) return "tag";
  return path.includes("/cfd_tunnel") ? "routes" : "records";
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
