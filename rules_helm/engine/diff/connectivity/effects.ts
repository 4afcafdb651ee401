import { isNetworkPolicy } from "../describe.ts";
import type { Resource } from "../parse.ts";
import { dangerous, enumerate, type Line, plain, say } from "../say.ts";
import {
  type Allowance,
  type Allowed,
  allowed,
  type Direction,
  type Policy,
  policyOf,
  type Subject,
  subjectOf,
  surplus,
} from "./allowed.ts";
import { covers, peerText } from "./peer.ts";
import { isNone, minus, portsText } from "./ports.ts";
import { type Requirement, selectorText, selects } from "./selector.ts";

/** What stands in one overlay on one side: NetworkPolicies and everything that has pods. */
export type Side = readonly Resource[];

/** A name that is the same on both sides: kind, namespace and name. */
export function identityOf({ kind, namespace, name }: Pick<Resource, "kind" | "namespace" | "name">): string {
  return JSON.stringify([kind, namespace, name]);
}

/** Pods on both sides. */
interface Group {
  /** `Deployment api`, or what a selector says. */
  readonly name: string;
  /** The workload, where a change of its labels can be the cause. */
  readonly workload?: string;
  readonly was: Subject;
  readonly is: Subject;
}

/** An effect, with the resource that it is told under. */
interface Effect {
  readonly owner: string;
  readonly group: Group;
  readonly line: Line;
}

/**
 * What changes in what pods may reach and who may reach them, by the identity of the policy (or, where its labels changed, of the
 * workload) that is the cause. Every policy in `changed` has lines; a policy without effect says so.
 *
 * @param changed identities of policies and workloads that differ
 */
export function effects(was: Side, is: Side, changed: ReadonlySet<string>): ReadonlyMap<string, readonly Line[]> {
  const before = was.filter(isNetworkPolicy).map(policyOf);
  const after = is.filter(isNetworkPolicy).map(policyOf);
  const touched = [...before, ...after].filter(({ resource }) => changed.has(identityOf(resource)));
  const groups = groupsOf(was, is, touched);
  const found = groups.flatMap((group) => effectsOn(group, before, after, changed));
  const lines = new Map<string, readonly Line[]>();
  for (const identity of new Set([
    ...touched.map(({ resource }) => identityOf(resource)),
    ...found.map(({ owner }) => owner),
  ])) {
    const mine = found.filter(({ owner }) => owner === identity);
    const policies = touched.filter(({ resource }) => identityOf(resource) === identity);
    const about = groups.filter((group) =>
      policies.some((policy) => isAbout(policy, group.was) || isAbout(policy, group.is)),
    );
    lines.set(identity, mine.length > 0 ? told(mine, about) : [say`no effect on connectivity`]);
  }
  return lines;
}

function groupsOf(was: Side, is: Side, touched: readonly Policy[]): Group[] {
  const old = new Map(was.map((resource) => [identityOf(resource), resource]));
  const workloads = is.flatMap((resource): Group[] => {
    const identity = identityOf(resource);
    const [before, after] = [subjectOf(old.get(identity) ?? resource), subjectOf(resource)];
    if (!old.has(identity) || before === undefined || after === undefined) return [];
    return [{ name: `${resource.kind} ${resource.name}`, workload: identity, was: before, is: after }];
  });
  const selectors = new Map<string, Group>();
  for (const { pods, namespace } of touched) {
    const everything = pods.length === 0;
    if (
      !everything &&
      workloads.some((group) => isAbout({ pods, namespace }, group.was) || isAbout({ pods, namespace }, group.is))
    )
      continue;
    const subject: Subject = { namespace, labels: example(pods), ports: new Map() };
    if (!selects(pods, subject.labels)) continue;
    const group = { name: everything ? "every other pod" : selectorText(pods), was: subject, is: subject };
    selectors.set(JSON.stringify([namespace, pods]), group);
  }
  return [...workloads, ...selectors.values()];
}

/** Labels that a selector selects. */
function example(selector: readonly Requirement[]): Record<string, string> {
  return Object.fromEntries(
    selector.flatMap(({ key, operator, values }) =>
      operator === "In" ? [[key, values[0] ?? ""]] : operator === "Exists" ? [[key, ""]] : [],
    ),
  );
}

function isAbout({ pods, namespace }: Pick<Policy, "pods" | "namespace">, subject: Subject): boolean {
  return namespace === subject.namespace && selects(pods, subject.labels);
}

function effectsOn(
  group: Group,
  before: readonly Policy[],
  after: readonly Policy[],
  changed: ReadonlySet<string>,
): Effect[] {
  const { namespace } = group.is;
  const ownerOf = (names: readonly string[]): string | undefined => {
    const policies = names.map((name) => identityOf({ kind: "NetworkPolicy", namespace, name }));
    return policies.find((identity) => changed.has(identity)) ?? group.workload;
  };
  return (["ingress", "egress"] as const).flatMap((direction) => {
    const [was, is] = [allowed(group.was, direction, before), allowed(group.is, direction, after)];
    return differences(was, is, direction, namespace).flatMap(({ line, policies }) => {
      const owner = ownerOf(policies);
      return owner === undefined ? [] : [{ owner, group, line }];
    });
  });
}

function differences(
  was: Allowed,
  is: Allowed,
  direction: Direction,
  home: string,
): { line: Line; policies: readonly string[] }[] {
  if (was.isolated && !is.isolated) {
    const line = dangerous(say`now allows all ${direction}: no policy restricts it any more`, "open to everybody");
    return [{ line, policies: was.policies }];
  }
  if (!was.isolated && is.isolated) {
    const rest = together(merged(is), direction, home).map((words) => ({ is: words }));
    const line =
      rest.length === 0
        ? say`now denies all ${direction}`
        : say`now denies ${direction} but ${rest.flatMap((part, n) => (n === 0 ? [part] : ["; ", part]))}`;
    return [{ line, policies: is.policies }];
  }
  return [
    ...surplus(is, was).map((one) => ({
      line: dangerous(say`now allows ${direction} ${{ is: where(one, direction, home) }}`, widening(one)),
      policies: [one.policy],
    })),
    ...surplus(was, is).map((one) => ({
      line: say`no longer allows ${direction} ${{ was: where(one, direction, home) }}${remaining(one, is, direction, home)}`,
      policies: [one.policy],
    })),
  ];
}

/** What is left of a wide peer, since a reader who sees it go wonders who may still come. */
function remaining({ peer, ports }: Allowance, now: Allowed, direction: Direction, home: string): string {
  const left = now.allowances.flatMap((one) => {
    const common = minus(one.ports, minus(one.ports, ports));
    return isNone(common) || !covers(peer, one.peer) ? [] : [where({ peer: one.peer, ports: common }, direction, home)];
  });
  return left.length === 0 ? "" : `, only ${[...new Set(left)].join("; ")}`;
}

function widening({ peer }: Allowance): string {
  return peer.kind === "anywhere" || (peer.kind === "block" && peer.cidr.endsWith("/0"))
    ? "open to everybody"
    : "more traffic is allowed";
}

function where({ peer, ports }: Pick<Allowance, "peer" | "ports">, direction: Direction, home: string): string {
  return `${direction === "ingress" ? "from" : "to"} ${peerText(peer, home)} on ${portsText(ports)}`;
}

/** Peers with the same ports in one phrase: `from a and b on TCP 80`. */
function together(allowances: readonly Allowance[], direction: Direction, home: string): string[] {
  const byPorts = new Map<string, string[]>();
  for (const { peer, ports } of allowances) {
    const key = portsText(ports);
    byPorts.set(key, [...(byPorts.get(key) ?? []), peerText(peer, home)]);
  }
  const word = direction === "ingress" ? "from" : "to";
  return [...byPorts].map(([ports, peers]) => `${word} ${enumerate([...new Set(peers)])} on ${ports}`);
}

/** One line for what is the same for several groups of pods; it names them unless it holds for all that the policy is about. */
function told(found: readonly Effect[], about: readonly Group[]): Line[] {
  const byWords = new Map<string, Effect[]>();
  for (const effect of found) byWords.set(plain(effect.line), [...(byWords.get(plain(effect.line)) ?? []), effect]);
  return [...byWords.values()].map((same) => {
    const names = [...new Set(same.map(({ group }) => group.name))];
    const { line } = same[0]!;
    const all = about.every(({ name }) => names.includes(name));
    return all ? line : { ...line, parts: [`for ${enumerate(names)}: `, ...line.parts] };
  });
}

/** Whether a NetworkPolicy selects the pods of any workload. */
export function selectsAny(policy: Resource, workloads: Side): boolean {
  const { pods, namespace } = policyOf(policy);
  return workloads.map(subjectOf).some((subject) => subject !== undefined && isAbout({ pods, namespace }, subject));
}

/** What a NetworkPolicy that is new allows to pods that are new too. */
export function introducePolicy(resource: Resource, subjects: Side): Line[] {
  const policy = policyOf(resource);
  const own = subjects.map(subjectOf).find((subject) => subject !== undefined && isAbout(policy, subject));
  const subject = own ?? { namespace: resource.namespace, labels: example(policy.pods), ports: new Map() };
  return [...policy.directions].flatMap((direction): Line[] => {
    const open = merged(allowed(subject, direction, [policy]));
    if (open.length === 0) return [say`denies all ${direction}`];
    const danger = direction === "ingress" && open.some(({ peer }) => peer.kind === "anywhere") && "open to everybody";
    const phrases = together(open, direction, resource.namespace);
    return phrases.map((words) => dangerous(say`allows ${direction} ${{ is: words }}`, danger));
  });
}

/** All that is allowed, without what a wider peer has already. */
function merged(all: Allowed): Allowance[] {
  return surplus(all, { isolated: true, allowances: [], policies: [] });
}
