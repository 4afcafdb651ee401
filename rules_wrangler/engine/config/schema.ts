import { Ajv, type ErrorObject } from "ajv";
import schema from "../../node_modules/wrangler/config-schema.json" with { type: "json" };
import type { Fault } from "../rules/rule-file.ts";
import type { Configuration } from "./read.ts";

/** What wrangler's own schema, the one of the pinned release, says of a configuration: unknown keys and wrong types. */
export function schemaFaults({ value, lineOf }: Configuration): readonly Fault[] {
  const ajv = new Ajv({ allErrors: true, strict: false, logger: false, validateFormats: false });
  const validate = ajv.compile(schema);
  if (validate(value)) return [];
  return [...new Map(said(validate.errors ?? []).map((error) => [keyOf(error), error])).values()].map((error) => {
    const path = pathOf(error);
    return { line: lineOf(path), message: `${path.join(".")}: ${sentence(error)}` };
  });
}

/** Of a union, each branch complains; what its branches agree on, or the union itself, is worth saying. */
function said(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors
    .filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf")
    .map(({ schemaPath }) => schemaPath);
  return errors.filter(
    ({ schemaPath }) => !unions.some((union) => schemaPath !== union && schemaPath.startsWith(`${union}/`)),
  );
}

function pathOf({ instancePath, keyword, params }: ErrorObject): readonly string[] {
  const path = instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return keyword === "additionalProperties" ? [...path, String(params["additionalProperty"])] : path;
}

function keyOf(error: ErrorObject): string {
  return `${pathOf(error).join("/")} ${error.keyword}`;
}

function sentence({ keyword, message, params }: ErrorObject): string {
  if (keyword === "additionalProperties") return "wrangler knows no such key; correct it or delete it";
  if (keyword === "enum")
    return `expected one of ${(params["allowedValues"] as readonly unknown[]).map((one) => JSON.stringify(one)).join(", ")}`;
  if (keyword === "type") return `expected ${String(params["type"])}`;
  return `${message ?? "is not what wrangler expects"}`;
}
