import assert from "node:assert/strict";
import { test } from "node:test";
import { duplicateFindings, parseResources } from "./resources.ts";

const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;

test("documents are read one by one, empty ones are none", () => {
  const { resources, findings } = parseResources("x.yaml", `# none\n---\n${map("a")}---\n---\n${map("b")}...\n`);
  assert.deepEqual(findings, []);
  assert.deepEqual(
    resources.map(({ kind, name, line }) => ({ kind, name, line })),
    [
      { kind: "ConfigMap", name: "a", line: 3 },
      { kind: "ConfigMap", name: "b", line: 8 },
    ],
  );
  assert.equal(resources[0]?.text.trim(), `---\n${map("a")}`.trim());
});

test("the line of a field is that of the nearest one that is written", () => {
  const text =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: one\n      image: x\n";
  const pod = parseResources("x.yaml", text).resources[0]!;
  assert.equal(pod.lineOf(["spec", "containers", 0, "image"]), 8);
  assert.equal(pod.lineOf(["spec", "containers", 0, "ports", 3]), 7);
  assert.equal(pod.lineOf(["data"]), 1);
});

test("anchors, merges and text that looks like a date keep their meaning", () => {
  const text = `${map("a")}data:\n  base: &base { day: 2026-01-02 }\n  copy: { <<: *base, b: "1" }\n`;
  const { object } = parseResources("x.yaml", text).resources[0]!;
  assert.deepEqual(object["data"], { base: { day: "2026-01-02" }, copy: { day: "2026-01-02", b: "1" } });
});

test("items of a List are resources of their own, at their own lines", () => {
  const item = (name: string) => `  - apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: ${name} }\n`;
  const { resources } = parseResources("x.yaml", `apiVersion: v1\nkind: List\nitems:\n${item("a")}${item("b")}`);
  assert.deepEqual(
    resources.map(({ name, line }) => [name, line]),
    [
      ["a", 4],
      ["b", 7],
    ],
  );
  assert.equal(resources[1]!.lineOf(["metadata", "name"]), 9);
  assert.equal(JSON.parse(resources[1]!.text).metadata.name, "b");
});

test("a key that is written twice is a finding at its second place", () => {
  const { findings } = parseResources("x.yaml", `${map("a")}data:\n  k: 1\n  k: 2\n`);
  assert.deepEqual(
    findings.map(({ line, is }) => [line, is]),
    [[6, "the key k is written twice in one mapping"]],
  );
});

test("a template that was not rendered is told apart from wrong YAML", () => {
  const template = parseResources("x.yaml", "kind: A\n{{ if .Values.b }}\nc: d\n{{ end }}\n").findings[0];
  assert.match(template!.is, /a Helm template that was not rendered: \{\{ if/);
  assert.equal(template!.line, 2);
  assert.match(parseResources("x.yaml", "a: [1\n").findings[0]!.is, /[Ff]low/);
});

test("a document without a kind, or that is no mapping, is a finding and not a resource", () => {
  const { resources, findings } = parseResources("x.yaml", "replicas: 1\n---\n- a\n---\n7\n");
  assert.deepEqual(resources, []);
  assert.deepEqual(
    findings.map(({ is }) => is),
    ["a document without apiVersion and kind", "a document that is a list", "a document that is a number"],
  );
});

test("a resource that stands twice is a finding, in whatever version it is written", () => {
  const scaler = (version: string) =>
    parseResources(
      `${version}.yaml`,
      `apiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: { name: a }\n`,
    );
  const all = [scaler("v1"), scaler("v2")].flatMap(({ resources }) => resources);
  assert.deepEqual(
    duplicateFindings(all).map(({ file, is }) => [file, is]),
    [["v2.yaml", "also written in v1.yaml:1"]],
  );
  const elsewhere = parseResources("y.yaml", map("a").replace("name: a", "name: a, namespace: b")).resources;
  const overlay = parseResources("staging/x.yaml", map("a")).resources;
  assert.deepEqual(duplicateFindings([...parseResources("x.yaml", map("a")).resources, ...elsewhere, ...overlay]), []);
});
