import { isDeepStrictEqual } from "node:util";
import type { Key } from "#lib/operator/object.ts";
import type { Reader } from "#lib/operator/store.ts";
import type { App, AppSpec, IngressRule } from "./api/types.ts";
import { type Claim, claimOf, liveKeyOf } from "./claims.ts";
import type { Deployment } from "./deployment.ts";
import { appName, hashOf, type Mark, tagOf } from "./marks.ts";
import { foreignRecord, type Ownership, type RecordChange, recordsFor, removalOfRecords } from "./record-plan.ts";
import type { Wish } from "./wish.ts";
import { hashOnApp, isOwnApp, type World } from "./world.ts";

/** How things are to be in Cloudflare. */
export interface PlanOptions {
  readonly ownership: Ownership;
  /** How long people stay signed in: `24h`. */
  readonly sessionDuration: string;
}

/** One change in Cloudflare. */
export type Step =
  | { readonly kind: "withdrawRoute"; readonly hostname: string }
  | { readonly kind: "deleteApp"; readonly app: App }
  | RecordChange
  | { readonly kind: "createApp"; readonly spec: AppSpec }
  | { readonly kind: "updateApp"; readonly app: App; readonly spec: AppSpec }
  | { readonly kind: "publishRoute"; readonly rule: IngressRule };

/** What is to be done for one Deployment, in this order. A list that is empty has nothing left to do. */
export interface Plan {
  /** Routes of what is not wanted, or that have no application. */
  readonly withdraw: readonly (Step & { readonly kind: "withdrawRoute" })[];
  readonly deleteApps: readonly (Step & { readonly kind: "deleteApp" })[];
  readonly deleteRecords: readonly RecordChange[];
  readonly records: readonly RecordChange[];
  readonly apps: readonly (Step & { readonly kind: "createApp" | "updateApp" })[];
  /** Empty while the application is not known to exist. */
  readonly routes: readonly (Step & { readonly kind: "publishRoute" })[];
  /** Somebody else's objects in the way, which are left alone. */
  readonly refused?: string;
  /** Another Deployment has not left the hostname yet. */
  readonly waitingFor?: Key;
}

/** All steps of a plan, in order. */
export const stepsOf = (plan: Plan): readonly Step[] => [
  ...plan.withdraw,
  ...plan.deleteApps,
  ...plan.deleteRecords,
  ...plan.records,
  ...plan.apps,
  ...plan.routes,
];

/** What is not wanted any more, or must not be as it is. */
export const leftovers = ({ withdraw, deleteApps, deleteRecords }: Plan): number =>
  withdraw.length + deleteApps.length + deleteRecords.length;

/** Whom a plan is for. */
export interface Subject {
  /** What its marks carry. */
  readonly hash: string;
  readonly claim: Claim;
  /** The hostname that was recorded when it was last published. */
  readonly recorded?: string | undefined;
}

/** What is to be done (at one hostname alone, if `only` is given) for what carries a Deployment's hash, when it may have `claim`. Pure. */
export function planFor(
  { hash, claim, recorded }: Subject,
  cache: Reader<Deployment>,
  world: World,
  options: PlanOptions,
  only?: string,
): Plan {
  const wish = claim.kind === "held" ? claim.wish : undefined;
  const known = new Set([...world.hostnamesOf(hash), ...(recorded === undefined ? [] : [recorded])]);
  const elsewhere = [...known].filter(
    (hostname) => hostname !== wish?.hostname && (only === undefined || hostname === only),
  );
  const removal = elsewhere.map((hostname) => removalOf(hostname, hash, world));
  const plan = {
    withdraw: removal.flatMap(({ withdraw }) => withdraw),
    deleteApps: removal.flatMap(({ deleteApps }) => deleteApps),
    deleteRecords: removal.flatMap(({ deleteRecords }) => deleteRecords),
    records: [],
    apps: [],
    routes: [],
  };
  if (wish === undefined) return plan;
  const other = [...world.hashesAt(wish.hostname)]
    .filter((one) => one !== hash && one !== "")
    .map((one) => liveKeyOf(one, cache))
    .find((key) => key !== undefined);
  if (other !== undefined) return { ...plan, waitingFor: other };
  const app = world.appAt(wish.hostname);
  const rule = ruleFor(claim, world);
  const published = world.ruleOf(wish.hostname);
  if (published !== undefined && rule === undefined)
    plan.withdraw.push({ kind: "withdrawRoute", hostname: wish.hostname });
  const refused = refusal(wish.hostname, world);
  if (refused !== undefined) return { ...plan, refused };
  const mark: Mark = { owner: world.identity.owner, hash };
  return {
    ...plan,
    records: recordsFor(wish.hostname, mark, world, options.ownership),
    apps: appFor(wish, mark, app?.app, world, options),
    routes: rule === undefined || isDeepStrictEqual(rule, published) ? [] : [{ kind: "publishRoute", rule }],
  };
}

/** The route that a claim has now: only while its application exists without doubt. */
export function ruleFor(claim: Claim, world: World): IngressRule | undefined {
  if (claim.kind !== "held") return undefined;
  const { hostname, service, policy } = claim.wish;
  const known = world.appAt(hostname);
  if (known === undefined || !known.proven || !isOwnApp(world.identity, known.app)) return undefined;
  if (!known.app.destinations.includes(hostname)) return undefined;
  const hash = hashOnApp(known.app);
  if (hash !== "" && hash !== hashOf(claim.key)) return undefined;
  const [wanted] = world.policiesNamed(policy);
  const guarded = hash !== "" && known.app.policies.length === 1 && known.app.policies[0] === wanted?.id;
  if (!guarded && !world.ruleOf(hostname)) return undefined;
  const access = { required: true, teamName: world.identity.teamName, audTag: [known.app.aud] };
  return { hostname, service, originRequest: { access } };
}

/** The whole configuration of the tunnel: the routes of all claims, by hostname, and a last rule for everything else. */
export function render(cache: Reader<Deployment>, world: World): readonly IngressRule[] {
  const rules: IngressRule[] = [];
  for (const deployment of cache.values()) {
    const rule = ruleFor(claimOf(deployment, cache, world), world);
    if (rule !== undefined) rules.push(rule);
  }
  rules.sort((a, b) => (a.hostname! < b.hostname! ? -1 : 1));
  return [...rules, { service: "http_status:404" }];
}

function removalOf(
  hostname: string,
  hash: string,
  world: World,
): Pick<Plan, "withdraw" | "deleteApps" | "deleteRecords"> {
  const app = world.appAt(hostname)?.app;
  const ownApp = app && isOwnApp(world.identity, app) && hashOnApp(app) === hash;
  return {
    withdraw: (ownApp || app === undefined) && world.ruleOf(hostname) ? [{ kind: "withdrawRoute", hostname }] : [],
    deleteApps: ownApp ? [{ kind: "deleteApp", app }] : [],
    deleteRecords: removalOfRecords(hostname, hash, world),
  };
}

/** What stands in the way at a hostname and is not ours. */
function refusal(hostname: string, world: World): string | undefined {
  const left = "that this operator has not made; it is left as it is. Delete it, or choose another hostname.";
  const foreign = foreignRecord(hostname, world);
  if (foreign !== undefined) return `${hostname} has a record of type ${foreign.record.type} ${left}`;
  const app = world.appAt(hostname)?.app;
  if (app !== undefined && !isOwnApp(world.identity, app)) return `${hostname} has an Access application ${left}`;
  const other = world.foreignAppOver(hostname);
  return other && `${hostname} is a destination of the Access application ${JSON.stringify(other.name)} ${left}`;
}

function appFor(
  { hostname, policy }: Wish,
  mark: Mark,
  app: App | undefined,
  world: World,
  { sessionDuration }: PlanOptions,
): Plan["apps"] {
  const policies = world.policiesNamed(policy).map(({ id }) => id);
  const tag = tagOf(mark.owner);
  const tags = app === undefined || app.tags.includes(tag) ? (app?.tags ?? [tag]) : [...app.tags, tag];
  const spec: AppSpec = { name: appName(hostname, mark), domain: hostname, policies, tags, sessionDuration };
  if (app === undefined) return [{ kind: "createApp", spec }];
  const { id: _, aud: __, ...asIs } = app;
  return isDeepStrictEqual(asIs, { ...spec, destinations: [hostname] }) ? [] : [{ kind: "updateApp", app, spec }];
}
