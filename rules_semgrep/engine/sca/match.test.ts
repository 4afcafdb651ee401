import assert from "node:assert/strict";
import { test } from "node:test";
import { readAdvisories } from "./advisories.ts";
import type { Advisory } from "./advisory.ts";
import { closureOf } from "./closure.ts";
import { type Match, matchAll } from "./match.ts";
import { locked } from "./testing.ts";
import { updateCommand } from "./update.ts";

const osv = (id: string, name: string, fixed: string, rest: object = {}, ecosystem = "npm"): Advisory[] => {
  const range = { type: "SEMVER", events: [{ introduced: "0" }, { fixed }] };
  const value = { id, summary: id, affected: [{ package: { ecosystem, name }, ranges: [range] }], ...rest };
  return readAdvisories([{ file: `${id}.json`, text: JSON.stringify(value) }]);
};

const LOCK = closureOf(
  [
    locked(
      "pnpm-lock.yaml",
      `
      lockfileVersion: '9.0'
      importers:
        .:
          dependencies:
            a: {specifier: '*', version: 1.0.0}
            peer: {specifier: '*', version: 1.0.0(x@1.0.0)}
            odd: {specifier: '*', version: 'https://git.invalid/odd'}
      packages: {}
      snapshots:
        a@1.0.0: {dependencies: {b: 1.0.0}}
        b@1.0.0: {dependencies: {deep: 1.0.0, peer: 1.0.0(x@2.0.0)}}
        deep@1.0.0: {dependencies: {a: 1.0.0}}
        odd@https://git.invalid/odd: {}
        peer@1.0.0(x@1.0.0): {}
        peer@1.0.0(x@2.0.0): {}
      `,
    ),
  ],
  null,
  "//:t",
);

const matches = (advisories: readonly Advisory[]): Match[] => [...matchAll(LOCK, advisories).matches];

test("the way to a package is the shortest one, each version is reported once", () => {
  const ways = [...osv("A", "deep", "2.0.0"), ...osv("B", "peer", "2.0.0")];
  assert.deepEqual(
    matches(ways).map(({ id, through, fixed }) => [id, through.join(" → "), fixed]),
    [
      ["A", "a 1.0.0 → b 1.0.0 → deep 1.0.0", "2.0.0"],
      ["B", "peer 1.0.0", "2.0.0"],
    ],
  );
  assert.deepEqual(matches(osv("C", "deep", "0.5.0")), []);
  assert.deepEqual(matches(osv("D", "elsewhere", "2.0.0")), []);
});

test("what comes from elsewhere than a registry is said, not passed over", () => {
  const [match] = matches(osv("A", "odd", "2.0.0"));
  assert.equal(match?.unclear, "it comes from https://git.invalid/odd");
  assert.equal(match.fixed, null);
});

test("a version that its ecosystem does not know is said, not passed over", () => {
  const [lock] = closureOf([locked("requirements.txt", "a==2004d\n")], null, "//:t");
  assert.ok(lock !== undefined);
  const [match] = matchAll([lock], osv("A", "a", "1.0.0", {}, "PyPI")).matches;
  assert.equal(match?.unclear, '"2004d" is no version of PyPI');
});

test("advisories of one name in several databases are one, with the worst severity", () => {
  const both = [
    ...osv("GHSA-1", "deep", "2.0.0", { aliases: ["CVE-1"], database_specific: { severity: "LOW" } }),
    ...osv("PYSEC-1", "deep", "2.0.0", { aliases: ["CVE-1"], database_specific: { severity: "CRITICAL" } }),
    ...osv("OTHER-1", "deep", "3.0.0"),
  ];
  assert.deepEqual(
    matches(both).map(({ id, aliases, severity }) => [id, aliases.join(), severity]),
    [
      ["GHSA-1", "CVE-1,PYSEC-1", "CRITICAL"],
      ["OTHER-1", "", "HIGH"],
    ],
  );
});

test("another advisory about packages that are not there changes nothing", () => {
  const before = matchAll(LOCK, osv("A", "deep", "2.0.0"));
  assert.deepEqual(matchAll(LOCK, [...osv("A", "deep", "2.0.0"), ...osv("B", "elsewhere", "2.0.0")]), before);
});

test("each program has its own command", () => {
  const command = (tool: Match["tool"], relation: Match["relation"], fixed: string | null): string =>
    updateCommand({ tool, package: "x", fixed, relation, lockfile: "lock" });
  assert.deepEqual(
    [
      command("pnpm", "direct", "2.0.0"),
      command("pnpm", "transitive", "2.0.0"),
      command("npm", "direct", null),
      command("yarn", "transitive", "2.0.0"),
      command("uv", "transitive", "2.0.0"),
      command("go", "transitive", "2.0.0"),
      command("go", "direct", "v2.0.0"),
      command("gradle", "listed", "2.0.0"),
    ],
    [
      "pnpm --recursive update x@2.0.0",
      "pnpm --recursive update --depth Infinity x",
      "npm install x",
      "yarn up --recursive x",
      "uv lock --upgrade-package x==2.0.0",
      "go get x@v2.0.0 && go mod tidy",
      "go get x@v2.0.0 && go mod tidy",
      "gradle dependencies --update-locks x",
    ],
  );
});
