import { Registry } from "prom-client";
import type { EventsV1Event } from "@kubernetes/client-node";
import { createRecorder } from "#lib/operator/events.ts";
import type { Lease } from "#lib/operator/lease.ts";
import { runManager } from "#lib/operator/manager.ts";
import { kitMetrics } from "#lib/operator/metrics.ts";
import type { Live, ObjectName } from "#lib/operator/object.ts";
import { deployments, events, leases } from "#lib/operator/resources.ts";
import { callBudget } from "../api/budget.ts";
import { cloudflareClient } from "../api/client.ts";
import type { Deployment } from "../deployment.ts";
import { ACCOUNT, TOKEN } from "../fake/types.ts";
import type { Stage } from "../harness/types.ts";
import { operatorMetrics } from "../metrics.ts";
import { createOperator } from "../operator.ts";

/** The Lease that replicas share. */
export const LEASE: ObjectName = { namespace: "cloudflare-operator", name: "cloudflare-operator" };

/** A whole operator process, with all that `main.ts` gives one, but for HTTP and logs. */
export interface Replica {
  /** Its name in the Lease. */
  readonly identity: string;
  /** Calls of Cloudflare that it could make at once. */
  readonly budget: () => number;
  /** Settles when it has ended; rejects with what a process cannot outlive. */
  readonly ended: Promise<void>;
  /** As SIGTERM does. */
  stop(): void;
}

export interface ReplicaOptions {
  readonly identity: string;
  readonly random: () => number;
  readonly settleMs: number;
  readonly onDrift: () => void;
  readonly onSwept: () => void;
}

/** Starts a replica. */
export function startReplica({ kube, cloudflare, clock }: Stage, options: ReplicaOptions): Replica {
  const { identity, random } = options;
  const registry = new Registry();
  const budget = callBudget({ clock });
  const kit = kitMetrics(registry);
  const own = operatorMetrics(registry, clock.nowMs, budget);
  const recorder = createRecorder({
    api: kube.api<Live<EventsV1Event>>(events),
    clock,
    controller: "homelab/cloudflare-operator",
    instance: identity,
    discarded: () => kit.eventDiscarded(),
  });
  const { controller, whileLeading } = createOperator({
    cloudflare: (fence) =>
      cloudflareClient({
        clock,
        budget,
        fence,
        account: ACCOUNT,
        token: TOKEN,
        fetch: cloudflare.fetch,
        onCall: own.onCall,
      }),
    deployments: kube.api<Deployment>(deployments),
    settings: {
      owner: "soak",
      tunnel: "homelab",
      settleMs: options.settleMs,
      ownership: "comment",
      sessionDuration: "24h",
    },
    passMs: 300_000,
    surroundings: { clock, random, metrics: kit },
    recorder,
    ...own,
    hearing: {
      drifted: (key) => {
        own.hearing.drifted(key);
        options.onDrift();
      },
      swept: (hostname) => {
        own.hearing.swept(hostname);
        options.onSwept();
      },
    },
  });
  const stop = new AbortController();
  const election = { api: kube.api<Lease>(leases), lease: LEASE, identity, random };
  const managed = runManager(
    { name: "cloudflare-operator", controllers: [controller], whileLeading, election, clock, metrics: kit },
    stop.signal,
  );
  return {
    identity,
    budget: () => budget.available("normal"),
    ended: managed.finally(() => recorder.close()),
    stop: () => stop.abort(),
  };
}
