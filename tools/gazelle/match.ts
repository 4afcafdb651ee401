import type { ExistingRule } from "./build-file.ts";
import type { KindInfo, Problem, Rule } from "./extension.ts";
import { originalKind, type Package } from "./packages.ts";

/** A generated rule beside the rule in the file that it updates; none when it is new. */
export interface Match {
  readonly rule: Rule;
  readonly existing: ExistingRule | undefined;
}

/** Finds for each generated rule the one to update: by name, as the only one of its kind, or by equal attributes. */
export function matchRules(
  pkg: Package,
  rules: readonly Rule[],
  kinds: Readonly<Record<string, KindInfo>>,
): { matches: Match[]; problems: Problem[] } {
  const existing = pkg.folder.build?.parsed.rules ?? [];
  const problems: Problem[] = [];
  const named = new Map(existing.map((rule) => [rule.name, rule]));
  const sameKind = (known: ExistingRule, rule: Rule): boolean => originalKind(pkg.config, known.kind) === rule.kind;
  const taken = new Set(rules.map(({ name }) => named.get(name)).filter((rule) => rule !== undefined));
  const matches = rules.flatMap((rule): Match[] => {
    const byName = named.get(rule.name);
    if (byName && sameKind(byName, rule)) return [{ rule, existing: byName }];
    const info = kinds[rule.kind];
    const others = existing.filter((known) => sameKind(known, rule) && !taken.has(known));
    const other =
      info?.matchAny === true && others.length === 1
        ? others[0]
        : others.find((known) => equalAttrs(known, rule, info?.matchAttrs ?? []));
    if (other) {
      taken.add(other);
      return [{ rule: { ...rule, name: other.name }, existing: other }];
    }
    if (!byName) return [{ rule, existing: undefined }];
    const message = `a ${byName.kind} is named "${rule.name}", which a ${rule.kind} should have; rename it, or set "# gazelle:map_kind ${rule.kind} ${byName.kind} <file>"`;
    problems.push({ file: pkg.buildFile, line: byName.line, message });
    return [];
  });
  return { matches, problems };
}

function equalAttrs(existing: ExistingRule, rule: Rule, attrs: readonly string[]): boolean {
  if (attrs.length === 0) return false;
  return attrs.every((attr) => {
    const value = existing.attrs.get(attr)?.value;
    const wanted = rule.attrs[attr];
    if (value === undefined || wanted === undefined) return false;
    if (value.type === "list") return JSON.stringify(value.items.map((item) => item.value)) === JSON.stringify(wanted);
    return value.type !== "other" && value.value === wanted;
  });
}
