import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { hashOf, markText } from "./marks.ts";
import { wish } from "./testing/stage.ts";
import { all, plan, shop, zone } from "./testing/plan.ts";
import { deployment, mark, record, zoneNamed } from "./testing/world.ts";

const inner = zoneNamed("shop.example.org");
const stray = record({ id: mint("dns.records", "id", "r2") });

test("the zone is the longest that fits, and never one that only ends alike", () => {
  expect(plan({ zones: [zone, inner] }).made.records[0]?.zone).toEqual(inner);
  expect(plan({ zones: [zoneNamed("p.example.org")] }).claim).toMatchObject({ rejection: { reason: "invalid" } });
});

test("a record in a zone that does not answer for the hostname is replaced by one in the zone that does", () => {
  const { made } = plan({ ...all, zones: [zone, inner] });
  expect(made.records.map(({ zone: { name }, batch }) => [name, batch.deletes.length, batch.posts.length])).toEqual([
    ["example.org", 1, 0],
    ["shop.example.org", 0, 1],
  ]);
});

test("records in two zones go from both", () => {
  const records = [
    { zone, record: record() },
    { zone: inner, record: stray },
  ];
  const { made } = plan({ ...all, zones: [zone, inner], records }, []);
  expect(made.deleteRecords.map(({ zone: { name }, batch }) => [name, batch.deletes])).toEqual([
    ["example.org", ["r1"]],
    ["shop.example.org", ["r2"]],
  ]);
});

test("a record of somebody else in a zone that does not answer for the hostname is not in the way", () => {
  const records = [{ zone, record: record({ type: "A", content: "192.0.2.1", comment: "" }) }];
  expect(plan({ zones: [zone, inner], records }).made.refused).toBeUndefined();
});

test.each(["MX", "TXT", "CAA"])("a %s record at the hostname is not in the way, and left alone", (type) => {
  const records = [{ zone, record: record({ type, content: "10 mx.example.net", comment: "" }) }];
  expect(plan({ records }).words).toContain("write the records of shop.example.org: 1 new");
});

const txt = (hash: string, more = {}) => {
  const comment = markText({ owner: "test", hash });
  const id = mint("dns.records", "id", "txt");
  return record({
    id,
    type: "TXT",
    name: "_cloudflare-operator.shop.example.org",
    content: `"${comment}"`,
    proxied: false,
    comment,
    ...more,
  });
};

test("with a TXT record as second mark both records go together, and a wrong one is put right", () => {
  const both = { ownership: "comment+txt" } as const;
  expect(plan({}, [shop], both).words[0]).toBe("write the records of shop.example.org: 2 new");
  expect(plan({ ...all, records: [...all.records, { zone, record: txt(mark.hash) }] }, [shop], both).words).toEqual([]);
  const wrong = { ...all, records: [...all.records, { zone, record: txt(mark.hash, { ttl: 300 }) }] };
  expect(plan(wrong, [shop], both).words).toEqual(["write the records of shop.example.org: 1 changed"]);
  expect(plan(wrong, []).words.at(-1)).toBe("write the records of shop.example.org: 2 deleted");
});

test("a TXT record that is not wanted any more goes, and the text of somebody else stays", () => {
  const marked = { ...all, records: [...all.records, { zone, record: txt(mark.hash) }] };
  expect(plan(marked).words).toEqual(["write the records of shop.example.org: 1 deleted"]);
  const foreign = txt(mark.hash, { content: '"v=spf1 -all"', comment: "" });
  expect(plan({ ...all, records: [...all.records, { zone, record: foreign }] }).words).toEqual([]);
});

test("a hostname that another's TXT record marks is waited for", () => {
  const others = [shop, deployment("store", wish("store.example.org"))];
  expect(plan({ records: [{ zone, record: txt(hashOf("web/store")) }] }, others).made.waitingFor).toBe("web/store");
});

test("a record below the hostname is no record of the hostname, wherever it leads", () => {
  const below = record({ id: mint("dns.records", "id", "r3"), name: "_cloudflare-operator.shop.example.org" });
  const { made } = plan({ records: [{ zone, record: below }] });
  expect(made.records[0]?.batch).toMatchObject({ deletes: ["r3"], puts: [], posts: [{ name: "shop.example.org" }] });
});
