import type { KubeApi } from "#lib/operator/api.ts";
import { type Fence, noFence } from "#lib/operator/fence.ts";
import type { Lease } from "#lib/operator/lease.ts";
import { type ManagerOptions, runManager } from "#lib/operator/manager.ts";
import { deployments, leases } from "#lib/operator/resources.ts";
import { callBudget } from "../api/budget.ts";
import { cloudflareClient } from "../api/client.ts";
import type { Cloudflare } from "../api/types.ts";
import type { Deployment } from "../deployment.ts";
import { ACCOUNT, TOKEN } from "../fake/types.ts";
import { type CloudflareOperator, createOperator } from "../operator.ts";
import { LEASE, type Subject, type Surroundings } from "./types.ts";

/** What of the operator may be another: nothing, but in the proof that the harness finds what is wrong. */
export interface Changes {
  /** The time after which a write without an answer has surely happened, or never will: 60 s. */
  readonly settleMs?: number;
  /** Between two passes over all of Cloudflare: 5 minutes. */
  readonly passMs?: number;
  readonly cloudflare?: (client: Cloudflare, surroundings: Surroundings) => Cloudflare;
  readonly deployments?: (api: KubeApi<Deployment>) => KubeApi<Deployment>;
  readonly fence?: (fence: Fence) => Fence;
}

/** The operator as it is, but that the harness says which process leads. */
export const operator: Subject = operatorWith({});

/** The operator as `main.ts` runs it: a Lease says which of its processes leads. */
export const electedOperator: Subject = electedWith({});

/** The same with changes. */
export function operatorWith(changes: Changes): Subject {
  return {
    election: "harness",
    operator: async (surroundings) => {
      const { controller, lead } = build(surroundings, changes);
      const fence = changes.fence?.(surroundings.fence) ?? surroundings.fence;
      await Promise.all([controller.keepCache(fence.signal), lead(fence, fence.signal)]);
    },
  };
}

/** The same with changes. */
export function electedWith(changes: Changes): Subject {
  return {
    election: "lease",
    operator: async (surroundings) => {
      const { clock, kube, random, name } = surroundings;
      const { controller, whileLeading } = build(surroundings, changes);
      const options = {
        name: "cloudflare-operator",
        clock,
        controllers: [controller],
        whileLeading,
        election: { api: kube.api<Lease>(leases), lease: LEASE, identity: name, random },
      };
      await runManager(changes.fence === undefined ? options : refenced(options, changes.fence), noFence().signal);
    },
  };
}

/** A manager whose parts get another fence, the same one in each term. */
function refenced(options: ManagerOptions, change: (fence: Fence) => Fence): ManagerOptions {
  const changed = new WeakMap<Fence, Fence>();
  const fenceOf = (fence: Fence): Fence => {
    const other = changed.get(fence) ?? change(fence);
    changed.set(fence, other);
    return other;
  };
  return {
    ...options,
    controllers: options.controllers.map((controller) => ({
      name: controller.name,
      get synced() {
        return controller.synced;
      },
      keepCache: (signal) => controller.keepCache(signal),
      lead: (fence, signal) => controller.lead(fenceOf(fence), signal),
    })),
    ...(options.whileLeading && {
      whileLeading: (fence, signal) => options.whileLeading!(fenceOf(fence), signal),
    }),
  };
}

function build(surroundings: Surroundings, changes: Changes): CloudflareOperator {
  const { clock, kube, fetch, random } = surroundings;
  const { settleMs = 60_000, passMs = 300_000 } = changes;
  const budget = callBudget({ clock });
  const api = kube.api<Deployment>(deployments);
  return createOperator({
    deployments: changes.deployments?.(api) ?? api,
    cloudflare: (fence) => {
      const client = cloudflareClient({ clock, budget, fetch, fence, account: ACCOUNT, token: TOKEN });
      return changes.cloudflare?.(client, surroundings) ?? client;
    },
    settings: { owner: "test", tunnel: "homelab", settleMs, ownership: "comment+txt", sessionDuration: "24h" },
    passMs,
    surroundings: { clock, random },
    recorder: { event: () => {} },
  });
}
