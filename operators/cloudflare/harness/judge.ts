import type { KubeObject } from "#lib/operator/object.ts";
import { deployments } from "#lib/operator/resources.ts";
import type { FakeRule, World } from "../fake/world.ts";
import type { Stage } from "./types.ts";

/** A hostname that the tunnel serves though no Access application covers it. */
export interface Exposure {
  readonly hostname: string;
  /** Whether the tunnel's end refuses all requests without a token of an application. */
  readonly closed: boolean;
}

/** All hostnames that are served without an application. */
export function exposures(world: World): readonly Exposure[] {
  const covered = new Set([...world.apps.values()].map(({ domain }) => domain));
  return rules(world)
    .filter((rule) => !covered.has(rule.hostname))
    .map((rule) => ({ hostname: rule.hostname, closed: isClosed(rule) }));
}

/** What was there before, or was made by somebody else: by identifier, or by hostname for rules of a tunnel. */
export type Foreign = ReadonlySet<string>;

/** Names all that is in an account. */
export function namesOf(world: World): readonly string[] {
  return [...world.records.keys(), ...world.apps.keys(), ...rules(world).map(({ hostname }) => hostname)];
}

/** What of somebody else's a change has touched: what was there at first, records and applications. */
export function trespasses(given: World, before: World, after: World): readonly string[] {
  const touched = <T>(kind: string, held: (world: World) => ReadonlyMap<string, T>, nameOf: (one: T) => string) =>
    [...held(given).keys()]
      .filter((id) => held(before).get(id) !== held(after).get(id))
      .map((id) => `${kind} ${nameOf(held(before).get(id)!)} is somebody else's, and was changed or deleted`);
  return [
    ...touched(
      "the record",
      ({ records }) => records,
      ({ name }) => name,
    ),
    ...touched(
      "the application",
      ({ apps }) => apps,
      ({ domain }) => domain,
    ),
  ];
}

/** How a Deployment is to be published. */
interface Wanted {
  readonly hostname: string;
  readonly policy: string;
  readonly service: string;
}

/**
 * What is not yet as the Deployments want it, each a sentence: all that they want is there and as they want it, nothing
 * else is, and no Deployment waits for its deletion. Judged by the annotations and by what is in Cloudflare alone.
 */
export function unmet({ kube, cloudflare: { world }, tunnel }: Stage, foreign: Foreign): readonly string[] {
  const all = kube.user.list<KubeObject>(deployments);
  const wanted = wantedOf(all, world, foreign);
  const problems: string[] = [];
  for (const { metadata } of all)
    if (metadata.deletionTimestamp !== undefined)
      problems.push(`stuck: Deployment ${metadata.name} waits for its deletion (${metadata.finalizers?.join(", ")})`);
  for (const want of wanted.values()) problems.push(...missing(want, world, tunnel));

  const fits = (name: string) => [...wanted.keys()].some((hostname) => name === hostname || isMark(name, hostname));
  for (const { id, type, name, content } of world.records.values())
    if (!foreign.has(id) && !fits(name)) problems.push(`orphan: record ${type} ${name} → ${content}`);
  for (const { id, name, domain } of world.apps.values())
    if (!foreign.has(id) && !wanted.has(domain)) problems.push(`orphan: application ${name} of ${domain}`);
  for (const { hostname } of rules(world))
    if (!foreign.has(hostname) && !wanted.has(hostname)) problems.push(`orphan: route of ${hostname}`);
  return problems;
}

function missing({ hostname, policy, service }: Wanted, world: World, tunnel: string): readonly string[] {
  const problems: string[] = [];
  const target = `${tunnel}.cfargotunnel.com`;
  const found = [...world.records.values()].filter(
    ({ name, type }) => name === hostname && ["A", "AAAA", "CNAME"].includes(type),
  );
  if (found.length !== 1 || found[0]!.content !== target || !found[0]!.proxied)
    problems.push(`missing: a proxied CNAME ${hostname} → ${target}`);
  const policyId = [...world.policies.values()].find(({ name }) => name === policy)!.id;
  const apps = [...world.apps.values()].filter(({ domain }) => domain === hostname);
  if (apps.length !== 1 || apps[0]!.policies.length !== 1 || apps[0]!.policies[0] !== policyId)
    problems.push(`missing: an application of ${hostname} with the policy ${policy} alone`);
  const routes = rules(world).filter((rule) => rule.hostname === hostname);
  if (routes.length !== 1 || routes[0]!.service !== service) problems.push(`missing: a route ${hostname} → ${service}`);
  return problems;
}

/** The oldest Deployment has a hostname; none has one at which somebody else's record or application is, or with a policy that there is not. */
function wantedOf(all: readonly KubeObject[], world: World, foreign: Foreign): ReadonlyMap<string, Wanted> {
  const taken = new Set([
    ...[...world.records.values()].filter(({ id }) => foreign.has(id)).map(({ name }) => name),
    ...[...world.apps.values()].filter(({ id }) => foreign.has(id)).map(({ domain }) => domain),
  ]);
  const policies = new Set([...world.policies.values()].map(({ name }) => name));
  const age = ({ metadata }: KubeObject) => `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;
  const wanted = new Map<string, Wanted>();
  for (const { metadata } of all.toSorted((a, b) => (age(a) < age(b) ? -1 : 1))) {
    const given = metadata.annotations ?? {};
    const hostname = given["cloudflare.ingress.hostname"];
    if (hostname === undefined || metadata.deletionTimestamp !== undefined || wanted.has(hostname)) continue;
    if (given["cloudflare.ingress.disabled"] === "true" || taken.has(hostname)) continue;
    const policy = given["cloudflare.zero-trust.policy"] ?? "";
    const service = given["cloudflare.ingress.service"] ?? metadata.name;
    const port = given["cloudflare.ingress.port"] ?? "80";
    const origin = `http://${service}.${metadata.namespace}.svc:${port}`;
    wanted.set(hostname, { hostname, policy, service: origin });
  }
  return new Map([...wanted].filter(([, { policy }]) => policies.has(policy)));
}

type Route = FakeRule & { readonly hostname: string };

/** Rules that lead somewhere, of all tunnels. */
function rules(world: World): readonly Route[] {
  return [...world.tunnels.values()]
    .filter(({ deletedMs }) => deletedMs === null)
    .flatMap(({ config }) => config?.ingress ?? [])
    .filter((rule): rule is Route => rule.hostname !== undefined && !rule.service.startsWith("http_status:"));
}

function isClosed({ originRequest }: FakeRule): boolean {
  const access = originRequest?.["access"] as { readonly required?: unknown; readonly audTag?: unknown } | undefined;
  return access?.required === true && Array.isArray(access.audTag) && access.audTag.length > 0;
}

/** Whether a record stands one label, with an underscore, below a hostname: where owners are written down. */
const isMark = (name: string, hostname: string): boolean =>
  name.startsWith("_") && name.endsWith(`.${hostname}`) && !name.slice(0, -hostname.length - 1).includes(".");
