import assert from "node:assert/strict";
import test from "node:test";
import { baselineOf, compareWith, parseBaseline } from "./baseline.ts";
import type { Finding } from "./finding.ts";

const finding = (fingerprint: string, status: Finding["status"] = "new"): Finding => ({
  rule: "r",
  path: "a.ts",
  start: { line: 9, column: 1 },
  end: { line: 9, column: 2 },
  severity: "ERROR",
  message: "m",
  source: ["  foo()"],
  notes: [],
  fingerprint,
  status,
});

const parse = (text: string): ReturnType<typeof parseBaseline> =>
  parseBaseline(text, "b.json", "//a:b", "bazel run //a:b.update_baseline");

test("a baseline knows what it was made of, and holds no line numbers", () => {
  const text = baselineOf([finding("b"), finding("a"), finding("c", "silenced")]);
  assert.deepEqual(
    parse(text).map(({ fingerprint }) => fingerprint),
    ["a", "b"],
  );
  assert.doesNotMatch(text, /\b9\b/);
});

test("known findings are marked, new ones stay new, and what is gone is told", () => {
  const { findings, gone } = compareWith(parse(baselineOf([finding("a"), finding("b")])), [finding("a"), finding("c")]);
  assert.deepEqual(
    findings.map(({ status }) => status),
    ["known", "new"],
  );
  assert.deepEqual(
    gone.map(({ fingerprint }) => fingerprint),
    ["b"],
  );
});

test("a finding that a comment silences now is not gone", () => {
  const { findings, gone } = compareWith(parse(baselineOf([finding("a")])), [finding("a", "silenced")]);
  assert.deepEqual([findings[0]?.status, gone], ["silenced", []]);
});

test("a baseline that cannot be read says what is wrong and how to mend it", () => {
  const wrong = (text: string, expected: RegExp): void => {
    assert.throws(() => parse(text), expected);
    assert.throws(() => parse(text), /b\.json: .*\n {2}bazel run \/\/a:b\.update_baseline writes it anew/);
  };
  wrong("{", /it is not JSON/);
  wrong("null", /expected "version": 1, found undefined/);
  wrong('{"version":1,"findings":[{"rule":"r"}]}', /expected a list `findings`/);
  const [entry] = parse(baselineOf([finding("a")]));
  wrong(JSON.stringify({ version: 1, findings: [entry, entry] }), /the fingerprint a is there twice/);
});
