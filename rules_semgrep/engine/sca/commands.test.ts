import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { Refusal } from "../command.ts";
import { scaMatches, scaPackages, scaPlaces } from "./commands.ts";
import type { Dependency } from "./dependency.ts";
import { flush } from "./testing.ts";

const io = { args: [], env: {}, say: () => undefined };
const A: Dependency = { repository: "", package: "", name: "node_modules/a" };

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "sca-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lockfile = (unrelated: string, deep = "1.0.0"): string =>
  flush(`
    lockfileVersion: '9.0'
    importers:
      .:
        dependencies:
          a: {specifier: '*', version: 1.0.0}
          ${unrelated}: {specifier: '*', version: 1.0.0}
    packages: {}
    snapshots:
      ${unrelated}@1.0.0: {dependencies: {more: 1.0.0}}
      more@1.0.0: {}
      a@1.0.0: {dependencies: {deep: ${deep}}}
      deep@${deep}: {}
  `);

const advisory = (id: string, name: string, fixed = "2.0.0"): object => ({
  id,
  affected: [
    { package: { ecosystem: "npm", name }, ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed }] }] },
  ],
});

/** Runs the three actions as the rules do, and gives the bytes that each writes. */
async function actions(
  lock: string,
  advisories: readonly object[],
  closure: readonly Dependency[] | null = [A],
  excluded: readonly string[] = [],
): Promise<{ packages: string; matches: string; placed: string }> {
  const path = (name: string): string => join(folder, name);
  writeFileSync(path("pnpm-lock.yaml"), lock);
  writeFileSync(path("advisories.json"), JSON.stringify(advisories));
  const lockfiles = [{ path: path("pnpm-lock.yaml"), name: "pnpm-lock.yaml" }];
  const read = [{ path: path("advisories.json"), name: "advisories.json" }];
  const label = "//:sca_test";
  const [packages, matches, placed] = [path("packages"), path("matches"), path("placed")];
  assert.equal(await scaPackages({ label, lockfiles, closure, out: packages }, io), 0);
  assert.equal(await scaMatches({ label, packages, advisories: read, excluded, out: matches }, io), 0);
  assert.equal(await scaPlaces({ lockfiles, matches, out: placed }, io), 0);
  const bytes = (file: string): string => readFileSync(file, "utf8");
  return { packages: bytes(packages), matches: bytes(matches), placed: bytes(placed) };
}

test("an unrelated bump leaves every byte that a test reads the same", async () => {
  const before = await actions(lockfile("other"), [advisory("A", "deep", "0.5.0")]);
  const after = await actions(`# moved\n\n${lockfile("another")}`, [advisory("A", "deep", "0.5.0")]);
  assert.deepEqual(after, before);
});

test("a bump in the closure changes the packages, and what a test reads only with a match", async () => {
  const before = await actions(lockfile("other"), [advisory("A", "deep", "0.5.0")]);
  const after = await actions(lockfile("other", "1.0.1"), [advisory("A", "deep", "0.5.0")]);
  assert.notEqual(after.packages, before.packages);
  assert.equal(after.placed, before.placed);
  const affected = await actions(lockfile("other"), [advisory("A", "deep")]);
  assert.notEqual(affected.placed, before.placed);
});

test("advisories about other packages leave every byte that a test reads the same", async () => {
  const before = await actions(lockfile("other"), [advisory("A", "deep")]);
  const after = await actions(lockfile("other"), [advisory("B", "more"), advisory("A", "deep"), advisory("C", "gone")]);
  assert.deepEqual(after, before);
});

test("lines are added to matches last, with the text that stands there", async () => {
  const { matches, placed } = await actions(lockfile("other"), [advisory("A", "deep")]);
  assert.equal((JSON.parse(matches) as { matches: { line?: number }[] }).matches[0]?.line, undefined);
  const [match] = (JSON.parse(placed) as { matches: { line: number; source: string }[] }).matches;
  assert.deepEqual([match?.line, match?.source.trim()], [12, "deep@1.0.0: {}"]);
});

test("an exclusion has to name an advisory, by its id or by an alias", async () => {
  const aliased = { ...advisory("A", "deep"), aliases: ["CVE-1"] };
  await actions(lockfile("other"), [aliased], [A], ["CVE-1", "A"]);
  await assert.rejects(actions(lockfile("other"), [aliased], [A], ["CVE-2"]), (error: unknown) => {
    assert.ok(error instanceof Refusal);
    assert.match(error.message, /exclude_advisories names what is not in advisories\n.*no advisory CVE-2 among the 1/);
    return true;
  });
});
