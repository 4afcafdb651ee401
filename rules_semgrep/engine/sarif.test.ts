import assert from "node:assert/strict";
import test from "node:test";
import type { Finding, Report } from "./finding.ts";
import { sarifOf } from "./sarif.ts";

const finding: Finding = {
  rule: "no-eval",
  path: "a b/é.ts",
  start: { line: 2, column: 3 },
  end: { line: 2, column: 7 },
  severity: "ERROR",
  message: "No eval. Ever.",
  source: ["  eval"],
  notes: [],
  fingerprint: "f".repeat(32),
  status: "new",
};
const report: Report = {
  label: "//a:b",
  engine: "1.2.3",
  rules: [
    {
      id: "no-eval",
      severity: "ERROR",
      message: "No eval. Ever.",
      references: ["CWE-95", "https://example.org/eval"],
      file: "r.yaml",
    },
    { id: "also", severity: "INFO", message: "", references: [], file: "r.yaml" },
  ],
  findings: [
    finding,
    { ...finding, status: "known" },
    { ...finding, status: "silenced" },
    { ...finding, rule: "stale-nosemgrep" },
  ],
  faults: [],
  gone: [{ rule: "no-eval", path: "gone.ts", fingerprint: "0", text: "eval" }],
  scanned: ["a b/é.ts"],
  unscanned: [],
};

test("each result names a rule of the driver by index, and the indices fit", () => {
  const [run] = sarifOf([report, { ...report, label: "//c:d" }]).runs;
  const rules = run?.tool.driver.rules ?? [];
  assert.deepEqual(
    rules.map(({ id }) => id),
    ["also", "no-eval", "stale-nosemgrep"],
  );
  assert.equal(run?.results?.length, 10);
  for (const { ruleId, ruleIndex } of run?.results ?? []) assert.equal(rules[ruleIndex ?? -1]?.id, ruleId);
});

test("what the specification requires is there", () => {
  const log = sarifOf([report]);
  assert.equal(log.version, "2.1.0");
  const [run] = log.runs;
  assert.equal(run?.tool.driver.name, "semgrep");
  for (const { id, shortDescription } of run?.tool.driver.rules ?? [])
    assert.ok(id !== "" && shortDescription?.text !== "");
  for (const { message, locations, level } of run?.results ?? []) {
    assert.notEqual(message.text, "");
    assert.ok(level === undefined || ["error", "warning", "note"].includes(level));
    const uri = locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? "";
    assert.ok(URL.canParse(uri, "file:///"), uri);
    const region = locations?.[0]?.physicalLocation?.region;
    if (region !== undefined)
      assert.ok((region.startLine ?? 0) >= 1 && (region.endColumn ?? 0) > (region.startColumn ?? 0));
  }
});

test("known, silenced and gone findings are told apart", () => {
  const results = sarifOf([report]).runs[0]?.results ?? [];
  assert.deepEqual(
    results.map(({ baselineState, suppressions }) => [baselineState, suppressions?.[0]?.kind]),
    [
      ["new", undefined],
      ["unchanged", "external"],
      ["new", "inSource"],
      ["new", undefined],
      ["absent", undefined],
    ],
  );
});

test("paths are percent-encoded and relative to the repository", () => {
  const location = sarifOf([report]).runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation;
  assert.deepEqual(location, { uri: "a%20b/%C3%A9.ts", uriBaseId: "SRCROOT" });
});

test("a fault makes the run unsuccessful", () => {
  const faults = [{ what: "w", file: "x.ts", line: 3, rule: "r", detail: "d", advice: "a" }];
  const invocation = sarifOf([{ ...report, faults }]).runs[0]?.invocations?.[0];
  assert.equal(invocation?.executionSuccessful, false);
  assert.equal(invocation?.toolExecutionNotifications?.[0]?.associatedRule?.id, "r");
});
