import { LeadershipLost, noFence } from "#lib/operator/fence.ts";
import { Store } from "#lib/operator/store.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { callBudget } from "../api/budget.ts";
import { cloudflareClient } from "../api/client.ts";
import { indexes } from "../claims.ts";
import type { Deployment } from "../deployment.ts";
import { type FaultPlan, noFaults } from "../fake/faults.ts";
import { fakeCloudflare } from "../fake/server.ts";
import { ACCOUNT, type FakeCloudflareOptions, TOKEN } from "../fake/types.ts";
import { type SessionOptions, sessions, type Settings } from "../session.ts";
import { settingsOf } from "./stage.ts";

/** What is not as always. */
export interface LeaderOptions extends Pick<FakeCloudflareOptions, "lagMs" | "quota"> {
  readonly settings?: Partial<Settings>;
  readonly onRoutes?: SessionOptions["onRoutes"];
  /** Makes what is there before the leader begins. */
  readonly before?: (made: { readonly zone: string; readonly tunnel: string; readonly user: Fake["user"] }) => void;
  /** Whether it leads already for longer than it waits: true unless told. */
  readonly settled?: boolean;
}

type Fake = ReturnType<typeof fakeCloudflare>;

/** A leader's session without a cluster: Cloudflare with one zone, one tunnel and two policies, and a cache to put Deployments into. */
export async function leader({ settings: changed, before, onRoutes, settled = true, ...fake }: LeaderOptions = {}) {
  const clock = virtualClock();
  const calls: string[] = [];
  let plan: FaultPlan = noFaults;
  const cloudflare = fakeCloudflare({ clock, latencyMs: 50, ...fake });
  cloudflare.setFaults((call) => {
    calls.push(`${call.method} ${call.path}`);
    return plan(call);
  });
  const { user } = cloudflare;
  const zone = user.zone("example.org");
  const tunnel = user.tunnel("homelab");
  for (const name of ["family", "friends"]) user.policy(name);
  before?.({ zone, tunnel, user });
  await clock.advance(fake.lagMs ?? 0);
  const budget = callBudget({ clock });
  let deposed = false;
  const check = async () => {
    if (deposed) throw new LeadershipLost("another leads");
  };
  const fence = { check };
  const client = cloudflareClient({ clock, budget, fence, account: ACCOUNT, token: TOKEN, fetch: cloudflare.fetch });
  const settings = settingsOf(changed);
  const cache = new Store<Deployment>(indexes);
  const put = (...all: readonly Deployment[]) => void cache.replace(all, "1");
  put();
  const stop = new AbortController();
  const sessionFor = sessions({ cloudflare: () => client, clock, settings, ...(onRoutes && { onRoutes }) });
  const session = await clock.resolve("the session", sessionFor(noFence(stop.signal), cache));
  if (settled) {
    await clock.advance(settings.settleMs);
    await clock.resolve("all is in sight", session.observation.settle());
  }
  return {
    clock,
    budget,
    cloudflare,
    user,
    zone,
    tunnel,
    settings,
    cache,
    put,
    session,
    stop,
    /** Another leads from now on, and this one does not know it yet. */
    depose: () => void (deposed = true),
    /** All calls so far: `METHOD path`. */
    calls,
    /** Replaces the plan of faults. */
    setFaults: (next: FaultPlan) => void (plan = next),
  };
}
