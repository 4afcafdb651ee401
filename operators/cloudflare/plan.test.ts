import { expect, test } from "vitest";
import { Store } from "#lib/operator/store.ts";
import { mint } from "#lib/machine/evidence.ts";
import type { App, DnsRecord, Policy, Zone } from "./api/types.ts";
import { describe as inWords } from "./apply.ts";
import { claimOf, indexes } from "./claims.ts";
import { annotations, type Deployment } from "./deployment.ts";
import { appName, hashOf, markText, tagOf } from "./marks.ts";
import { type PlanOptions, planFor, render, stepsOf } from "./plan.ts";
import { wish } from "./testing/stage.ts";
import { type Contents, KnownWorld } from "./world.ts";

const zoneNamed = (name: string): Zone => ({ id: mint("zones", "id", name), name, status: "active" });
const zone = zoneNamed("example.org");
const policyNamed = (name: string): Policy => ({
  id: mint("access.policies", "id", name),
  name,
  decision: "allow",
  appCount: 0,
});
const identity = {
  owner: "test",
  tunnel: { id: mint("tunnels", "id", "t1"), name: "homelab", configuredBy: "cloudflare" },
  teamName: "team",
} as const;
const options: PlanOptions = { ownership: "comment", sessionDuration: "24h" };
const mark = { owner: "test", hash: hashOf("web/shop") };

const deployment = (name: string, given: Readonly<Record<string, string>>, createdYear = 2030): Deployment => ({
  metadata: {
    namespace: "web",
    name,
    uid: name,
    resourceVersion: "1",
    creationTimestamp: `${createdYear}-01-01T00:00:00Z`,
    annotations: given,
  },
});
const record = (more: Partial<DnsRecord> = {}): DnsRecord => ({
  id: mint("dns.records", "id", "r1"),
  type: "CNAME",
  name: "shop.example.org",
  content: "t1.cfargotunnel.com",
  proxied: true,
  ttl: 1,
  comment: markText(mark),
  ...more,
});
const app = (more: Partial<App> = {}): App => ({
  id: mint("access.apps", "id", "a1"),
  aud: mint("access.apps", "aud", "aud1"),
  name: appName("shop.example.org", mark),
  domain: "shop.example.org",
  policies: [policyNamed("family").id],
  tags: [tagOf("test")],
  sessionDuration: "24h",
  ...more,
});
const rule = {
  hostname: "shop.example.org",
  service: "http://shop.web.svc:80",
  originRequest: { access: { required: true, teamName: "team", audTag: ["aud1"] } },
};
const last = { service: "http_status:404" };

/** Plans for web/shop in a world with what is given. */
function plan(given: Partial<Contents>, all: readonly Deployment[] = [deployment("shop", wish("shop.example.org"))]) {
  const cache = new Store<Deployment>(indexes);
  cache.replace(all, "1");
  const world = new KnownWorld(identity, {
    zones: [zone, zoneNamed("org.example")],
    records: [],
    apps: [],
    policies: [policyNamed("family"), policyNamed("friends")],
    tags: [],
    configuration: { version: 1, ingress: [last], settings: {} },
    ...given,
  });
  const own = cache.get("web/shop");
  const claim = own ? claimOf(own, cache, world) : ({ kind: "none" } as const);
  const made = planFor({ hash: mark.hash, claim }, cache, world, options);
  return { claim, made, words: stepsOf(made).map(inWords), rules: render(cache, world) };
}
const all = {
  records: [{ zone, record: record() }],
  apps: [{ app: app(), proven: true }],
  configuration: { version: 1, ingress: [rule, last], settings: {} },
};

test("where there is nothing, record and application come first, and no route", () => {
  expect(plan({}).words).toEqual([
    "write the records of shop.example.org: 1 new",
    "create the Access application of shop.example.org",
  ]);
  expect(plan({}).rules).toEqual([last]);
});

test("the route comes when the application exists without doubt", () => {
  const route = "route shop.example.org to http://shop.web.svc:80";
  const there = { ...all, configuration: { version: 1, ingress: [last], settings: {} } };
  expect(plan(there).words).toEqual([route]);
  expect(plan({ ...there, apps: [{ app: app(), proven: false }] }).words).toEqual([]);
});

test("where all is as it should be, nothing is to be done", () => {
  expect(plan(all).words).toEqual([]);
  expect(plan(all).rules).toEqual([rule, last]);
});

test("a route without its application is withdrawn before anything else", () => {
  expect(plan({ ...all, apps: [] }).words[0]).toBe("withdraw the route of shop.example.org");
  expect(plan({ ...all, apps: [] }).rules).toEqual([last]);
});

test("a Deployment that is gone leaves in the order route, application, records", () => {
  expect(plan(all, []).words).toEqual([
    "withdraw the route of shop.example.org",
    "delete the Access application of shop.example.org",
    "write the records of shop.example.org: 1 deleted",
  ]);
});

test("an application with other policies gets no route, and keeps one while it is put right", () => {
  const open = [{ app: app({ policies: [] }), proven: true }];
  expect(plan({ ...all, apps: open }).words).toEqual(["change the Access application of shop.example.org"]);
  expect(plan({ ...all, apps: open }).rules).toEqual([rule, last]);
  const unrouted = { ...all, apps: open, configuration: { version: 1, ingress: [last], settings: {} } };
  expect(plan(unrouted).rules).toEqual([last]);
});

test.each([
  ["a record that points elsewhere", { records: [{ zone, record: record({ content: "elsewhere.example.net" }) }] }],
  ["a record that is not proxied", { records: [{ zone, record: record({ proxied: false }) }] }],
  ["a record whose mark is gone", { records: [{ zone, record: record({ comment: "" }) }] }],
])("%s is put right", (_, given) => {
  expect(plan({ ...all, ...given }).words).toEqual(["write the records of shop.example.org: 1 changed"]);
});

test("an application keeps the tags of others", () => {
  const tagged = [{ app: app({ tags: ["others"] }), proven: true }];
  const { made } = plan({ ...all, apps: tagged });
  expect(made.apps).toEqual([
    expect.objectContaining({ spec: expect.objectContaining({ tags: ["others", tagOf("test")] }) }),
  ]);
});

test.each([
  ["record", { records: [{ zone, record: record({ type: "A", content: "192.0.2.1", comment: "" }) }] }],
  ["application", { apps: [{ app: app({ name: "wiki", tags: [] }), proven: true }] }],
])("a %s of somebody else is in the way, and left alone", (_, given) => {
  const { made, words } = plan(given);
  expect(made.refused).toContain("that this operator has not made");
  expect(words).toEqual([]);
});

test("what another cluster's operator has made is somebody else's", () => {
  const foreign = record({ comment: markText({ ...mark, owner: "other" }), content: "t2.cfargotunnel.com" });
  expect(plan({ records: [{ zone, record: foreign }] }).made.refused).toContain("has a CNAME record");
});

test("a hostname passes on only when the one before has left it", () => {
  const other = { owner: "test", hash: hashOf("web/store") };
  const held = { apps: [{ app: app({ name: appName("shop.example.org", other) }), proven: true }] };
  const both = [deployment("shop", wish("shop.example.org")), deployment("store", wish("store.example.org"))];
  expect(plan(held, both).made.waitingFor).toBe("web/store");
  expect(plan(held, both.slice(0, 1)).words).toContain("change the Access application of shop.example.org");
});

test("of several that want a hostname the oldest has it, whatever their order", () => {
  const younger = deployment("shop", wish("shop.example.org"), 2031);
  const older = deployment("store", wish("shop.example.org"), 2030);
  expect(plan({}, [younger, older]).claim).toMatchObject({ kind: "rejected", rejection: { reason: "conflict" } });
  const disabled = deployment("store", { ...wish("shop.example.org"), [annotations.disabled]: "true" }, 2030);
  expect(plan({}, [younger, disabled]).claim.kind).toBe("held");
});

test("the zone is the longest that fits, and never one that only ends alike", () => {
  const inner = zoneNamed("shop.example.org");
  expect(plan({ zones: [zone, inner] }).made.records[0]?.zone).toEqual(inner);
  expect(plan({ zones: [zoneNamed("p.example.org")] }).claim).toMatchObject({ rejection: { reason: "invalid" } });
});

test("rules that the operator has not written are not kept", () => {
  const foreign = { hostname: "open.example.org", service: "http://open:80" };
  expect(plan({ ...all, configuration: { version: 1, ingress: [foreign, rule, last], settings: {} } }).rules).toEqual([
    rule,
    last,
  ]);
});

test("of two policies of one name none is taken", () => {
  const twice = [policyNamed("family"), { ...policyNamed("family"), id: mint("access.policies", "id", "second") }];
  expect(plan({ policies: twice }).claim).toMatchObject({ rejection: { reason: "policy", message: /^2 reusable/ } });
});
