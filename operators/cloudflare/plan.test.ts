import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { annotations } from "./deployment.ts";
import { appName, hashOf, markText, tagOf } from "./marks.ts";
import { leftovers, planFor } from "./plan.ts";
import { wish } from "./testing/stage.ts";
import { all, plan, zone } from "./testing/plan.ts";
import { app, cacheOf, deployment, last, mark, policyNamed, record, rule, worldWith } from "./testing/world.ts";
import type { Contents } from "./world.ts";

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
  expect(plan({ records: [{ zone, record: foreign }] }).made.refused).toContain("has a record of type CNAME");
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

test("rules that the operator has not written are not kept", () => {
  const foreign = { hostname: "open.example.org", service: "http://open:80" };
  expect(plan({ ...all, configuration: { version: 1, ingress: [foreign, rule, last], settings: {} } }).rules).toEqual([
    rule,
    last,
  ]);
});

test("of two policies of one name none is taken", () => {
  const twice = [policyNamed("family"), { ...policyNamed("family"), id: mint("access.policies", "id", "second") }];
  expect(plan({ policies: twice }).claim).toMatchObject({
    rejection: { reason: "policy", message: expect.stringMatching(/^2 reusable/) },
  });
});

test("a policy that lets everybody in without a token is not taken: the tunnel would refuse them all", () => {
  const open = [{ ...policyNamed("family"), decision: "bypass" } as const];
  expect(plan({ policies: open }).claim).toMatchObject({
    rejection: { reason: "policy", message: expect.stringMatching(/bypass/) },
  });
});

test("an application of somebody else that has the hostname among its destinations is in the way", () => {
  const many = app({
    name: "wiki",
    tags: [],
    domain: "wiki.example.org",
    destinations: ["wiki.example.org", "shop.example.org"],
  });
  const { made } = plan({ apps: [{ app: many, proven: true }] });
  expect(made.refused).toBe(
    'shop.example.org is a destination of the Access application "wiki" that this operator has not made; it is left as it is. Delete it, or choose another hostname.',
  );
});

test("an application that stands before other destinations is put right, and has no route until then", () => {
  const moved = { ...all, apps: [{ app: app({ destinations: ["else.example.org"] }), proven: true }] };
  expect(plan(moved).words).toEqual([
    "withdraw the route of shop.example.org",
    "change the Access application of shop.example.org",
  ]);
  const more = app({ destinations: ["shop.example.org", "else.example.org"] });
  expect(plan({ ...all, apps: [{ app: more, proven: true }] }).words).toEqual([
    "change the Access application of shop.example.org",
  ]);
});

test("an application that another Deployment's name is on has no route, whoever has the hostname", () => {
  const other = app({ name: appName("shop.example.org", { owner: "test", hash: hashOf("web/gone") }) });
  const { words, rules } = plan({ ...all, apps: [{ app: other, proven: true }] });
  expect(rules).toEqual([last]);
  expect(words.slice(0, 1)).toEqual(["withdraw the route of shop.example.org"]);
});

test("an application whose mark was taken away by hand keeps its route while it is put right", () => {
  const renamed = { ...all, apps: [{ app: app({ name: "renamed" }), proven: true }] };
  expect(plan(renamed).words).toEqual(["change the Access application of shop.example.org"]);
  expect(plan(renamed).rules).toEqual([rule, last]);
  expect(plan({ ...renamed, configuration: { version: 1, ingress: [last], settings: {} } }).rules).toEqual([last]);
});

test("the Deployment before a hostname keeps nothing there, and takes nothing of the one that follows", () => {
  const next = deployment("store", wish("shop.example.org"));
  const moved = deployment("shop", wish("else.example.org"), 2031);
  const passed = {
    ...all,
    records: [{ zone, record: record({ comment: markText({ owner: "test", hash: hashOf("web/store") }) }) }],
  };
  expect(plan(passed, [next, moved]).words).toEqual([
    "withdraw the route of shop.example.org",
    "delete the Access application of shop.example.org",
    "write the records of else.example.org: 1 new",
    "create the Access application of else.example.org",
  ]);
});

test("rules stand in the order of their hostnames, the last one last", () => {
  const names = ["wiki", "shop", "app"];
  const given = names.map((name) => {
    const key = { owner: "test", hash: hashOf(`web/${name}`) };
    const [domain, id] = [`${name}.example.org`, mint("access.apps", "id", name)];
    return { app: app({ id, name: appName(domain, key), domain, destinations: [domain] }), proven: true };
  });
  const deployed = names.map((name) => deployment(name, wish(`${name}.example.org`)));
  expect(plan({ apps: given }, deployed).rules.map(({ hostname }) => hostname)).toEqual([
    "app.example.org",
    "shop.example.org",
    "wiki.example.org",
    undefined,
  ]);
});

test("the tunnel's end asks for the token of the application and of no other", () => {
  const { made } = plan({ ...all, configuration: { version: 1, ingress: [last], settings: {} } });
  expect(made.routes[0]?.rule.originRequest).toEqual({
    access: { required: true, teamName: "team", audTag: ["aud1"] },
  });
});

test("a route is withdrawn with one's own application, or where there is none, and never with another's", () => {
  const cache = cacheOf([]);
  const subject = { hash: mark.hash, claim: { kind: "none" }, recorded: "shop.example.org" } as const;
  const withdrawn = (apps: Contents["apps"]) =>
    planFor(subject, cache, worldWith({ ...all, records: [], apps }), { ownership: "comment", sessionDuration: "24h" });
  expect(leftovers(withdrawn(all.apps))).toBe(2);
  expect(withdrawn([]).withdraw).toEqual([{ kind: "withdrawRoute", hostname: "shop.example.org" }]);
  const name = appName("shop.example.org", { owner: "test", hash: hashOf("web/store") });
  expect(leftovers(withdrawn([{ app: app({ name }), proven: true }]))).toBe(0);
});
