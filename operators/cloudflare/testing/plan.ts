import { describe } from "../apply.ts";
import { claimOf } from "../claims.ts";
import type { Deployment } from "../deployment.ts";
import { type PlanOptions, planFor, render, stepsOf } from "../plan.ts";
import type { Contents } from "../world.ts";
import { wish } from "./stage.ts";
import { app, cacheOf, deployment, last, mark, record, rule, worldWith, zoneNamed } from "./world.ts";

/** The zone of what {@link all} holds. */
export const zone = zoneNamed("example.org");

/** web/shop, to be published at shop.example.org. */
export const shop = deployment("shop", wish("shop.example.org"));

/** All that web/shop is to have. */
export const all = {
  records: [{ zone, record: record() }],
  apps: [{ app: app(), proven: true }],
  configuration: { version: 1, ingress: [rule, last], settings: {} },
};

/** Plans for web/shop in a world with what is given: the plan, its steps in words, and the tunnel's rules. */
export function plan(
  given: Partial<Contents>,
  all: readonly Deployment[] = [shop],
  changed: Partial<PlanOptions> = {},
) {
  const cache = cacheOf(all);
  const world = worldWith(given);
  const own = cache.get("web/shop");
  const claim = own ? claimOf(own, cache, world) : ({ kind: "none" } as const);
  const made = planFor({ hash: mark.hash, claim }, cache, world, {
    ownership: "comment",
    sessionDuration: "24h",
    ...changed,
  });
  return { claim, made, words: stepsOf(made).map(describe), rules: render(cache, world) };
}
