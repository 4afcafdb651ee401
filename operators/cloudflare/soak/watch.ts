import { deployments } from "#lib/operator/resources.ts";
import { annotations, type Deployment } from "../deployment.ts";
import { exposures, namesOf } from "../harness/judge.ts";
import type { Stage } from "../harness/types.ts";
import { concerns } from "../wish.ts";

/**
 * Watches for hostnames that are served without an application. One whose application was deleted by hand may be so, as
 * long as the tunnel's end refuses requests without a token; nothing else may. What somebody makes by hand meanwhile is
 * added to `foreign`.
 * @returns a set that grows: each hostname that was exposed
 */
export function watchExposures({ cloudflare }: Stage, foreign: Set<string>): ReadonlySet<string> {
  const exposed = new Set<string>();
  const bared = new Set<string>();
  cloudflare.onChange(({ before, after, call }) => {
    if (call === undefined) {
      const known = new Set(namesOf(before));
      for (const name of namesOf(after)) if (!known.has(name)) foreign.add(name);
    }
    if (before.apps === after.apps && before.tunnels === after.tunnels) return;
    if (call === undefined)
      for (const { id, domain } of before.apps.values()) if (!after.apps.has(id)) bared.add(domain);
    for (const { domain } of after.apps.values()) bared.delete(domain);
    for (const { hostname, closed } of exposures(after))
      if (!closed || !bared.has(hostname)) exposed.add(`${hostname}${closed ? " (closed at the tunnel's end)" : ""}`);
  });
  return exposed;
}

/** Deployments whose recorded state is not one in which they may stay. */
export function unsettled({ kube }: Stage): readonly string[] {
  return kube.user.list<Deployment>(deployments).flatMap((deployment) => {
    const state = stateWritten(deployment);
    if (!concerns(deployment) || state === "Ready" || /^Failed \((?!unavailable)/.test(state)) return [];
    return [`unsettled: ${deployment.metadata.name} is ${state}`];
  });
}

/** How many Deployments are in which state, as it is written on them. */
export function countStates({ kube }: Stage): Readonly<Record<string, number>> {
  const all = Map.groupBy(kube.user.list<Deployment>(deployments), stateWritten);
  return Object.fromEntries([...all].map(([state, some]) => [state, some.length]));
}

/** `Ready`, `Failed (policy)`, `none`, or `unreadable`. */
function stateWritten({ metadata }: Deployment): string {
  const text = metadata.annotations?.[annotations.state];
  if (text === undefined) return "none";
  const [, phase = "unreadable"] = /"phase":"(\w+)"/.exec(text) ?? [];
  const [, reason] = /"reason":"(\w+)"/.exec(text) ?? [];
  return reason === undefined ? phase : `${phase} (${reason})`;
}
