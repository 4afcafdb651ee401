import { annotations, type Deployment } from "#operators/cloudflare/deployment.ts";
import type { WorldLists } from "#operators/cloudflare/fake/world.ts";
import { STATES, TRANSITIONS } from "#operators/cloudflare/machine.ts";
import { hashOf, readMark } from "#operators/cloudflare/marks.ts";
import { stateOf } from "#operators/cloudflare/status.ts";
import { concerns } from "#operators/cloudflare/wish.ts";
import { keyOf } from "#lib/operator/object.ts";
import type { CloudflareView, DeploymentView, MachineView, Owner } from "./snapshot.ts";

/** A Deployment as the page shows it; undefined for one that has nothing to do with the operator. */
export function viewOf(deployment: Deployment, nowMs: number): DeploymentView | undefined {
  const { metadata } = deployment;
  const given = metadata.annotations ?? {};
  if (!concerns(deployment) && given[annotations.hostname] === undefined) return undefined;
  const state = given[annotations.state] === undefined ? undefined : stateOf(deployment, nowMs);
  const failed = state?.phase === "Failed" ? state : undefined;
  return {
    key: keyOf(metadata),
    namespace: metadata.namespace ?? "default",
    name: metadata.name,
    hostname: given[annotations.hostname] ?? null,
    policy: given[annotations.policy] ?? null,
    disabled: given[annotations.disabled] === "true",
    deleting: metadata.deletionTimestamp !== undefined,
    phase: state?.phase ?? null,
    sinceMs: state === undefined || state.phase === "Unknown" ? null : state.stateEnteredAt,
    reason: failed?.reason ?? null,
    message: failed?.message ?? null,
  };
}

/** What is in Cloudflare, with whose it is. Routes carry no mark: theirs is the application's of their hostname. */
export function cloudflareView(world: WorldLists, deployments: Iterable<Deployment>): CloudflareView {
  const keys = new Map([...deployments].map(({ metadata }) => [hashOf(keyOf(metadata)), keyOf(metadata)]));
  const ownerBy = (text: string): Owner => {
    const mark = readMark(text);
    if (mark === undefined) return { kind: "other" };
    const key = keys.get(mark.hash);
    return key === undefined ? { kind: "orphan" } : { kind: "deployment", key };
  };
  const policies = new Map(world.policies.map(({ id, name }) => [id, name]));
  const apps = world.apps.map(({ id, domain, name, policies: ids }) => ({
    ...{ id, domain, owner: ownerBy(name) },
    policies: ids.map((policy) => policies.get(policy) ?? policy),
  }));
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => a.name.localeCompare(b.name);
  return {
    records: world.records
      .map(({ id, zone_id: zone, type, name, content, comment }) => ({
        ...{ id, zone, type, name, content },
        owner: ownerBy(comment ?? ""),
      }))
      .sort(byName),
    apps: apps.sort((a, b) => a.domain.localeCompare(b.domain)),
    routes: world.tunnels.flatMap(({ name: tunnel, config }) =>
      (config?.ingress ?? []).flatMap(({ hostname, service, originRequest }) =>
        hostname === undefined
          ? []
          : [
              {
                ...{ tunnel, hostname, service, guarded: originRequest?.["access"] !== undefined },
                owner: apps.find(({ domain }) => domain === hostname)?.owner ?? { kind: "orphan" as const },
              },
            ],
      ),
    ),
    policies: [...policies.values()],
    zones: world.zones.map(({ name }) => name),
  };
}

/** The machine that Deployments go through. */
export const machineView: MachineView = {
  states: Object.entries(STATES).map(([name, { initial, error, deletion }]) => ({ name, initial, error, deletion })),
  transitions: TRANSITIONS.map(({ from, to, action }) => ({ from, to, action })),
};
