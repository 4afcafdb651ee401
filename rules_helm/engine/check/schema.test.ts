import assert from "node:assert/strict";
import { test } from "node:test";
import { strictSchema } from "./schema.ts";
import { crdSchemas, openApiSchemas, schemaText } from "./schema-files.ts";

const gvk = { group: "apps", version: "v1", kind: "Deployment" };
const META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const document = {
  paths: { "/apis/apps/v1/deployments": { post: { "x-kubernetes-group-version-kind": gvk } } },
  components: {
    schemas: {
      Deployment: {
        type: "object",
        description: "text",
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: { default: {}, allOf: [{ $ref: `#/components/schemas/${META}` }] },
          spec: {
            type: "object",
            required: ["size"],
            properties: { size: { type: "integer" }, mode: { type: "string", enum: ["a"] } },
          },
        },
        "x-kubernetes-group-version-kind": [gvk],
      },
      [META]: { type: "object", properties: { name: { type: "string" } } },
      Unreached: { type: "object" },
      DeploymentList: { type: "object", "x-kubernetes-group-version-kind": [{ ...gvk, kind: "DeploymentList" }] },
    },
  },
};

test("a kind that can be written has a schema of its own, with what it leads to and nothing else", () => {
  assert.deepEqual(Object.fromEntries(openApiSchemas(document)), {
    "apps/deployment_v1.json": {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: {
        apiVersion: { enum: ["apps/v1"] },
        kind: { enum: ["Deployment"] },
        metadata: { $ref: `#/definitions/${META}` },
        spec: {
          type: ["object", "null"],
          required: ["size"],
          properties: { size: { type: "integer" }, mode: { type: ["string", "null"], enum: ["a", null] } },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
      required: ["apiVersion", "kind", "metadata"],
      definitions: {
        [META]: {
          type: ["object", "null"],
          properties: { name: { type: ["string", "null"] } },
          additionalProperties: false,
        },
      },
    },
  });
});

test("what a schema keeps open stays open", () => {
  assert.deepEqual(strictSchema({ type: "object" }, "declared"), { type: "object" });
  assert.deepEqual(
    strictSchema({ type: "object", properties: { a: {} }, "x-kubernetes-preserve-unknown-fields": true }, "declared"),
    { type: "object", properties: { a: {} } },
  );
  assert.deepEqual(strictSchema({ type: "object", additionalProperties: { type: "string" } }, "declared"), {
    type: "object",
    additionalProperties: { type: "string" },
  });
});

test("alternatives do not close an object a second time", () => {
  const either = { properties: { a: { minimum: 1 } }, required: ["a"] };
  assert.deepEqual(
    strictSchema({ type: "object", properties: { a: { type: "integer" } }, anyOf: [either], not: either }, "declared"),
    {
      type: "object",
      properties: { a: { type: "integer" } },
      additionalProperties: false,
      anyOf: [either],
      not: either,
    },
  );
});

test("an integer or a text, null and exclusive bounds are written as JSON Schema has them", () => {
  assert.deepEqual(strictSchema({ "x-kubernetes-int-or-string": true, nullable: true }, "declared"), {
    type: ["integer", "string", "null"],
  });
  assert.deepEqual(strictSchema({ type: "number", minimum: 0, exclusiveMinimum: true }, "declared"), {
    type: "number",
    exclusiveMinimum: 0,
  });
  assert.deepEqual(strictSchema({ oneOf: [{ type: "string" }] }, "optional"), {
    oneOf: [{ type: "string" }, { type: "null" }],
  });
});

test("a resource inside another has the fields of every resource", () => {
  const schema = strictSchema({ type: "object", "x-kubernetes-embedded-resource": true }, "declared");
  assert.deepEqual(Object.keys(schema["properties"] as object), ["apiVersion", "kind", "metadata"]);
});

test("a definition gives a schema for each version that is served, with the metadata of Kubernetes", () => {
  const version = (name: string, served: boolean) => ({
    name,
    served,
    schema: {
      openAPIV3Schema: {
        type: "object",
        properties: { spec: { type: "object", properties: { a: { type: "string" } } } },
      },
    },
  });
  const crd = {
    spec: { group: "example.org", names: { kind: "Widget" }, versions: [version("v1", true), version("v0", false)] },
  };
  const files = crdSchemas(crd, { definitions: { [META]: { type: "object" } } });
  assert.deepEqual([...files.keys()], ["example.org/widget_v1.json"]);
  const schema = files.get("example.org/widget_v1.json")!;
  assert.deepEqual(schema["definitions"], { [META]: { type: "object" } });
  assert.equal(schema["additionalProperties"], false);
});

test("the same schema has the same text, whatever the order of its keys", () => {
  assert.equal(schemaText({ b: [{ d: 1, c: 2 }], a: null }), '{"a":null,"b":[{"c":2,"d":1}]}\n');
});
