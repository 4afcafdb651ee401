import assert from "node:assert/strict";
import { test } from "node:test";
import { readOsv } from "./osv.ts";
import { refused } from "./testing.ts";

const osv = (affected: object, rest: object = {}): object => ({
  id: "TEST-1",
  modified: "2026-01-01T00:00:00Z",
  summary: "It breaks.",
  affected: [{ package: { ecosystem: "npm", name: "a" }, ...affected }],
  ...rest,
});
const range = (...events: readonly object[]): object => ({ ranges: [{ type: "SEMVER", events }] });

/** Which of the versions are affected, with the version that mends them. */
function affected(value: object, versions: readonly string[]): string[] {
  const [entry] = readOsv(value, "a.json")?.affected ?? [];
  assert.ok(entry !== undefined);
  return versions.flatMap((version) => {
    const judgement = entry.judge(version);
    return judgement.is === "affected" ? [`${version}→${judgement.fixed ?? "?"}`] : [];
  });
}

test("events turn on and off in the order of versions, whatever the order they are written in", () => {
  const value = osv(range({ fixed: "2.1.0" }, { introduced: "0" }, { introduced: "2.0.0" }, { fixed: "1.5.0" }));
  assert.deepEqual(affected(value, ["0.0.1", "1.4.9", "1.5.0", "1.9.0", "2.0.0", "2.1.0-rc.1", "2.1.0"]), [
    "0.0.1→1.5.0",
    "1.4.9→1.5.0",
    "2.0.0→2.1.0",
    "2.1.0-rc.1→2.1.0",
  ]);
});

test("last_affected is affected itself, limits end a range", () => {
  assert.deepEqual(
    affected(osv(range({ introduced: "1.0.0" }, { last_affected: "1.2.0" })), ["0.9.0", "1.2.0", "1.2.1"]),
    ["1.2.0→?"],
  );
  assert.deepEqual(affected(osv(range({ introduced: "0" }, { limit: "2.0.0" })), ["1.0.0", "2.0.0"]), ["1.0.0→?"]);
  assert.deepEqual(affected(osv(range({ introduced: "0" }, { limit: "*" })), ["9.0.0"]), ["9.0.0→?"]);
});

test("versions that are listed are affected, however they are spelled", () => {
  const value = {
    ...osv({}),
    affected: [{ package: { ecosystem: "PyPI", name: "Foo_Bar" }, versions: ["1.0", "2004d"] }],
  };
  assert.deepEqual(affected(value, ["1.0", "1.0.0", "1.1"]), ["1.0→?", "1.0.0→?"]);
  assert.equal(readOsv(value, "a.json")?.affected[0]?.name, "foo-bar");
});

test("an advisory that only names commits cannot be compared", () => {
  const value = osv({ ranges: [{ type: "GIT", repo: "https://git.invalid/a", events: [{ introduced: "0" }] }] });
  const judgement = readOsv(value, "a.json")?.affected[0]?.judge("1.0.0");
  assert.deepEqual(judgement, { is: "unclear", why: "the advisory names commits, not versions" });
});

test("an advisory whose versions are none of the ecosystem cannot be compared", () => {
  const judgement = readOsv(osv(range({ introduced: "0" }, { fixed: "1.x" })), "a.json")?.affected[0]?.judge("1.0.0");
  assert.deepEqual(judgement, { is: "unclear", why: 'the advisory says fixed "1.x", which is no version of npm' });
});

test("what was withdrawn does not count, nor do packages that no lockfile can hold", () => {
  assert.equal(readOsv(osv(range({ introduced: "0" }), { withdrawn: "2026-01-02T00:00:00Z" }), "a.json"), null);
  const elsewhere = { ...osv({}), affected: [{ package: { ecosystem: "crates.io", name: "a" } }] };
  assert.deepEqual(readOsv(elsewhere, "a.json")?.affected, []);
  const registry = { ...osv({}), affected: [{ package: { ecosystem: "Maven:https://maven.invalid", name: "a:b" } }] };
  assert.equal(readOsv(registry, "a.json")?.affected[0]?.ecosystem, "Maven");
});

test("severity is the database's word, high without one", () => {
  const severity = (word: unknown): unknown =>
    readOsv(osv(range({ introduced: "0" }), { database_specific: { severity: word } }), "a.json")?.severity;
  assert.deepEqual(["LOW", "moderate", "HIGH", "CRITICAL", undefined, "odd"].map(severity), [
    "LOW",
    "MEDIUM",
    "HIGH",
    "CRITICAL",
    "HIGH",
    "HIGH",
  ]);
});

test("records that are not valid are refused with the file", () => {
  const read = (value: unknown) => (): unknown => readOsv(value, "a.json");
  refused(read({}), "a.json: expected an `id`");
  refused(read({ id: "TEST-1" }), "a.json: TEST-1: expected a list `affected`");
  refused(read(osv({ package: { ecosystem: "npm" } })), "expected an ecosystem and a name");
  refused(read(osv({ ranges: [{ type: "VERSIONS", events: [] }] })), "expected a range of type SEMVER", '"VERSIONS"');
  refused(read(osv(range({ fixed: "1.0.0" }))), "a range has no event `introduced`");
  refused(read(osv(range({ introduced: "0", fixed: "1.0.0" }))), "is no event");
  refused(read(osv(range({ introduced: "0" }, { fixed: "" }))), '{"fixed":""} is no event');
  refused(read(osv(range({ introduced: "0" }, { mended: "1.0.0" }))), '{"mended":"1.0.0"} is no event');
});
