import type { Resource } from "../parse.ts";
import { podsOf } from "../describe.ts";
import { at, listAt, objectAt, recordAt, textAt, textsAt } from "../tree.ts";
import { covers, type Peer, peersOf } from "./peer.ts";
import { everyPort, isNone, minus, noPorts, type Ports, portsOf, union } from "./ports.ts";
import { type Requirement, selectorOf, selects } from "./selector.ts";

export type Direction = "ingress" | "egress";

/** Pods that are alike to NetworkPolicies. */
export interface Subject {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The number of a port by `protocol name`. */
  readonly ports: ReadonlyMap<string, number>;
}

/** One peer with the ports that it may use, and the policy that says so. */
export interface Allowance {
  readonly peer: Peer;
  readonly ports: Ports;
  readonly policy: string;
}

/** What pods may do in one direction. */
export interface Allowed {
  /** False where no policy is about this direction: then everything is allowed. */
  readonly isolated: boolean;
  readonly allowances: readonly Allowance[];
  /** Policies that select these pods for this direction. */
  readonly policies: readonly string[];
}

/** A NetworkPolicy, read. */
export interface Policy {
  readonly name: string;
  readonly namespace: string;
  readonly pods: readonly Requirement[];
  readonly directions: ReadonlySet<Direction>;
  readonly resource: Resource;
}

/** Reads a NetworkPolicy; without policyTypes it is about ingress, and about egress if it has rules for it. */
export function policyOf(resource: Resource): Policy {
  const spec = objectAt(resource.object, "spec");
  const types = textsAt(spec, "policyTypes").map((type) => type.toLowerCase() as Direction);
  const implied: Direction[] = listAt(spec, "egress").length > 0 ? ["ingress", "egress"] : ["ingress"];
  return {
    name: resource.name,
    namespace: resource.namespace,
    pods: selectorOf(spec["podSelector"]),
    directions: new Set(types.length > 0 ? types : implied),
    resource,
  };
}

/** The pods of a workload; undefined for what has none. */
export function subjectOf(resource: Resource): Subject | undefined {
  const pods = podsOf(resource);
  const template = pods === undefined ? undefined : at(resource.object, ...pods);
  if (template === undefined) return undefined;
  const ports = ["containers", "initContainers"].flatMap((list) =>
    listAt(template, "spec", list).flatMap((container) =>
      listAt(container, "ports").map(
        (port) =>
          [
            `${textAt(port, "protocol") || "TCP"} ${textAt(port, "name")}`,
            Number(textAt(port, "containerPort")),
          ] as const,
      ),
    ),
  );
  return { namespace: resource.namespace, labels: recordAt(template, "metadata", "labels"), ports: new Map(ports) };
}

/** What policies together allow some pods: the union of their rules, and everything where no policy is about the direction. */
export function allowed(subject: Subject, direction: Direction, policies: readonly Policy[]): Allowed {
  const about = policies.filter(
    ({ namespace, pods, directions }) =>
      namespace === subject.namespace && directions.has(direction) && selects(pods, subject.labels),
  );
  const names = about.map(({ name }) => name);
  if (about.length === 0)
    return {
      isolated: false,
      allowances: [{ peer: { kind: "anywhere" }, ports: everyPort, policy: "" }],
      policies: names,
    };
  const resolve = (name: string, protocol: string) =>
    direction === "ingress" ? subject.ports.get(`${protocol} ${name}`) : undefined;
  const allowances = about.flatMap(({ name, resource, namespace }) =>
    listAt(resource.object, "spec", direction).flatMap((rule) => {
      const ports = portsOf(listAt(rule, "ports"), resolve);
      return peersOf(listAt(rule, direction === "ingress" ? "from" : "to"), namespace).map((peer) => ({
        peer,
        ports,
        policy: name,
      }));
    }),
  );
  return { isolated: true, allowances, policies: names };
}

/** What the first allows and the second does not; what a wider peer has already is not repeated. */
export function surplus(of: Allowed, over: Allowed): Allowance[] {
  const found = of.allowances.flatMap(({ peer, ports, policy }) => {
    const more = minus(ports, portsTo(over, peer));
    return isNone(more) ? [] : [{ peer, ports: more, policy }];
  });
  const merged: Allowance[] = [];
  for (const allowance of found) {
    const twin = merged.findIndex(({ peer }) => covers(peer, allowance.peer) && covers(allowance.peer, peer));
    if (twin < 0) merged.push(allowance);
    else merged[twin] = { ...merged[twin]!, ports: union(merged[twin]!.ports, allowance.ports) };
  }
  return merged.flatMap((allowance) => {
    const wider = merged.filter((other) => other !== allowance && covers(other.peer, allowance.peer));
    const left = minus(allowance.ports, wider.map(({ ports }) => ports).reduce(union, noPorts));
    return isNone(left) ? [] : [{ ...allowance, ports: left }];
  });
}

function portsTo({ allowances }: Allowed, peer: Peer): Ports {
  return allowances
    .filter((wide) => covers(wide.peer, peer))
    .map(({ ports }) => ports)
    .reduce(union, noPorts);
}
