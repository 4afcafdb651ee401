import type { ExistingRule } from "./build-file.ts";
import type { AttrValue, KindInfo, Rule } from "./extension.ts";
import { absoluteLabel, shortLabel } from "./labels.ts";
import { keptItems } from "./rule-view.ts";

/** One buildozer command on one rule; words are not yet quoted. */
export interface Edit {
  readonly target: string;
  readonly words: readonly string[];
}

/** Commands that write a new rule. `kind` is the one after `map_kind`. */
export function createRule(rule: Rule, kind: string, labelAttrs: ReadonlySet<string>, packagePath: string): Edit[] {
  const attrs = Object.entries(rule.attrs).flatMap(([attr, value]) => {
    return setAttr(rule.name, attr, spell(value, labelAttrs.has(attr), packagePath));
  });
  return [{ target: "__pkg__", words: ["new", kind, rule.name] }, ...attrs];
}

/**
 * Commands that bring the managed attributes of an existing rule up to date. What `# keep` protects stays: the rule, an
 * attribute, an item of a list. A computed value (glob, select, sum) stays too.
 */
export function updateRule(
  rule: Rule,
  existing: ExistingRule,
  kind: string,
  info: KindInfo,
  packagePath: string,
): Edit[] {
  if (existing.keep) return [];
  const labels = new Set(info.resolveAttrs);
  const edits: Edit[] = existing.kind === kind ? [] : [{ target: existing.name, words: ["set", "kind", kind] }];
  for (const attr of new Set([...info.mergeableAttrs, ...info.resolveAttrs])) {
    const value = rule.attrs[attr];
    if (value !== undefined) edits.push(...updateAttr(existing, attr, value, labels.has(attr), packagePath));
  }
  return edits;
}

/** Commands that delete a rule whose sources are gone; none when something in it is kept. */
export function deleteRule(existing: ExistingRule, info: KindInfo): Edit[] {
  const kept = info.nonEmptyAttrs.some((attr) => {
    const attribute = existing.attrs.get(attr);
    return attribute?.keep === true || attribute?.value.type === "other" || keptItems(existing, attr).length > 0;
  });
  return existing.keep || kept ? [] : [{ target: existing.name, words: ["delete"] }];
}

function updateAttr(
  existing: ExistingRule,
  attr: string,
  value: AttrValue,
  areLabels: boolean,
  packagePath: string,
): Edit[] {
  const attribute = existing.attrs.get(attr);
  const target = existing.name;
  const wanted = spell(value, areLabels, packagePath);
  if (attribute === undefined) return setAttr(target, attr, wanted);
  if (attribute.keep || attribute.value.type === "other") return [];
  if (attribute.value.type !== "list") {
    return typeof wanted === "object" || attribute.value.value === wanted ? [] : setAttr(target, attr, wanted);
  }
  if (typeof wanted !== "object") return [];
  const canonical = (item: string): string => (areLabels ? absoluteLabel(item, packagePath) : item);
  const { items } = attribute.value;
  const present = new Set(items.map((item) => canonical(item.value)));
  const expected = new Set(wanted.map(canonical));
  const added = wanted.filter((item) => !present.has(canonical(item)));
  const removed = items.filter((item) => !item.keep && !expected.has(canonical(item.value))).map((item) => item.value);
  return [
    ...(added.length > 0 ? [{ target, words: ["add", attr, ...added] }] : []),
    ...(removed.length > 0 ? [{ target, words: ["remove", attr, ...removed] }] : []),
  ];
}

function setAttr(target: string, attr: string, value: AttrValue): Edit[] {
  if (typeof value === "boolean") return [{ target, words: ["set", attr, value ? "True" : "False"] }];
  if (typeof value === "string") return [{ target, words: ["set", attr, JSON.stringify(value)] }];
  return value.length > 0 ? [{ target, words: ["add", attr, ...value] }] : [];
}

function spell(value: AttrValue, areLabels: boolean, packagePath: string): AttrValue {
  return areLabels && typeof value === "object" ? value.map((label) => shortLabel(label, packagePath)) : value;
}
