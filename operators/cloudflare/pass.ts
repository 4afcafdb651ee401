import type { Controller } from "#lib/operator/controller.ts";
import { keyOf } from "#lib/operator/object.ts";
import type { Reader } from "#lib/operator/store.ts";
import { CloudflareFailure } from "./api/errors.ts";
import { removeAll } from "./apply.ts";
import { claimOf, isHeld, liveKeyOf } from "./claims.ts";
import type { Deployment } from "./deployment.ts";
import { hashOf } from "./marks.ts";
import { planFor, stepsOf } from "./plan.ts";
import type { Hearing } from "./reconcile.ts";
import type { Session, Settings } from "./session.ts";
import { concerns } from "./wish.ts";
import type { World } from "./world.ts";

/** What a pass needs. */
export interface PassOptions {
  readonly settings: Settings;
  readonly controller: Pick<Controller<Deployment>, "cache" | "enqueue">;
  readonly hearing?: Hearing;
}

/**
 * Makes a pass over all of Cloudflare: reads its lists (some tens of calls, which leave the budget to others), removes
 * what belongs to no Deployment, brings the tunnel up to date, and has each Deployment reconciled that is not as it was
 * made.
 */
export function createPass({ settings, controller, hearing }: PassOptions): (session: Session) => Promise<void> {
  const { cache } = controller;
  return async (session) => {
    const { observation, routes, signal } = session;
    const { world } = observation;
    await observation.load({ signal, priority: "background" });
    if (observation.settled) {
      const synced = await routes.sync(false);
      if (synced.kind === "failed") throw new CloudflareFailure("write the tunnel", synced.error);
      for (const orphan of orphans(cache, world)) {
        const plan = planFor({ hash: orphan.hash, claim: { kind: "none" } }, cache, world, settings, orphan.hostname);
        const removed = await removeAll(plan, orphan.hash, session);
        if (removed.kind === "failed")
          throw new CloudflareFailure(`remove what is left of ${orphan.hostname}`, removed.error);
        if (removed.kind === "done") hearing?.swept(orphan.hostname);
      }
    }
    for (const deployment of cache.values())
      if (concerns(deployment) && !isAsMade(deployment, cache, world, settings))
        controller.enqueue(keyOf(deployment.metadata));
  };
}

/** What carries this operator's mark at hostnames at which nobody is published, for nobody who is there. */
export function orphans(
  cache: Reader<Deployment>,
  world: World,
): { readonly hostname: string; readonly hash: string }[] {
  return [...world.ownHostnames()]
    .filter((hostname) => !isHeld(hostname, cache, world))
    .flatMap((hostname) => [...world.hashesAt(hostname)].map((hash) => ({ hostname, hash })))
    .filter(({ hash }) => liveKeyOf(hash, cache) === undefined);
}

function isAsMade(deployment: Deployment, cache: Reader<Deployment>, world: World, settings: Settings): boolean {
  const key = keyOf(deployment.metadata);
  const claim = claimOf(deployment, cache, world);
  const plan = planFor({ hash: hashOf(key), claim }, cache, world, settings);
  return stepsOf(plan).length === 0 && plan.refused === undefined && plan.waitingFor === undefined;
}
