import picomatch from "picomatch";
import type { ExistingRule, ExistingValue } from "./build-file.ts";
import type { AttrValue, Rule, RuleView } from "./extension.ts";

/** An existing rule under the kind that extensions know; globs are answered from the package's files. */
export function viewExisting(rule: ExistingRule, kind: string, files: readonly string[]): RuleView {
  const value = (attr: string): ExistingValue | undefined => rule.attrs.get(attr)?.value;
  return {
    kind,
    name: rule.name,
    text: (attr) => textOf(value(attr)),
    flag: (attr) => flagOf(value(attr)),
    list: (attr) => stringsOf(value(attr), files),
    isPlain: (attr) => value(attr)?.type !== "other",
  };
}

/** A rule as it stands after the run: generated attributes over the existing ones, kept items included. */
export function viewMerged(
  rule: Rule,
  managed: ReadonlySet<string>,
  existing: ExistingRule | undefined,
  files: readonly string[],
): RuleView {
  const current = existing && viewExisting(existing, rule.kind, files);
  const generated = (attr: string): AttrValue | undefined => {
    const attribute = existing?.attrs.get(attr);
    if (!existing) return rule.attrs[attr];
    if (existing.keep || !managed.has(attr) || attribute?.keep || attribute?.value.type === "other") return undefined;
    return rule.attrs[attr];
  };
  return {
    kind: rule.kind,
    name: existing?.name ?? rule.name,
    text: (attr) => {
      const value = generated(attr);
      return typeof value === "string" ? value : current?.text(attr);
    },
    flag: (attr) => {
      const value = generated(attr);
      return typeof value === "boolean" ? value : current?.flag(attr);
    },
    list: (attr) => {
      const value = generated(attr);
      if (typeof value !== "object") return typeof value === "string" ? [value] : (current?.list(attr) ?? []);
      return [...new Set([...value, ...keptItems(existing, attr)])];
    },
    isPlain: (attr) => current?.isPlain(attr) ?? true,
  };
}

/** Items of a list that a `# keep` comment protects. */
export function keptItems(rule: ExistingRule | undefined, attr: string): string[] {
  const value = rule?.attrs.get(attr)?.value;
  return value?.type === "list" ? value.items.filter(({ keep }) => keep).map((item) => item.value) : [];
}

function textOf(value: ExistingValue | undefined): string | undefined {
  return value?.type === "string" ? value.value : undefined;
}

function flagOf(value: ExistingValue | undefined): boolean | undefined {
  return value?.type === "flag" ? value.value : undefined;
}

function stringsOf(value: ExistingValue | undefined, files: readonly string[]): readonly string[] {
  if (value === undefined) return [];
  if (value.type === "flag") return [];
  if (value.type === "string") return [value.value];
  if (value.type === "list") return value.items.map((item) => item.value);
  const matched = value.globs.flatMap(({ include, exclude }) => {
    const matches = picomatch([...include], { dot: true, ignore: [...exclude] });
    return files.filter((file) => matches(file));
  });
  return [...new Set([...value.strings, ...matched])];
}
