import assert from "node:assert/strict";
import { test } from "node:test";
import { applyAllowances } from "./allow.ts";
import type { Finding } from "./finding.ts";
import { parseResources } from "./resources.ts";

const finding = (rule: string, container?: string): Finding => ({
  rule,
  file: "x.yaml",
  line: 1,
  resource: "Deployment web",
  ...(container === undefined ? {} : { container }),
  is: "",
  expected: "",
  mend: "",
});
const annotated = (key: string, value: string) =>
  parseResources(
    "x.yaml",
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  annotations:\n    ${key}: ${value}\n`,
  ).resources;

test("an annotation allows one check, of all containers or of one", () => {
  const both = [finding("probes", "a"), finding("probes", "b"), finding("image", "a")];
  const all = applyAllowances(both, annotated("rules-helm/allow.probes", "why"), {}, "//x");
  assert.deepEqual(all.findings, [finding("image", "a")]);
  assert.deepEqual(
    all.allowed.map(({ reason }) => reason),
    ["why", "why"],
  );
  const one = applyAllowances(both, annotated("rules-helm/allow.probes.a", "why"), {}, "//x");
  assert.deepEqual(one.findings, [finding("probes", "b"), finding("image", "a")]);
});

test("the attribute allows by check, kind, name and container", () => {
  const { findings, allowed } = applyAllowances(
    [finding("probes", "a"), finding("host-path")],
    [],
    { "probes Deployment/web/a": "no port", "host-path Deployment/web": "reads logs" },
    "//x",
  );
  assert.deepEqual(findings, []);
  assert.deepEqual(
    allowed.map(({ reason }) => reason),
    ["no port", "reads logs"],
  );
});

test("an allowance that nothing needs, without a reason or of an unknown check is a finding", () => {
  const said = (allow: Record<string, string>) =>
    applyAllowances([finding("probes", "a")], [], allow, "//x").findings.map(({ rule, is }) => [rule, is]);
  assert.deepEqual(said({ "image Deployment/web": "why" }), [
    ["probes", ""],
    ["allowance", 'allow "image Deployment/web" allows what nobody found'],
  ]);
  assert.deepEqual(said({ "probes Deployment/web": " " })[1], [
    "allowance",
    'allow "probes Deployment/web" without a reason',
  ]);
  assert.deepEqual(said({ "schema Deployment/web": "why" })[1], [
    "allowance",
    'allow "schema Deployment/web" names no check',
  ]);
});
