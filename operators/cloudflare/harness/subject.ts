import { deployments } from "#lib/operator/resources.ts";
import { callBudget } from "../api/budget.ts";
import { cloudflareClient } from "../api/client.ts";
import type { Deployment } from "../deployment.ts";
import { ACCOUNT, TOKEN } from "../fake/types.ts";
import { createOperator } from "../operator.ts";
import type { Operator } from "./types.ts";

/** The operator as it is, but for its election: whole processes of it are started, killed and deposed. */
export const operator: Operator = operatorWith(60_000);

/** The same with another time after which a write without an answer has surely happened, or never will. */
export function operatorWith(settleMs: number): Operator {
  return async ({ clock, kube, fetch, fence, random }) => {
    const budget = callBudget({ clock });
    const { controller, lead } = createOperator({
      deployments: kube.api<Deployment>(deployments),
      cloudflare: (asked) => cloudflareClient({ clock, budget, fetch, fence: asked, account: ACCOUNT, token: TOKEN }),
      settings: {
        owner: "test",
        tunnel: "homelab",
        settleMs,
        ownership: "comment+txt",
        sessionDuration: "24h",
      },
      passMs: 300_000,
      surroundings: { clock, random },
      recorder: { event: () => {} },
    });
    const { signal } = fence;
    await Promise.all([controller.keepCache(signal), lead(fence, signal)]);
  };
}
