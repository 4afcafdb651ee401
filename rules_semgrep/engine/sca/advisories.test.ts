import assert from "node:assert/strict";
import { test } from "node:test";
import { readAdvisories } from "./advisories.ts";
import { flush, refused } from "./testing.ts";

const RULE = flush(`
  rules:
    - id: a-rule
      message: It breaks.
      severity: WARNING
      languages: [typescript]
      metadata:
        cve: CVE-1
        sca-severity: CRITICAL
        sca-fix-versions: [{ a: 1.2.3 }]
      pattern: a.run(...)
      r2c-internal-project-depends-on:
        depends-on-either:
          - { namespace: npm, package: a, version: "< 1.2.3" }
          - { namespace: pypi, package: Foo_Bar, version: "<= 2.0" }
          - { namespace: cargo, package: c, version: "< 1" }
`);

const read = (text: string, file = "rules.yaml") => readAdvisories([{ file, text }]);

test("a rule of semgrep: packages, versions, severity and what it looks for", () => {
  const [advisory, ...rest] = read(RULE);
  assert.ok(advisory !== undefined && rest.length === 0);
  assert.deepEqual(
    advisory.affected.map(({ ecosystem, name, judge }) => [ecosystem, name, judge("1.2.2"), judge("9.0.0")]),
    [
      ["npm", "a", { is: "affected", fixed: "1.2.3" }, { is: "unaffected" }],
      ["PyPI", "foo-bar", { is: "affected" }, { is: "unaffected" }],
    ],
  );
  assert.deepEqual([advisory.severity, advisory.aliases], ["CRITICAL", ["CVE-1"]]);
  assert.equal(advisory.rule?.["pattern"], "a.run(...)");
  assert.equal(advisory.rule?.["r2c-internal-project-depends-on"], undefined);
});

test("a single dependency stands without depends-on-either; upgrade-only has nothing to look for", () => {
  const single = flush(`
    rules:
      - id: one
        message: It breaks.
        severity: ERROR
        languages: [python]
        metadata: { sca-kind: upgrade-only }
        pattern: a()
        r2c-internal-project-depends-on: { namespace: gomod, package: a.b/c, version: "< 1.0.0" }
  `);
  const [advisory] = read(single);
  assert.deepEqual([advisory?.affected[0]?.ecosystem, advisory?.rule, advisory?.severity], ["Go", null, "ERROR"]);
});

test("OSV records come alone, in a list, or under `vulns`, as JSON or YAML", () => {
  const osv = (id: string): string => `{"id": "${id}", "affected": []}`;
  const ids = (text: string, file: string): string[] => read(text, file).map(({ id }) => id);
  assert.deepEqual(ids(osv("A"), "a.json"), ["A"]);
  assert.deepEqual(ids(`[${osv("A")}, ${osv("B")}]`, "a.json"), ["A", "B"]);
  assert.deepEqual(ids(`{"vulns": [${osv("A")}]}`, "a.json"), ["A"]);
  assert.deepEqual(ids("id: A\naffected: []\n", "a.yaml"), ["A"]);
});

test("what is not valid is refused with file, line and rule", () => {
  const change = (from: string, to: string) => (): unknown => read(RULE.replace(from, to));
  refused(
    change("namespace: npm", "namespace: node"),
    "rules.yaml:2: a-rule",
    'namespace "node" is not known',
    "npm, nuget",
  );
  refused(change('"< 1.2.3"', '"before 1"'), "a-rule", '"before 1" is no range of npm versions');
  refused(change("package: a,", ""), "a dependency has no package");
  refused(change("[typescript]", "[cobol]"), "language cobol is not scanned");
  refused(
    change("sca-severity: CRITICAL", "sca-severity: BAD"),
    'expected a severity such as ERROR, WARNING or HIGH, found "BAD"',
  );
  refused(change("id: a-rule", "name: a-rule"), "rules.yaml:2", "it has no id");
  refused(
    change("r2c-internal-project-depends-on", "paths"),
    "it has no r2c-internal-project-depends-on",
    "into `rules`",
  );
  refused(() => read("rules: []\n"), "`rules` is empty");
  refused(() => read("[]", "a.json"), "a.json:1: it holds no advisory");
  refused(() => read('{"id": "A"', "a.json"), "a.json", "it is not JSON");
  refused(() => read(RULE.slice(0, -20)), "rules.yaml", "it is not YAML");
});

test("a record may stand in the files of several ecosystems, but not twice for one package", () => {
  const about = (file: string, ecosystem: string): { file: string; text: string } => ({
    file,
    text: JSON.stringify({ id: "A", affected: [{ package: { ecosystem, name: "a" }, versions: ["1.0.0"] }] }),
  });
  assert.equal(readAdvisories([about("npm.json", "npm"), about("pypi.json", "PyPI")]).length, 2);
  const twice = [about("a.json", "npm"), about("b.json", "npm")];
  refused(() => readAdvisories(twice), "b.json: A about a of npm is there twice, also in a.json");
});
