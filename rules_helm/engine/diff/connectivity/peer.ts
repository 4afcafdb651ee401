import { BlockList } from "node:net";
import { type Json, isObject, textAt, textsAt } from "../tree.ts";
import { covers as coversSelector, type Requirement, selectorOf, selectorText } from "./selector.ts";

/** Who is at the other end. */
export type Peer =
  | { readonly kind: "anywhere" }
  | { readonly kind: "pods"; readonly namespaces: readonly Requirement[]; readonly pods: readonly Requirement[] }
  | { readonly kind: "block"; readonly cidr: string; readonly except: readonly string[] };

const namespaceName = "kubernetes.io/metadata.name";

/** The peers of a rule, in a policy of a namespace; none given means everybody. */
export function peersOf(peers: readonly Json[], namespace: string): Peer[] {
  return peers.length === 0 ? [{ kind: "anywhere" }] : peers.map((peer) => peerOf(peer, namespace));
}

function peerOf(peer: Json, namespace: string): Peer {
  const block = isObject(peer) ? peer["ipBlock"] : undefined;
  if (block !== undefined)
    return { kind: "block", cidr: textAt(block, "cidr"), except: textsAt(block, "except").sort() };
  const own = { matchLabels: { [namespaceName]: namespace } };
  const from = isObject(peer) ? peer : {};
  return {
    kind: "pods",
    namespaces: selectorOf(from["namespaceSelector"] ?? own),
    pods: selectorOf(from["podSelector"] ?? {}),
  };
}

/** Whether everybody in the second is in the first; false where that cannot be told. */
export function covers(wide: Peer, narrow: Peer): boolean {
  if (wide.kind === "anywhere") return true;
  if (wide.kind === "pods" && narrow.kind === "pods") {
    return coversSelector(wide.namespaces, narrow.namespaces) && coversSelector(wide.pods, narrow.pods);
  }
  if (wide.kind !== "block" || narrow.kind !== "block" || !contains(wide.cidr, narrow.cidr)) return false;
  return wide.except.every((hole) => narrow.except.some((other) => contains(other, hole)) || apart(hole, narrow.cidr));
}

/** `nats (namespace nats)`, `anywhere`, `10.0.0.0/8 except 10.1.0.0/16`. */
export function peerText(peer: Peer, home: string): string {
  if (peer.kind === "anywhere") return "anywhere";
  if (peer.kind === "block")
    return `${blockName(peer.cidr)}${peer.except.length === 0 ? "" : ` except ${peer.except.join(", ")}`}`;
  const where = namespaceText(peer.namespaces, home);
  if (peer.pods.length === 0) return `every pod ${where === "" ? "of this namespace" : `of ${where}`}`;
  return `${selectorText(peer.pods)}${where === "" ? "" : ` (${where})`}`;
}

function blockName(cidr: string): string {
  return cidr === "0.0.0.0/0" ? "any IPv4 address" : cidr === "::/0" ? "any IPv6 address" : cidr;
}

function namespaceText(namespaces: readonly Requirement[], home: string): string {
  if (namespaces.length === 0) return "any namespace";
  const [only] = namespaces;
  if (namespaces.length === 1 && only?.key === namespaceName && only.operator === "In") {
    if (only.values.length === 1 && only.values[0] === home) return "";
    return `${only.values.length === 1 ? "namespace" : "namespaces"} ${only.values.join(", ")}`;
  }
  return `namespaces with ${namespaces.map((one) => selectorText([one])).join(", ")}`;
}

function contains(wide: string, narrow: string): boolean {
  const [a, b] = [parse(wide), parse(narrow)];
  if (a === undefined || b === undefined || a.family !== b.family || a.bits > b.bits) return false;
  const list = new BlockList();
  list.addSubnet(a.address, a.bits, a.family);
  return list.check(b.address, b.family);
}

function apart(a: string, b: string): boolean {
  return parse(a) !== undefined && parse(b) !== undefined && !contains(a, b) && !contains(b, a);
}

function parse(cidr: string): { address: string; bits: number; family: "ipv4" | "ipv6" } | undefined {
  const [, address, bits] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  return address === undefined
    ? undefined
    : { address, bits: Number(bits), family: address.includes(":") ? "ipv6" : "ipv4" };
}
