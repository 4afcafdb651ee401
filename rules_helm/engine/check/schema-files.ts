import { type Json, isObject, type JsonObject, strictSchema } from "./schema.ts";

/** Group, version and kind of a resource; the group of core resources is empty. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The `apiVersion` that a manifest writes. */
export function apiVersion(gvk: Gvk): string {
  return gvk.group ? `${gvk.group}/${gvk.version}` : gvk.version;
}

/**
 * Where the schema of a kind stands below a schemas folder: `apps/deployment_v1.json`, and `v1/pod_v1.json` for core resources.
 * For kubeconform this is `{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`.
 */
export function schemaPath(gvk: Gvk): string {
  return `${gvk.group || gvk.version}/${gvk.kind.toLowerCase()}_${gvk.version}.json`;
}

const OPEN: JsonObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const REFERENCE = "#/definitions/";
const META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/**
 * The schemas of every kind that one OpenAPI v3 document of a kube-apiserver has a create or replace operation for.
 * Keys are paths of {@link schemaPath}; each value stands alone, with the definitions that it leads to.
 */
export function openApiSchemas(document: JsonObject): Map<string, JsonObject> {
  const components = isObject(document["components"]) ? document["components"] : {};
  const schemas = isObject(components["schemas"]) ? components["schemas"] : {};
  const definitions = new Map<string, JsonObject>();
  for (const [name, schema] of Object.entries(schemas))
    if (isObject(schema)) definitions.set(name, strictSchema(schema, "optional"));
  const written = writtenKinds(document);
  const files = new Map<string, JsonObject>();
  for (const [name, schema] of Object.entries(schemas)) {
    if (!isObject(schema) || !Array.isArray(schema["x-kubernetes-group-version-kind"])) continue;
    for (const entry of schema["x-kubernetes-group-version-kind"]) {
      const gvk = gvkOf(entry);
      if (gvk && written.has(schemaPath(gvk)))
        files.set(schemaPath(gvk), standalone(gvk, definitions.get(name)!, definitions));
    }
  }
  return files;
}

/**
 * The schemas of the served versions of a CustomResourceDefinition. `metadata` is any schema file of {@link openApiSchemas}: the
 * definition of a resource's metadata is taken from it; without one, metadata is any object.
 */
export function crdSchemas(crd: JsonObject, metadata?: JsonObject): Map<string, JsonObject> {
  const spec = isObject(crd["spec"]) ? crd["spec"] : {};
  const names = isObject(spec["names"]) ? spec["names"] : {};
  const versions = Array.isArray(spec["versions"]) ? spec["versions"].filter(isObject) : [];
  const known = metadata && isObject(metadata["definitions"]) ? metadata["definitions"] : {};
  const definitions = new Map(
    Object.entries(known).filter((entry): entry is [string, JsonObject] => isObject(entry[1])),
  );
  const files = new Map<string, JsonObject>();
  for (const version of versions) {
    if (version["served"] === false || typeof version["name"] !== "string") continue;
    const gvk = { group: String(spec["group"]), version: version["name"], kind: String(names["kind"]) };
    const schema = isObject(version["schema"]) ? version["schema"]["openAPIV3Schema"] : undefined;
    const strict = strictSchema(isObject(schema) ? schema : OPEN, "declared");
    const properties = isObject(strict["properties"]) ? strict["properties"] : {};
    const meta: JsonObject = definitions.has(META) ? { $ref: REFERENCE + META } : { type: "object" };
    const root = {
      ...strict,
      properties: { apiVersion: {}, kind: {}, ...properties, metadata: meta },
    };
    files.set(schemaPath(gvk), standalone(gvk, root, definitions));
  }
  return files;
}

/** One text for one value: keys sorted, no spaces, a newline at the end. */
export function schemaText(schema: JsonObject): string {
  return `${JSON.stringify(sorted(schema))}\n`;
}

function standalone(gvk: Gvk, root: JsonObject, definitions: ReadonlyMap<string, JsonObject>): JsonObject {
  const reached = new Map<string, JsonObject>();
  const queue: Json[] = [root];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    if (Array.isArray(value)) queue.push(...value);
    if (!isObject(value)) continue;
    const reference = value["$ref"];
    const name = typeof reference === "string" ? reference.slice(REFERENCE.length) : undefined;
    const target = name === undefined ? undefined : definitions.get(name);
    if (name !== undefined && target && !reached.has(name)) {
      reached.set(name, target);
      queue.push(target);
    }
    queue.push(...Object.values(value));
  }
  const properties = isObject(root["properties"]) ? root["properties"] : {};
  const required = Array.isArray(root["required"]) ? root["required"] : [];
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...root,
    type: "object",
    properties: { ...properties, apiVersion: { enum: [apiVersion(gvk)] }, kind: { enum: [gvk.kind] } },
    required: [...new Set([...required, "apiVersion", "kind", "metadata"])].filter(
      (name) => String(name) in properties,
    ),
    definitions: Object.fromEntries(reached),
  };
}

function writtenKinds(document: JsonObject): Set<string> {
  const kinds = new Set<string>();
  const paths = isObject(document["paths"]) ? document["paths"] : {};
  for (const operations of Object.values(paths)) {
    if (!isObject(operations)) continue;
    for (const method of ["post", "put"]) {
      const operation = operations[method];
      const gvk = isObject(operation) ? gvkOf(operation["x-kubernetes-group-version-kind"]) : undefined;
      if (gvk) kinds.add(schemaPath(gvk));
    }
  }
  return kinds;
}

function gvkOf(value: Json | undefined): Gvk | undefined {
  if (!isObject(value)) return undefined;
  return { group: String(value["group"] ?? ""), version: String(value["version"]), kind: String(value["kind"]) };
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key]!)]),
  );
}
