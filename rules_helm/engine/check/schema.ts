/** A JSON value as it is parsed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object as it is parsed. */
export type JsonObject = { readonly [key: string]: Json };

/** How a schema says that a field may be null. */
export type Nulls =
  /** Built-in types: null is the same as an absent field, wherever the field is optional. */
  | "optional"
  /** Custom resources: only where the schema says `nullable`. */
  | "declared";

const KEPT = new Set(
  (
    "type format pattern minLength maxLength minimum maximum multipleOf minItems maxItems uniqueItems " +
    "minProperties maxProperties required enum"
  ).split(" "),
);

/** Whether a value is an object, not a list and not null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Turns a schema of OpenAPI 3.0, as Kubernetes and CustomResourceDefinitions write them, into JSON Schema (draft 7) in its strict form: a field that an
 * object does not declare is an error, unless the schema preserves unknown fields. References lead to `#/definitions/…`. With "optional" the schema
 * itself takes null too, so that a field that refers to it does.
 */
export function strictSchema(schema: JsonObject, nulls: Nulls): JsonObject {
  const out = converted(schema, nulls, true);
  return nulls === "optional" ? orNull(out) : out;
}

function converted(schema: JsonObject, nulls: Nulls, closes: boolean): JsonObject {
  const out: Record<string, Json> = {};
  const reference = onlyReference(schema);
  if (reference !== undefined) return { $ref: definitionReference(reference) };
  for (const [key, value] of Object.entries(schema)) if (KEPT.has(key)) out[key] = value;
  for (const bound of ["minimum", "maximum"] as const) {
    if (schema[exclusive(bound)] !== true || out[bound] === undefined) continue;
    out[exclusive(bound)] = out[bound];
    delete out[bound];
  }
  for (const key of ["allOf", "anyOf", "oneOf"]) {
    const parts = schema[key];
    if (Array.isArray(parts)) out[key] = parts.filter(isObject).map((part) => converted(part, nulls, false));
  }
  if (isObject(schema["not"])) out["not"] = converted(schema["not"], nulls, false);
  if (isObject(schema["items"])) out["items"] = converted(schema["items"], nulls, closes);
  if (isObject(schema["additionalProperties"]))
    out["additionalProperties"] = converted(schema["additionalProperties"], nulls, closes);
  else if (schema["additionalProperties"] !== undefined) out["additionalProperties"] = schema["additionalProperties"];
  const properties = declaredProperties(schema);
  if (properties) {
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    out["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => {
        const field = converted(property, nulls, closes);
        return [name, nulls === "optional" && !required.includes(name) ? orNull(field) : field];
      }),
    );
    if (closes && out["additionalProperties"] === undefined && !preservesUnknown(schema))
      out["additionalProperties"] = false;
  }
  if (schema["x-kubernetes-int-or-string"] === true) {
    out["type"] = ["integer", "string"];
  }
  return schema["nullable"] === true ? orNull(out) : out;
}

function declaredProperties(schema: JsonObject): Record<string, JsonObject> | undefined {
  const properties = isObject(schema["properties"]) ? schema["properties"] : undefined;
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  if (!properties && !embedded) return undefined;
  const all: JsonObject = {
    ...(embedded ? { apiVersion: { type: "string" }, kind: { type: "string" }, metadata: { type: "object" } } : {}),
    ...properties,
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, isObject(value) ? value : {}]));
}

function preservesUnknown(schema: JsonObject): boolean {
  return schema["x-kubernetes-preserve-unknown-fields"] === true;
}

function exclusive(bound: "minimum" | "maximum"): "exclusiveMinimum" | "exclusiveMaximum" {
  return bound === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum";
}

/** The target of a schema that says nothing else, written plainly or, beside a default, as `allOf` of one. */
function onlyReference(schema: JsonObject): string | undefined {
  const parts = schema["allOf"];
  const holder = Array.isArray(parts) && parts.length === 1 && isObject(parts[0]) ? parts[0] : schema;
  return typeof holder["$ref"] === "string" ? holder["$ref"] : undefined;
}

/** Kept flat where it can be: a validator then names the field that is wrong, and not an alternative that failed. */
function orNull(schema: JsonObject): JsonObject {
  if (typeof schema["$ref"] === "string" || Object.keys(schema).length === 0) return schema;
  const out: Record<string, Json> = { ...schema };
  const types = schema["type"];
  if (types !== undefined) out["type"] = [...(Array.isArray(types) ? types : [types]), "null"];
  if (Array.isArray(schema["enum"])) out["enum"] = [...schema["enum"], null];
  for (const key of ["oneOf", "anyOf"]) if (Array.isArray(schema[key])) out[key] = [...schema[key], { type: "null" }];
  return out;
}

function definitionReference(reference: string): string {
  return reference.replace(/^#\/components\/schemas\//, "#/definitions/");
}
