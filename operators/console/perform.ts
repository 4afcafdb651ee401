import { annotations, type Deployment } from "#operators/cloudflare/deployment.ts";
import type { FaultRule } from "#operators/cloudflare/fake/faults.ts";
import type { WorldLists } from "#operators/cloudflare/fake/world.ts";
import type { KubeApi } from "#lib/operator/api.ts";
import type { Outcome } from "#lib/operator/errors.ts";
import { HttpError } from "#lib/service/http.ts";
import type { Action } from "./actions.ts";
import type { Cloudflare } from "./cloudflare.ts";
import { deploymentFields, NAMESPACE } from "./cluster.ts";
import type { OperatorProcess } from "./operator.ts";

/** What actions work on. */
export interface Stage {
  readonly deployments: KubeApi<Deployment>;
  readonly cloudflare: Cloudflare;
  readonly operator: Pick<OperatorProcess, "kill">;
}

interface Trouble {
  readonly words: string;
  readonly rules?: readonly FaultRule[];
  readonly lagMs?: number;
}

const TROUBLES: Readonly<Record<Extract<Action, { kind: "trouble" }>["trouble"], Trouble>> = {
  lost: {
    words:
      "The answers to the next POST, PUT and PATCH are lost: the call does its work, the operator never hears of it.",
    rules: ["POST", "PUT", "PATCH"].map((method) => ({ call: `${method} *`, fault: "timeoutAfterCommit", times: 1 })),
  },
  throttled: {
    words: "The next call is answered with 429: the operator is to wait for 30 s.",
    rules: [{ call: "*", fault: "throttle", times: 1 }],
  },
  late: { words: "Lists show what was there 4 s ago.", lagMs: 4_000 },
  none: { words: "Cloudflare answers as it should again." },
};

/** What trouble may still last after an action; undefined when the action says nothing of it. */
export const troubleAfter = (action: Action): string | null | undefined =>
  action.kind !== "trouble" ? undefined : action.trouble === "none" ? null : TROUBLES[action.trouble].words;

/**
 * Does what a person asks for.
 * @returns what was done, in words
 * @throws HttpError when it cannot be done
 */
export async function perform(action: Action, { deployments, cloudflare, operator }: Stage): Promise<string> {
  const annotate = async (name: Pick<Extract<Action, { kind: "delete" }>, "namespace" | "name">, given: object) =>
    done(await deployments.merge(name, { metadata: { annotations: given } }));
  switch (action.kind) {
    case "create": {
      const { name, hostname, policy } = action;
      done(await deployments.create({ namespace: NAMESPACE, name }, deploymentFields(name, hostname, policy)));
      return `Made the Deployment ${NAMESPACE}/${name} with the hostname ${hostname} and the policy ${policy}.`;
    }
    case "rename":
      await annotate(action, { [annotations.hostname]: action.hostname });
      return `Changed the hostname of ${action.name} to ${action.hostname}.`;
    case "protect":
      await annotate(action, { [annotations.policy]: action.policy });
      return `Changed the policy of ${action.name} to ${action.policy}.`;
    case "disable":
      await annotate(action, { [annotations.disabled]: action.disabled ? "true" : null });
      return action.disabled ? `Disabled ${action.name}.` : `Enabled ${action.name} again.`;
    case "delete":
      done(await deployments.delete(action));
      return `Deleted the Deployment ${action.namespace}/${action.name}.`;
    case "delete-record": {
      const record = recordOf(cloudflare, action.id);
      await cloudflare.byHand("DELETE", `/zones/${record.zone_id}/dns_records/${record.id}`);
      return `Deleted the record of ${record.name} by hand.`;
    }
    case "redirect-record": {
      const record = recordOf(cloudflare, action.id);
      const content = record.type === "CNAME" ? "elsewhere.example.net" : "198.51.100.7";
      await cloudflare.byHand("PATCH", `/zones/${record.zone_id}/dns_records/${record.id}`, { content });
      return `Pointed the record of ${record.name} to ${content} by hand.`;
    }
    case "add-record": {
      const { hostname } = action;
      const zone = worldOf(cloudflare).zones.find(({ name }) => hostname === name || hostname.endsWith(`.${name}`));
      if (zone === undefined) throw new HttpError(409, "no_zone", `There is no zone for ${hostname}.`);
      const record = { type: "A", name: hostname, content: "203.0.113.9", comment: "made by somebody else" };
      await cloudflare.byHand("POST", `/zones/${zone.id}/dns_records`, record);
      return `Added a record of somebody else for ${hostname}.`;
    }
    case "delete-app": {
      const app = worldOf(cloudflare).apps.find(({ id }) => id === action.id) ?? missing("application");
      await cloudflare.byHand("DELETE", `/accounts/:account/access/apps/${app.id}`);
      return `Deleted the Access application of ${app.domain} by hand.`;
    }
    case "delete-route": {
      const has = (rule: { readonly hostname?: string }) => rule.hostname === action.hostname;
      const tunnel = worldOf(cloudflare).tunnels.find(({ config }) => config?.ingress.some(has)) ?? missing("route");
      const config = { ...tunnel.config, ingress: tunnel.config?.ingress.filter((rule) => !has(rule)) };
      await cloudflare.byHand("PUT", `/accounts/:account/cfd_tunnel/${tunnel.id}/configurations`, { config });
      return `Deleted the route of ${action.hostname} by hand.`;
    }
    case "trouble": {
      const { words, rules = [], lagMs = 0 } = TROUBLES[action.trouble];
      await cloudflare.setTrouble(rules, lagMs);
      return words;
    }
    case "kill":
      if (!operator.kill()) throw new HttpError(409, "no_process", "There is no process of the operator to be ended.");
      return "Killed the operator (kill -9).";
  }
}

function done<T>(outcome: Outcome<T>): void {
  if (outcome.ok) return;
  const { kind, message } = outcome.error;
  throw new HttpError(kind === "Unreachable" || kind === "Timeout" ? 502 : 409, "kubernetes_refused", message);
}

function worldOf(cloudflare: Cloudflare): WorldLists {
  const world = cloudflare.world();
  if (world === undefined) throw new HttpError(502, "cloudflare_away", "The fake Cloudflare does not answer.");
  return world;
}

const recordOf = (cloudflare: Cloudflare, id: string) =>
  worldOf(cloudflare).records.find((record) => record.id === id) ?? missing("record");

function missing(what: string): never {
  throw new HttpError(404, "not_found", `The ${what} is not there any more.`);
}
