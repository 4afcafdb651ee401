import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ecosystem } from "./lock.ts";
import { compareVersions, isVersion, parseRange } from "./version.ts";

test("versions come in the order of their ecosystem", () => {
  const ordered: readonly (readonly [Ecosystem, readonly string[]])[] = [
    ["npm", ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.1", "1.0.0", "1.9.0", "1.10.0"]],
    ["PyPI", ["1.0.dev1", "1.0a1", "1.0rc1", "1.0", "1.0.post1", "1.9", "1.10", "1!0.1"]],
    [
      "Go",
      [
        "v0.0.0-20191109021931-daa7c04131f5",
        "v0.0.0-20200101000000-aaaaaaaaaaaa",
        "v0.17.0",
        "1.2.4-0.20200101000000-aaaaaaaaaaaa",
        "v1.2.4",
        "v2.0.0+incompatible",
      ],
    ],
    ["Maven", ["2.0-rc1", "2.0-SNAPSHOT", "2.0", "2.0.1", "2.10"]],
  ];
  for (const [ecosystem, versions] of ordered) {
    for (const [index, version] of versions.entries()) {
      for (const [other, later] of versions.entries()) {
        assert.equal(
          Math.sign(compareVersions(ecosystem, version, later)),
          Math.sign(index - other),
          `${version} ${later}`,
        );
      }
    }
  }
});

test("what is no version of an ecosystem is not compared", () => {
  for (const text of ["1.0", "latest", "", "^1.0.0"]) assert.equal(isVersion("npm", text), false, text);
  for (const text of ["1.0-foo-bar", "2004d", "*", ""]) assert.equal(isVersion("PyPI", text), false, text);
  for (const text of ["v1", "master", ""]) assert.equal(isVersion("Go", text), false, text);
  for (const text of ["${x}", "[1,2)", ""]) assert.equal(isVersion("Maven", text), false, text);
});

test("ranges hold what they say, pre-releases too", () => {
  const cases: readonly (readonly [Ecosystem, string, readonly string[], readonly string[]])[] = [
    ["npm", "< 1.2.3, >= 1.0.0", ["1.0.0", "1.2.2", "1.2.3-rc.1"], ["1.2.3", "0.9.9"]],
    ["npm", "^1.2.0 || 3.x", ["1.9.0", "3.1.0"], ["2.0.0"]],
    ["npm", "==1.2.3", ["1.2.3"], ["1.2.4"]],
    ["PyPI", "< 2.0, >= 1.0", ["1.0", "2.0rc1", "1.9.post1"], ["2.0", "1.0rc1"]],
    ["PyPI", "== 1.*", ["1.0", "1.9"], ["2.0"]],
    ["PyPI", "~= 1.4.2", ["1.4.9"], ["1.5.0"]],
    ["Go", "< 0.17.0", ["v0.16.0", "v0.0.0-20191109021931-daa7c04131f5"], ["v0.17.0"]],
    ["Maven", ">= 2.0-beta9, < 2.15.0", ["2.0-rc1", "2.14.1"], ["2.15.0", "2.0-beta1"]],
    ["npm", "*", ["1.0.0"], []],
  ];
  for (const [ecosystem, text, inside, outside] of cases) {
    const range = parseRange(ecosystem, text);
    assert.ok(range !== null, text);
    for (const version of inside) assert.equal(range(version), true, `${version} in ${text}`);
    for (const version of outside) assert.equal(range(version), false, `${version} not in ${text}`);
  }
});

test("what is no range is none", () => {
  for (const ecosystem of ["npm", "PyPI", "Go", "Maven"] as const) {
    for (const text of ["", "< ", ">= 1.0.0, < [", "older than 1"]) {
      assert.equal(parseRange(ecosystem, text), null, `${ecosystem} ${text}`);
    }
  }
});
