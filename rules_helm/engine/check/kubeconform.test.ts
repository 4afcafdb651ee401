import assert from "node:assert/strict";
import { test } from "node:test";
import { kubeconformFindings, violations } from "./kubeconform.ts";
import { parseResources } from "./resources.ts";

const { resources } = parseResources("x.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n");
const entry = { filename: "x.yaml", kind: "ConfigMap", name: "a", version: "v1", status: "statusValid", msg: "" };
const output = (...entries: object[]) => JSON.stringify({ resources: entries });
const known = { paths: [], origin: "//x" };

test("each field that is wrong is taken out of the message, groups of them are not", () => {
  const message =
    "problem validating schema. Check JSON formatting: jsonschema validation failed with 'file:///x#' - at '/metadata': additional " +
    "properties 'lables' not allowed - at '/spec': validation failed   - at '/spec/a~1b': got string, want integer";
  assert.deepEqual(violations(message), [
    { path: ["metadata"], what: "additional properties 'lables' not allowed" },
    { path: ["spec", "a/b"], what: "got string, want integer" },
  ]);
  assert.deepEqual(violations("something else"), [{ path: [], what: "something else" }]);
});

test("a resource that kubeconform does not speak of was not checked, and fails", () => {
  assert.deepEqual(kubeconformFindings(output(entry), resources, known), []);
  assert.deepEqual(
    kubeconformFindings(output(), resources, known).map(({ is }) => is),
    ["kubeconform says nothing of it"],
  );
});

test("output that is not JSON is an error and not a pass", () => {
  assert.throws(() => kubeconformFindings("", resources, known), /expected to print JSON, received: nothing/);
});
