import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { appName, hashOf, markText, tagOf, txtName } from "./marks.ts";
import { app, identity, last, record, rule, worldWith, zoneNamed } from "./testing/world.ts";
import { hashOnApp, hashOnRecord, isOwnApp, isOwnRecord } from "./world.ts";

const zone = zoneNamed("example.org");
const names = ["a.example.org", "b.example.org"];
const marks = ["web/one", "web/two"].map((key) => ({ owner: "test", hash: hashOf(key) }));
const one = <T>(items: readonly T[]) => fc.constantFrom(...items);

const anyRecord = fc
  .record({
    id: one(["r1", "r2", "r3"]),
    name: one(names),
    mark: one([...marks, undefined]),
    kind: one(["CNAME", "TXT", "MX"]),
  })
  .map(({ id, name, mark, kind }) => {
    const text = mark === undefined ? "" : markText(mark);
    const given = { id: mint("dns.records", "id", id), type: kind };
    if (kind === "TXT") return record({ ...given, name: txtName(name), content: `"${text}"`, comment: "" });
    return record({ ...given, name, comment: text, content: "t1.cfargotunnel.com" });
  });
const anyApp = fc
  .record({
    id: one(["a1", "a2"]),
    domain: one(names),
    mark: one([...marks, undefined]),
    tags: one([[], [tagOf("test")]]),
  })
  .map(({ id, domain, mark, tags }) =>
    app({
      id: mint("access.apps", "id", id),
      domain,
      destinations: [domain],
      tags,
      name: mark ? appName(domain, mark) : "x",
    }),
  );
const anyChange = fc.oneof(
  fc.record({ kind: fc.constant("putRecord" as const), record: anyRecord }),
  fc.record({ kind: fc.constant("dropRecord" as const), id: one(["r1", "r2", "r3"]) }),
  fc.record({ kind: fc.constant("putApp" as const), app: anyApp }),
  fc.record({ kind: fc.constant("dropApp" as const), name: one(names) }),
);

test("whatever was put and dropped, it is known what is whose and where", () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 30 }), (changes) => {
      const world = worldWith();
      const records = new Map<string, ReturnType<typeof record>>();
      const apps = new Map<string, ReturnType<typeof app>>();
      for (const change of changes) {
        if (change.kind === "putRecord") {
          world.putRecord({ zone, record: change.record });
          records.set(change.record.id, change.record);
        } else if (change.kind === "dropRecord") {
          world.dropRecord(change.id);
          records.delete(change.id);
        } else if (change.kind === "putApp") {
          world.putApp({ app: change.app, proven: true });
          for (const { id, domain } of [...apps.values()])
            if (id === change.app.id || domain === change.app.domain) apps.delete(domain);
          apps.set(change.app.domain, change.app);
        } else {
          world.dropApp(change.name);
          apps.delete(change.name);
        }
      }
      const owned = [
        ...[...records.values()]
          .filter((found) => isOwnRecord(identity, found))
          .map((found) => [found.name.replace("_cloudflare-operator.", ""), hashOnRecord(found)] as const),
        ...[...apps.values()]
          .filter((found) => isOwnApp(identity, found))
          .map((found) => [found.domain, hashOnApp(found)] as const),
      ];
      expect(world.ownHostnames()).toEqual(new Set(owned.map(([hostname]) => hostname)));
      for (const hash of ["", ...marks.map((mark) => mark.hash)])
        expect(new Set(world.hostnamesOf(hash))).toEqual(
          new Set(owned.flatMap(([hostname, own]) => (own === hash ? [hostname] : []))),
        );
      for (const name of names) {
        expect(world.hashesAt(name)).toEqual(
          new Set(owned.flatMap(([hostname, own]) => (hostname === name ? [own] : []))),
        );
        expect(world.appAt(name)?.app).toEqual(apps.get(name));
        const there = [...records.values()].filter((found) => found.name === name);
        expect(new Set(world.recordsAt(name).map((placed) => placed.record))).toEqual(new Set(there));
      }
    }),
  );
});

test("new lists replace all that was known", () => {
  const world = worldWith({ records: [{ zone, record: record() }], apps: [{ app: app(), proven: true }], tags: ["t"] });
  const { zones, configuration } = world;
  world.replace({ zones, records: [], apps: [], policies: [], tags: [], configuration });
  expect([world.ownHostnames(), world.tags, world.policiesNamed("family")]).toEqual([new Set(), new Set(), []]);
  expect([world.recordsAt("shop.example.org"), world.appAt("shop.example.org")]).toEqual([[], undefined]);
});

test("of several rules of a hostname the first counts, and the last rule is nobody's", () => {
  const narrow = { ...rule, path: "^/admin" };
  const world = worldWith({ configuration: { version: 1, ingress: [narrow, rule, last], settings: {} } });
  expect(world.ruleOf("shop.example.org")).toEqual(narrow);
  world.configuration = { version: 2, ingress: [last], settings: {} };
  expect(world.ruleOf("shop.example.org")).toBeUndefined();
});

test("an application of somebody else covers its destinations until it is gone", () => {
  const wiki = app({
    name: "wiki",
    tags: [],
    domain: "wiki.example.org",
    destinations: ["wiki.example.org", "shop.example.org"],
  });
  const world = worldWith({ apps: [{ app: wiki, proven: true }] });
  expect(world.foreignAppOver("shop.example.org")).toEqual(wiki);
  expect(world.foreignAppOver("wiki.example.org")).toBeUndefined();
  world.dropApp("wiki.example.org");
  expect(world.foreignAppOver("shop.example.org")).toBeUndefined();
});

test.each([
  ["a record of another type with the mark in its comment", { type: "MX" }, false],
  ["an address with the mark", { type: "A", content: "192.0.2.1" }, true],
  ["a record that leads to the tunnel", { comment: "" }, true],
  ["a record that leads to another tunnel", { content: "t2.cfargotunnel.com", comment: "" }, false],
  [
    "a record with another operator's mark",
    { content: "t2.cfargotunnel.com", comment: markText({ owner: "other", hash: marks[0]!.hash }) },
    false,
  ],
])("%s is the operator's: %#", (_, given, own) => {
  expect(isOwnRecord(identity, record(given))).toBe(own);
});
