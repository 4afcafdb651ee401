import type { KubeApi } from "#lib/operator/api.ts";
import { valueOf } from "#lib/operator/errors.ts";
import { keyOf } from "#lib/operator/object.ts";
import { Store } from "#lib/operator/store.ts";
import type { Clock } from "#lib/operator/clock.ts";
import type { Cloudflare } from "./api/types.ts";
import { describe } from "./apply.ts";
import { claimOf, indexes } from "./claims.ts";
import { type Deployment, project } from "./deployment.ts";
import { hashOf } from "./marks.ts";
import { Observation } from "./observe.ts";
import { orphans } from "./pass.ts";
import { planFor, stepsOf } from "./plan.ts";
import type { Settings } from "./session.ts";
import { concerns } from "./wish.ts";

/** What a dry run needs: clients that need not be able to write. */
export interface DryRunOptions {
  readonly deployments: KubeApi<Deployment>;
  readonly cloudflare: Cloudflare;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly signal: AbortSignal;
}

/**
 * What the operator would do now, line by line: the steps for each Deployment, why others are left out, and what belongs
 * to none. A route that waits for its application is told once that exists. Nothing is written.
 * @throws KubeError, CloudflareFailure when something cannot be read
 */
export async function dryRun(options: DryRunOptions): Promise<readonly string[]> {
  const { deployments, cloudflare, clock, settings, signal } = options;
  const items: Deployment[] = [];
  let token: string | undefined;
  let version = "";
  do {
    const outcome = await deployments.list({ limit: 500, signal, ...(token !== undefined && { continue: token }) });
    const page = valueOf("list Deployments", outcome);
    items.push(...page.items.map(project));
    ({ continue: token, resourceVersion: version } = page);
  } while (token !== undefined);
  const cache = new Store<Deployment>(indexes);
  cache.replace(items, version);

  const observation = await Observation.start({ cloudflare, clock, ...settings, settleMs: 0, signal });
  await observation.settle({ signal });
  const { world } = observation;
  const lines: string[] = [];
  for (const deployment of items.filter(concerns)) {
    const key = keyOf(deployment.metadata);
    const claim = claimOf(deployment, cache, world);
    const plan = planFor({ hash: hashOf(key), claim }, cache, world, settings);
    if (claim.kind === "rejected") lines.push(`${key}: not published: ${claim.rejection.message}`);
    if (plan.refused !== undefined) lines.push(`${key}: not published: ${plan.refused}`);
    if (plan.waitingFor !== undefined)
      lines.push(
        `${key}: waits until ${plan.waitingFor} has left ${claim.kind === "held" ? claim.wish.hostname : "it"}`,
      );
    const steps = stepsOf(plan).map(describe);
    if (plan.apps.some(({ kind }) => kind === "createApp") && claim.kind === "held")
      steps.push(`route ${claim.wish.hostname} to ${claim.wish.service}`);
    lines.push(...steps.map((step) => `${key}: ${step}`));
  }
  for (const { hostname, hash } of orphans(cache, world)) {
    const plan = planFor({ hash, claim: { kind: "none" } }, cache, world, settings, hostname);
    lines.push(...stepsOf(plan).map((step) => `nobody: ${describe(step)}`));
  }
  return lines;
}
