import assert from "node:assert/strict";
import { test } from "node:test";
import { readResources } from "./documents.ts";

const map = (name: string, more = ""): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;
const printed = (source: string, text: string): string => `---\n# Source: ${source}\n${text}\n`;
const fault = (output: string): string => readResources(output).faults.join("\n");

test("a resource is known by kind, name, namespace and template, in block style and in flow style", () => {
  const flow = '{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "b", "namespace": "n"}}';
  const { resources, faults } = readResources(
    printed("c/templates/a.yaml", map("a")) + printed("c/templates/b.yaml", flow),
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(
    resources.map(({ apiVersion, kind, namespace, name, source, line }) => [
      apiVersion,
      kind,
      namespace,
      name,
      source,
      line,
    ]),
    [
      ["v1", "ConfigMap", "", "a", "c/templates/a.yaml", 2],
      ["apps/v1", "Deployment", "n", "b", "c/templates/b.yaml", 9],
    ],
  );
});

test("the text of a resource is helm's, without the separator and the empty lines at the end", () => {
  const [resource] = readResources(`${printed("a", map("a", 'data: {x: "grüße, 世界 🚀"}\n'))}\n\n`).resources;
  assert.equal(resource?.text, `# Source: a\n${map("a", 'data: {x: "grüße, 世界 🚀"}\n')}`);
});

test("empty lines at the end that a block scalar keeps stay", () => {
  const text = map("a", "data:\n  kept: |+\n    one\n\n\n");
  assert.equal(readResources(`---\n${text}---\n${map("b")}`).resources[0]?.text, text);
});

test("documents without content are left out", () => {
  const output = `---\n---\n# a comment\n\n--- # another\n${map("a")}---\n...\n---\n   \n`;
  assert.deepEqual(
    readResources(output).resources.map(({ name }) => name),
    ["a"],
  );
});

test("a second document of a file has the source of the first", () => {
  const { resources } = readResources(`${printed("crds/two.yaml", map("a"))}---\n${map("b")}`);
  assert.deepEqual(
    resources.map(({ source }) => source),
    ["crds/two.yaml", "crds/two.yaml"],
  );
});

test("CR LF is read as LF", () => {
  const [resource] = readResources(
    printed("a", map("a", "data:\n  x: |\n    one\n")).replaceAll("\n", "\r\n"),
  ).resources;
  assert.equal(resource?.text.includes("\r"), false);
  assert.equal(resource?.source, "a");
});

test("anchors stay as they are", () => {
  const text = map("a", "data: &data { x: y }\nmore: *data\n");
  assert.deepEqual(readResources(`---\n${text}`).faults, []);
});

test("a document of 900 KB is read in time that grows with its size", () => {
  const start = performance.now();
  const lines = Array.from({ length: 9_000 }, (_, index) => `    ${String(index).padEnd(95, "x")}`).join("\n");
  const text = map("huge", `data:\n  text: |\n${lines}\n`);
  assert.equal(readResources(`---\n${text}`).resources[0]?.text, text);
  assert.ok(performance.now() - start < 10_000);
});

test("a key that stands twice is a fault, with template, line and advice", () => {
  assert.match(
    fault(printed("c/templates/a.yaml", map("a", 'data:\n  x: "1"\n  x: "2"\n'))),
    /^c\/templates\/a.yaml, line 9 of the output: Map keys must be unique; keep one of the two/,
  );
});

test("what is not a resource is a fault", () => {
  assert.match(fault("---\njust text\n"), /expected a Kubernetes resource .* received the string "just text"/);
  assert.match(fault("---\n- a\n"), /received a sequence/);
  assert.match(fault("---\napiVersion: v1\nmetadata: {name: a}\n"), /no kind/);
  assert.match(fault("---\nkind: Pod\nmetadata: {name: a}\n"), /no apiVersion/);
  assert.match(fault("---\napiVersion: v1\nkind: Pod\nmetadata: {}\n"), /Pod has no metadata.name/);
  assert.match(
    fault("---\napiVersion: v1\nkind: Pod\nmetadata: {name: 7}\n"),
    /no metadata.name; .* looks like a number/,
  );
  assert.match(fault("---\napiVersion: v1\nkind: Pod\n bad: x\n"), /line 3 of the output: .*look at the indentation/);
});

test("two of the same resource are a fault that names both places", () => {
  assert.equal(
    fault(printed("a.yaml", map("x")) + printed("b.yaml", map("x"))),
    "b.yaml, line 9 of the output: there is already a ConfigMap x, a.yaml, line 2 of the output; give one of them another name, or render only one",
  );
});

test("the same name in another namespace, group or kind is another resource", () => {
  const role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: x, namespace: n }\n";
  const output = ["v1", "example.org/v1"].map((api) => `---\n${role.replace(/.*\/v1/, `apiVersion: ${api}`)}`).join("");
  assert.equal(fault(`${output}---\n${role}---\n${role.replace("namespace: n", "namespace: m")}---\n${map("x")}`), "");
});
