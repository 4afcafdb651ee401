import { type Key, keyOf } from "#lib/operator/object.ts";
import type { Reader } from "#lib/operator/store.ts";
import { annotations, type Deployment } from "./deployment.ts";
import { hashOf } from "./marks.ts";
import { concerns, readHostname, readWish, type Wish } from "./wish.ts";
import type { World } from "./world.ts";

/** Indexes that the cache of Deployments needs: claimants by hostname, and Deployments by the hash of their marks. */
export const indexes = {
  hostname: ({ metadata }: Deployment): readonly string[] => {
    const written = metadata.annotations?.[annotations.hostname];
    const hostname = written === undefined ? undefined : readHostname(written);
    return hostname === undefined ? [] : [hostname];
  },
  hash: (deployment: Deployment): readonly string[] =>
    concerns(deployment) ? [hashOf(keyOf(deployment.metadata))] : [],
} as const;

/** Why a Deployment cannot be published, although it asks to be. */
export interface Rejection {
  readonly reason: "invalid" | "policy" | "conflict";
  readonly message: string;
}

/** What a Deployment may have. */
export type Claim =
  /** Nothing, and it asks for nothing. */
  | { readonly kind: "none" }
  /** Nothing, although it asks. */
  | { readonly kind: "rejected"; readonly rejection: Rejection }
  | { readonly kind: "held"; readonly key: Key; readonly wish: Wish };

/**
 * What a Deployment may have. Of several that want one hostname the oldest has it (of equally old ones, the first by
 * name); the others wait, and say so.
 */
export function claimOf(deployment: Deployment, cache: Reader<Deployment>, world: World): Claim {
  const reading = readWish(deployment);
  if (reading.kind === "none" || isLeaving(deployment)) return { kind: "none" };
  if (reading.kind === "invalid") return rejected("invalid", reading.message);
  const { wish } = reading;
  const key = keyOf(deployment.metadata);
  const zone = world.zoneOf(wish.hostname);
  if (zone === undefined)
    return rejected(
      "invalid",
      `${wish.hostname} is in no active zone of the account; expected one below ${world.zones.map(({ name }) => name).join(", ") || "a zone, and there is none"}.`,
    );
  const holder = holderOf(wish.hostname, cache);
  if (holder !== undefined && holder !== key)
    return rejected(
      "conflict",
      `${wish.hostname} belongs to the Deployment ${holder}, which is older. Choose another hostname.`,
    );
  const policies = world.policiesNamed(wish.policy);
  if (policies.length !== 1)
    return rejected(
      "policy",
      `${policies.length === 0 ? "No reusable Access policy is" : `${policies.length} reusable Access policies are`} named ${JSON.stringify(wish.policy)}; expected one. Nothing is published until there is.`,
    );
  if (policies[0]!.decision === "bypass")
    return rejected(
      "policy",
      `The Access policy ${JSON.stringify(wish.policy)} lets everybody in without a token (bypass), and the tunnel refuses requests without one; expected one that signs people in. Nothing is published until it does.`,
    );
  return { kind: "held", key, wish };
}

/** Whether a Deployment is on its way out, which it goes to the end before it may come back. */
export function isLeaving(deployment: Deployment): boolean {
  const text = deployment.metadata.annotations?.[annotations.state];
  return text !== undefined && /"phase":"Remov/.test(text);
}

/** The key of the Deployment that has a hostname. */
export function holderOf(hostname: string, cache: Reader<Deployment>): Key | undefined {
  const claimants = cache.keysBy("hostname", hostname).flatMap((key) => {
    const deployment = cache.get(key);
    return deployment && readWish(deployment).kind === "wish" ? [deployment] : [];
  });
  const [first] = claimants.toSorted(
    ({ metadata: a }, { metadata: b }) =>
      (a.creationTimestamp ?? "").localeCompare(b.creationTimestamp ?? "") || keyOf(a).localeCompare(keyOf(b)),
  );
  return first && keyOf(first.metadata);
}

/** Whether a Deployment has a hostname, and may be published there. */
export function isHeld(hostname: string, cache: Reader<Deployment>, world: World): boolean {
  const key = holderOf(hostname, cache);
  const holder = key === undefined ? undefined : cache.get(key);
  return holder !== undefined && claimOf(holder, cache, world).kind === "held";
}

/** The Deployment whose hash is on something in Cloudflare, if there is one that still has to do with the operator. */
export function liveKeyOf(hash: string, cache: Reader<Deployment>): Key | undefined {
  return cache.keysBy("hash", hash)[0];
}

const rejected = (reason: Rejection["reason"], message: string): Claim => ({
  kind: "rejected",
  rejection: { reason, message },
});
