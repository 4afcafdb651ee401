import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment, type Manifests, phrasesOn, policy, resource } from "../testing.ts";
import type { Json, JsonObject } from "../tree.ts";

const pods = (app: string) => ({ podSelector: { matchLabels: { app } } });
const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
const block = (cidr: string, ...except: string[]) => ({ ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } });
const from = (peers: Json[], ...ports: Json[]) => ({
  from: peers,
  ...(ports.length > 0 ? { ports: ports.map((port) => ({ port })) } : {}),
});
const to = (peers: Json[], ...ports: Json[]) => ({ to: peers, ports: ports.map((port) => ({ port })) });
const none = "no effect on connectivity";

/** What is said when policies change and the workload stays. */
function said(was: JsonObject[], is: JsonObject[], workload = deployment()): string[] {
  const folder = (policies: JsonObject[]): Manifests => ({
    "p/a/policies.yaml": policies,
    "p/a/workload.yaml": workload,
  });
  return phrasesOn(folder(was), folder(is));
}

test("traffic that comes and goes is told by peer and port", () => {
  const was = policy({
    ingress: [from([pods("web")], 80)],
    egress: [to([{ ...pods("dns"), ...inNamespace("kube-system") }], 53)],
  });
  const is = policy({
    ingress: [from([pods("web")], 80)],
    egress: [to([{ ...pods("nats"), ...inNamespace("nats") }], 4222)],
  });
  assert.deepEqual(said([was], [is]), [
    "! now allows egress to nats (namespace nats) on TCP 4222",
    "no longer allows egress to dns (namespace kube-system) on TCP 53",
  ]);
});

test("the same in another form has no effect: one policy in two, rules cut up, ports by name, namespaces by name", () => {
  const one = policy({ ingress: [from([pods("a"), pods("b")], "http", 80)] });
  const two = [
    policy({ ingress: [from([pods("b")], 80, 8083)] }),
    policy({ ingress: [from([{ ...pods("a"), ...inNamespace("trips") }], 8083, 80)] }, {}, "api-2"),
  ];
  assert.deepEqual(said([one], two), [none, none]);
  assert.deepEqual(said(two, [one]), [none, none]);
});

test("a range of ports is the same as its ports", () => {
  const range = policy({ ingress: [{ from: [pods("a")], ports: [{ port: 80, endPort: 82 }] }] });
  assert.deepEqual(said([range], [policy({ ingress: [from([pods("a")], 80, 81, 82)] })]), [none]);
  assert.deepEqual(said([range], [policy({ ingress: [from([pods("a")], 80, 82)] })]), [
    "no longer allows ingress from a on TCP 81",
  ]);
  assert.deepEqual(said([policy({})], [policy({ ingress: [from([pods("a")], 82, 80, 81, 90)] })]), [
    "! now allows ingress from a on TCP 80–82 and 90",
  ]);
});

test("what is within a wider peer is no news, and what is left of one is told", () => {
  const everywhere = { podSelector: {}, namespaceSelector: {} };
  const wide = policy({ ingress: [from([everywhere], 80), from([pods("a")], 80)] });
  assert.deepEqual(said([policy({ ingress: [from([everywhere], 80)] })], [wide]), [none]);
  assert.deepEqual(said([wide], [policy({ ingress: [from([pods("a")], 80)] })]), [
    "no longer allows ingress from every pod of any namespace on TCP 80, only from a on TCP 80",
  ]);
});

test("a rule without peers is open to everybody", () => {
  assert.deepEqual(said([policy({ ingress: [from([pods("a")])] })], [policy({ ingress: [{}] })]), [
    "! now allows ingress from anywhere on any port",
  ]);
});

test("addresses are compared as networks", () => {
  const egress = (...peers: Json[]) => policy({ egress: [to(peers, 443)] });
  assert.deepEqual(said([egress(block("10.0.0.0/8"))], [egress(block("10.0.0.0/8"), block("10.2.0.0/16"))]), [none]);
  assert.deepEqual(said([egress(block("10.0.0.0/8", "10.1.0.0/16"))], [egress(block("10.0.0.0/8"))]), [
    "! now allows egress to 10.0.0.0/8 on TCP 443",
  ]);
  assert.deepEqual(said([egress(block("0.0.0.0/0"))], [egress(block("0.0.0.0/0", "169.254.0.0/16"))]), [
    "no longer allows egress to any IPv4 address on TCP 443, only to any IPv4 address except 169.254.0.0/16 on TCP 443",
  ]);
  assert.deepEqual(said([egress(block("fd00::/8"))], [egress(block("fd00:1::/32"))]), [
    "no longer allows egress to fd00::/8 on TCP 443, only to fd00:1::/32 on TCP 443",
  ]);
});

test("selectors are compared by what they imply", () => {
  const peer = (...matchExpressions: JsonObject[]) =>
    policy({ ingress: [from([{ podSelector: { matchExpressions } }], 80)] });
  const isIn = (...values: string[]) => ({ key: "tier", operator: "In", values });
  assert.deepEqual(said([peer(isIn("a", "b"))], [peer(isIn("b", "a"))]), [none]);
  assert.deepEqual(said([peer(isIn("a", "b"))], [peer(isIn("a"))]), [
    "no longer allows ingress from pods with tier=(a, b) on TCP 80, only from pods with tier=a on TCP 80",
  ]);
  assert.deepEqual(said([peer(isIn("a"))], [peer({ key: "tier", operator: "Exists" })]), [
    "! now allows ingress from pods with tier on TCP 80",
  ]);
});

test("a direction that no policy is about is open, and the first policy closes it", () => {
  const ingressOnly = policy({ ingress: [from([pods("a")], 80)] }, { policyTypes: ["Ingress"] });
  const both = policy({ ingress: [from([pods("a")], 80)], egress: [to([pods("b")], 1)] });
  assert.deepEqual(said([ingressOnly], [both]), ["now denies egress but to b on TCP 1"]);
  assert.deepEqual(said([both], [ingressOnly]), ["! now allows all egress: no policy restricts it any more"]);
  assert.deepEqual(said([], [policy({})]), ["now denies all ingress", "now denies all egress"]);
});

test("without policyTypes a policy is about egress only when it has rules for it", () => {
  const spec = (egress: Json[]) =>
    resource("networking.k8s.io/v1", "NetworkPolicy", "api", { spec: { podSelector: {}, ingress: [{}], egress } });
  assert.deepEqual(said([spec([])], [spec([to([pods("b")], 1)])]), ["now denies egress but to b on TCP 1"]);
});

test("a policy that goes opens what it closed, unless another one closes it still", () => {
  const denyAll = policy({}, { podSelector: {} }, "default-deny");
  const own = policy({ ingress: [from([pods("a")], 80)] });
  assert.deepEqual(said([own, denyAll], [denyAll]), ["no longer allows ingress from a on TCP 80"]);
  assert.deepEqual(said([own], []), [
    "! now allows all ingress: no policy restricts it any more",
    "! now allows all egress: no policy restricts it any more",
  ]);
});

test("where a policy is about several workloads, those that are concerned are named", () => {
  const denyAll = policy({}, { podSelector: {} }, "default-deny");
  const other = resource("apps/v1", "Deployment", "other", {
    spec: { template: { metadata: { labels: { app: "other" } }, spec: { containers: [] } } },
  });
  const folder = (...policies: JsonObject[]) => ({
    "p/a/policies.yaml": policies,
    "p/a/w.yaml": deployment(),
    "p/a/o.yaml": other,
  });
  assert.deepEqual(phrasesOn(folder(policy({}), denyAll), folder(policy({}))), [
    "! for Deployment other and every other pod: now allows all ingress: no policy restricts it any more",
    "! for Deployment other and every other pod: now allows all egress: no policy restricts it any more",
  ]);
});

test("a workload that a policy no longer selects is open, and says so itself", () => {
  const folder = (label: string) => ({
    "p/a/n.yaml": policy({}),
    "p/a/w.yaml": deployment({}, {}, {}, { app: label }),
  });
  const lines = phrasesOn(folder("api"), folder("renamed"));
  assert.deepEqual(lines, [
    "pod label app api → renamed",
    "! now allows all ingress: no policy restricts it any more",
    "! now allows all egress: no policy restricts it any more",
  ]);
});

test("a policy of another application in the same namespace counts", () => {
  const folder = (...policies: JsonObject[]) => ({ "p/shared/n.yaml": policies, "p/a/w.yaml": deployment() });
  assert.deepEqual(phrasesOn(folder(policy({})), folder(policy({ ingress: [from([pods("a")], 80)] }))), [
    "! now allows ingress from a on TCP 80",
  ]);
});

test("policies that come or go with their pods are told as they are", () => {
  const app = { "p/a/n.yaml": policy({ ingress: [from([pods("a")], 80)] }), "p/a/w.yaml": deployment() };
  assert.deepEqual(phrasesOn({}, app), [
    "image registry.example.org/x/api:1.4.0",
    "2 replicas",
    "allows ingress from a on TCP 80",
    "denies all egress",
  ]);
  assert.deepEqual(phrasesOn(app, {}), ["Deployment api removed", "NetworkPolicy api removed"]);
});

test("the labels of a policy are no connectivity", () => {
  const labelled = (version: string) => ({
    ...policy({}),
    metadata: { name: "api", namespace: "trips", labels: { version } },
  });
  assert.deepEqual(said([labelled("1")], [labelled("2")]), ["label version 1 → 2"]);
});

test("peers with the same ports are told together", () => {
  const own = policy({
    ingress: [from([pods("a"), { ...pods("b"), ...inNamespace("web") }], 80), from([pods("c")], 81)],
  });
  assert.deepEqual(phrasesOn({}, { "p/a/n.yaml": own, "p/a/w.yaml": deployment() }).slice(2), [
    "allows ingress from a and b (namespace web) on TCP 80",
    "allows ingress from c on TCP 81",
    "denies all egress",
  ]);
});
