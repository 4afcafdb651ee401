import { type Json, isObject, type JsonObject } from "./schema.ts";
import { listAt, objectAt, stringMap } from "./workload.ts";

/**
 * Whether a LabelSelector takes an object with these labels. An empty selector takes everything; one that is absent takes nothing.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 */
export function selects(selector: Json | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (!isObject(selector)) return false;
  const equal = Object.entries(stringMap(objectAt(selector, ["matchLabels"])));
  return (
    equal.every(([key, value]) => labels[key] === value) &&
    listAt(selector, ["matchExpressions"]).every((expression) => holds(expression, labels))
  );
}

function holds(expression: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[String(expression["key"])];
  const values = Array.isArray(expression["values"]) ? expression["values"] : [];
  switch (expression["operator"]) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

/** Whether two resources meet in one namespace. One that names none goes where the others of its application go. */
export function sameNamespace(a: { readonly namespace: string }, b: { readonly namespace: string }): boolean {
  return a.namespace === b.namespace || a.namespace === "" || b.namespace === "";
}
