import { randomNumbers } from "#lib/operator/fake/faults.ts";
import type { FetchAnswer, FetchRequest } from "../api/fetch.ts";
import { type FakeCall, type Fault, noFaults } from "./faults.ts";
import { History } from "./history.ts";
import { Quota } from "./quota.ts";
import { type Reply, refusal, Refusal, success } from "./reply.ts";
import { type Arrived, runRoute } from "./router.ts";
import {
  ACCOUNT,
  type Change,
  type CloudflareUser,
  type FakeCloudflare,
  type FakeCloudflareOptions,
  TOKEN,
} from "./types.ts";
import { emptyWorld, type World } from "./world.ts";

/** How long a slow call takes, how late a late commit is, and the wait that a throttled call is told. */
const SLOW_MS = 5_000;
const LATE_MS = 20_000;
const THROTTLED_S = 30;

/** Starts a fake Cloudflare, with nothing in its account unless told. */
export function fakeCloudflare(options: FakeCloudflareOptions): FakeCloudflare {
  const { clock, account = ACCOUNT, token = TOKEN, latencyMs = 0 } = options;
  const random = randomNumbers(options.seed ?? 1);
  const history = new History(options.world ?? emptyWorld);
  const quota = new Quota(clock, options.quota ?? {});
  const listeners = new Set<(change: Change) => void>();
  let plan = options.faults ?? noFaults;
  let lagMs = options.lagMs ?? 0;
  let calls = 0;

  const perform = (world: World, arrived: Arrived, call: FakeCall | undefined): Reply => {
    try {
      const effect = runRoute(world, arrived, account, clock.nowMs());
      if (effect.world !== undefined) commit(effect.world, call);
      return success(effect.result, effect.info);
    } catch (error) {
      if (error instanceof Refusal) return refusal(error);
      throw error;
    }
  };
  const commit = (after: World, call: FakeCall | undefined) => {
    const before = history.now;
    history.push(clock.nowMs(), after);
    for (const listen of [...listeners]) listen({ before, after, call });
  };
  /** Does the call; a read on the world as this reader sees it. */
  const done = (arrived: Arrived, call: FakeCall, stale: boolean): Reply => {
    if (arrived.method !== "GET") return perform(history.now, arrived, call);
    const nowMs = clock.nowMs();
    return perform(stale ? history.someOld(nowMs, random) : history.at(nowMs - lagMs), arrived, call);
  };

  const answer = async (arrived: Arrived, bearer: string, signal: AbortSignal): Promise<Reply> => {
    const call: FakeCall = { index: calls++, method: arrived.method, path: arrived.path };
    const fault: Fault | undefined = plan(call);
    if (latencyMs > 0 && !(await clock.sleep(latencyMs, signal))) throw signal.reason;
    const { allowed, headers } = quota.meet();
    const told = (reply: Reply): Reply => ({ ...reply, headers: { ...reply.headers, ...headers } });
    if (bearer !== token) return told(refusal(new Refusal(403, 10000, "Authentication error")));
    if (!allowed) return told(refusal(new Refusal(429, 971, "Please wait and consider throttling your request speed")));
    switch (fault) {
      case "error":
        return told(refusal(new Refusal(500, 10013, "An unknown error has occurred")));
      case "errorAfterCommit":
        done(arrived, call, false);
        return { status: 502, headers: { "content-type": "text/html" }, body: "<title>502 Bad Gateway</title>" };
      case "timeout":
        return await never(signal);
      case "timeoutAfterCommit":
        done(arrived, call, false);
        return await never(signal);
      case "lateCommit":
        clock.setTimer(LATE_MS, () => void done(arrived, call, false));
        return await never(signal);
      case "throttle": {
        const reply = told(refusal(new Refusal(429, 10300, "Rate limited. Please wait")));
        return { ...reply, headers: { ...reply.headers, "retry-after": String(THROTTLED_S) } };
      }
      case "slow":
        if (!(await clock.sleep(SLOW_MS, signal))) throw signal.reason;
    }
    return told(done(arrived, call, fault === "stale"));
  };

  const asUser = (method: string, path: string, body?: unknown): unknown => {
    const [plain = "", query] = path.replace(":account", account).split("?");
    const arrived = { method, path: plain, query: new URLSearchParams(query), body: JSON.stringify(body) };
    const effect = runRoute(history.now, arrived, account, clock.nowMs());
    if (effect.world !== undefined) commit(effect.world, undefined);
    return effect.result;
  };
  const made = (path: string, body: unknown): string => (asUser("POST", path, body) as { readonly id: string }).id;
  const user: CloudflareUser = {
    call: asUser,
    zone: (name) => made("/zones", { name }),
    policy: (name) =>
      made("/accounts/:account/access/policies", { name, decision: "allow", include: [{ everyone: {} }] }),
    tunnel: (name) => made("/accounts/:account/cfd_tunnel", { name, config_src: "cloudflare" }),
  };

  return {
    fetch: async (url, request) => {
      if (request.signal.aborted) throw request.signal.reason;
      return fetchAnswer(await answer(arrivedFrom(url, request), bearerOf(request), request.signal));
    },
    get world() {
      return history.now;
    },
    get calls() {
      return calls;
    },
    setFaults: (next) => void (plan = next),
    setLag: (ms) => void (lagMs = ms),
    onChange: (listen) => {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    user,
  };
}

/** Waits until the caller gives up. */
function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function arrivedFrom(url: string, { method, body }: FetchRequest): Arrived {
  const { pathname, searchParams } = new URL(url);
  const base = pathname.indexOf("/client/v4/");
  return { method, path: base < 0 ? pathname : pathname.slice(base + "/client/v4".length), query: searchParams, body };
}

function bearerOf({ headers }: FetchRequest): string {
  return (headers["authorization"] ?? "").replace(/^Bearer /, "");
}

function fetchAnswer({ status, headers, body }: Reply): FetchAnswer {
  return { status, headers: { get: (name) => headers[name.toLowerCase()] ?? null }, text: async () => body };
}
