import { type Json, listAt, recordAt, textAt, textsAt } from "../tree.ts";

/** What a label has to be. */
export interface Requirement {
  readonly key: string;
  readonly operator: string;
  /** In order. */
  readonly values: readonly string[];
}

/** A LabelSelector as requirements that all have to be met; none selects everything. */
export function selectorOf(selector: Json | undefined): readonly Requirement[] {
  const labels = Object.entries(recordAt(selector, "matchLabels")).map(([key, value]) => ({
    key,
    operator: "In",
    values: [value],
  }));
  const expressions = listAt(selector, "matchExpressions").map((one) => ({
    key: textAt(one, "key"),
    operator: textAt(one, "operator"),
    values: textsAt(one, "values").sort(),
  }));
  return [...labels, ...expressions].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Whether labels meet all requirements. */
export function selects(selector: readonly Requirement[], labels: Readonly<Record<string, string>>): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = labels[key];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    if (operator === "NotIn") return value === undefined || !values.includes(value);
    return value !== undefined && values.includes(value);
  });
}

/** Whether the first selects whatever the second selects. */
export function covers(wide: readonly Requirement[], narrow: readonly Requirement[]): boolean {
  return wide.every((needed) => narrow.some((given) => implies(given, needed)));
}

function implies(given: Requirement, needed: Requirement): boolean {
  if (given.key !== needed.key) return false;
  const subset = (a: Requirement, b: Requirement) => a.values.every((value) => b.values.includes(value));
  switch (needed.operator) {
    case "In":
      return given.operator === "In" && subset(given, needed);
    case "Exists":
      return given.operator === "In" || given.operator === "Exists";
    case "NotIn":
      if (given.operator === "In") return !given.values.some((value) => needed.values.includes(value));
      return given.operator === "DoesNotExist" || (given.operator === "NotIn" && subset(needed, given));
    default:
      return given.operator === needed.operator;
  }
}

const nameKeys = ["app.kubernetes.io/name", "app", "k8s-app"];

/** The name that labels give an application, or the labels themselves. */
export function selectorText(selector: readonly Requirement[]): string {
  const nameOf = (keys: readonly string[]) =>
    selector.find(({ key, operator, values }) => keys.includes(key) && operator === "In" && values.length === 1);
  const name = nameOf(nameKeys);
  const same = nameOf(["app.kubernetes.io/instance"]);
  const rest = selector.filter((one) => one !== name && !(one === same && same.values[0] === name?.values[0]));
  const words = rest.map(requirementText);
  if (name === undefined) return `pods with ${words.join(", ")}`;
  return `${name.values[0]}${words.length === 0 ? "" : ` with ${words.join(", ")}`}`;
}

function requirementText({ key, operator, values }: Requirement): string {
  const short = key.replace(/^app\.kubernetes\.io\//, "");
  if (operator === "Exists") return short;
  if (operator === "DoesNotExist") return `no ${short}`;
  const list = values.length === 1 ? values[0] : `(${values.join(", ")})`;
  return operator === "NotIn" ? `${short}≠${list}` : `${short}=${list}`;
}
