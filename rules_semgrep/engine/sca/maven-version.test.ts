import assert from "node:assert/strict";
import { test } from "node:test";
import { compareMaven, isMavenVersion } from "./maven-version.ts";

// The published examples: https://maven.apache.org/pom.html#version-order-specification
const EQUAL = [
  ["1", "1.0"],
  ["1", "1.0.0"],
  ["1", "1.0-0"],
  ["1", "1.0.ga"],
  ["1", "1-ga"],
  ["1", "1-final"],
  ["1", "1-release"],
  ["1.0", "1-0"],
  ["1-a1", "1-alpha-1"],
  ["1-b2", "1-beta-2"],
  ["1-m3", "1-milestone-3"],
  ["1-cr1", "1-rc1"],
  ["1.0.0-foo.0.0", "1-foo"],
  ["1.0.0-0.0.0", "1"],
  ["1x", "1-x"],
  ["1X", "1-x"],
] as const;

const ASCENDING = [
  ["1", "1.1"],
  ["1-snapshot", "1"],
  ["1", "1-sp"],
  ["1-foo2", "1-foo10"],
  ["1.foo", "1-foo"],
  ["1-foo", "1-1"],
  ["1-1", "1.1"],
  ["1-sp", "1-ga-1"],
  ["1-sp-1", "1-ga-1"],
  ["1-a1", "1-1"],
  ["1-alpha", "1-beta"],
  ["1-beta", "1-milestone"],
  ["1-milestone", "1-rc"],
  ["1-rc", "1-snapshot"],
  ["1-sp", "1-abc"],
  ["1-abc", "1-xyz"],
  ["1.9", "1.10"],
  ["2.0-rc1", "2.0"],
  ["2.14.1", "2.15.0"],
  ["20231013", "20240303"],
  ["32.0.0-android", "32.0.0-jre"],
  ["1.0.9999999999999999999998", "1.0.9999999999999999999999"],
] as const;

test("versions that Maven takes for the same are equal", () => {
  for (const [a, b] of EQUAL) assert.equal(compareMaven(a, b), 0, `${a} = ${b}`);
});

test("versions come in Maven's order, both ways round", () => {
  for (const [a, b] of ASCENDING) {
    assert.ok(compareMaven(a, b) < 0, `${a} < ${b}`);
    assert.ok(compareMaven(b, a) > 0, `${b} > ${a}`);
  }
});

test("ranges and properties are no versions", () => {
  for (const text of ["[1,2)", "${version}", "", "1 2"]) assert.equal(isMavenVersion(text), false, text);
  for (const text of ["1", "1.0-SNAPSHOT", "r09", "Finchley.SR2"]) assert.equal(isMavenVersion(text), true, text);
});
