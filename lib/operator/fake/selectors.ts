import type { Selection } from "../api.ts";
import type { KubeObject } from "../object.ts";

/**
 * Reads a selection into a predicate, as the API server understands it.
 * @throws Error for a selector that it would refuse
 */
export function matcherOf(selection: Selection): (object: KubeObject) => boolean {
  const { namespace, labelSelector, fieldSelector } = selection;
  const tests: ((object: KubeObject) => boolean)[] = [];
  if (namespace !== undefined) tests.push((object) => object.metadata.namespace === namespace);
  for (const text of terms(labelSelector)) {
    const accepts = labelTerm(text);
    tests.push(({ metadata: { labels = {} } }) => accepts(labels));
  }
  for (const text of terms(fieldSelector)) tests.push(fieldTerm(text));
  return (object) => tests.every((accepts) => accepts(object));
}

/** The terms of a selector: at commas outside brackets. */
const terms = (selector = ""): string[] => (selector === "" ? [] : selector.split(/,(?![^(]*\))/).map((t) => t.trim()));

function labelTerm(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text);
  if (set) {
    const [, name = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    const included = (labels: Readonly<Record<string, string>>) =>
      labels[name] !== undefined && values.includes(labels[name]);
    return operator === "in" ? included : (labels) => !included(labels);
  }
  const equal = /^([^=!\s]+)\s*(==|=|!=)\s*([^=!\s]*)$/.exec(text);
  if (equal) {
    const [, name = "", operator, value] = equal;
    return operator === "!=" ? (labels) => labels[name] !== value : (labels) => labels[name] === value;
  }
  const exists = /^(!?)([^=!\s()]+)$/.exec(text);
  if (!exists) throw new Error(`unable to parse requirement: ${JSON.stringify(text)} is no label selector`);
  const [, not, name = ""] = exists;
  return (labels) => (labels[name] !== undefined) === (not === "");
}

function fieldTerm(text: string): (object: KubeObject) => boolean {
  const [, field, operator, value] = /^metadata\.(name|namespace)\s*(==|=|!=)\s*(\S+)$/.exec(text) ?? [];
  if (field !== "name" && field !== "namespace")
    throw new Error(`${JSON.stringify(text)} is no known field; expected metadata.name or metadata.namespace`);
  return ({ metadata }) => (metadata[field] === value) === (operator !== "!=");
}
