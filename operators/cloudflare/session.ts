import type { Clock } from "#lib/operator/clock.ts";
import type { Fence } from "#lib/operator/fence.ts";
import type { Reader } from "#lib/operator/store.ts";
import type { Cloudflare, IngressRule } from "./api/types.ts";
import type { Deployment } from "./deployment.ts";
import { Observation } from "./observe.ts";
import type { PlanOptions } from "./plan.ts";
import { type RecordWriter, recordWriter } from "./records.ts";
import { type RouteWriter, routeWriter } from "./routes.ts";
import { type TagWriter, tagWriter } from "./tag.ts";

/** How the operator is to work. */
export interface Settings extends PlanOptions {
  /** The operator's name in marks: two clusters with one account have two. */
  readonly owner: string;
  /** The name of the tunnel, which the operator has for itself. */
  readonly tunnel: string;
  /** See `ObserveOptions`. */
  readonly settleMs: number;
}

/** What sessions are made of. */
export interface SessionOptions {
  /** A client whose writes ask this fence. All clients of a process share one budget. */
  readonly cloudflare: (fence: Fence) => Cloudflare;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Is told of each configuration of the tunnel that was written. */
  readonly onRoutes?: (before: readonly IngressRule[], after: readonly IngressRule[]) => void;
}

/** What one leader knows and writes with, from taking the lease until losing it. */
export interface Session {
  readonly cloudflare: Cloudflare;
  readonly observation: Observation;
  readonly records: RecordWriter;
  readonly routes: RouteWriter;
  readonly tag: TagWriter;
  readonly signal: AbortSignal;
}

/** Gives the session of a leader: a new one for each term, and a new one after a start that failed. */
export function sessions({
  cloudflare: clientFor,
  clock,
  settings,
  onRoutes,
}: SessionOptions): (fence: Fence, cache: Reader<Deployment>) => Promise<Session> {
  const started = new WeakMap<Fence, Promise<Session>>();
  const start = async (fence: Fence, cache: Reader<Deployment>): Promise<Session> => {
    const cloudflare = clientFor(fence);
    const { signal } = fence;
    const observation = await Observation.start({ cloudflare, clock, ...settings, signal });
    return {
      cloudflare,
      observation,
      records: recordWriter(cloudflare, observation, clock, signal),
      routes: routeWriter({
        cloudflare,
        observation,
        cache,
        clock,
        settleMs: settings.settleMs,
        signal,
        ...(onRoutes && { onRoutes }),
      }),
      tag: tagWriter(cloudflare, observation, { signal }),
      signal,
    };
  };
  return (fence, cache) => {
    let session = started.get(fence);
    if (session === undefined) {
      session = start(fence, cache);
      session.catch(() => started.delete(fence));
      started.set(fence, session);
    }
    return session;
  };
}
