import type { GazelleExtension, Problem, Repository, RuleView } from "./extension.ts";
import { type Match, matchRules } from "./match.ts";
import { createRule, deleteRule, type Edit, updateRule } from "./merge.ts";
import { collectPackages, directoryOf, originalKind, type Package } from "./packages.ts";
import { viewExisting, viewMerged } from "./rule-view.ts";
import { RuleIndex } from "./rule-index.ts";
import type { Folder } from "./walk.ts";

/** What has to be done to one BUILD file, and what a person has to mend before it can be. */
export interface PackagePlan {
  readonly package: Package;
  readonly edits: readonly Edit[];
  readonly problems: readonly Problem[];
}

interface Generation {
  readonly pkg: Package;
  readonly extension: GazelleExtension;
  readonly matches: readonly Match[];
  readonly deleted: ReadonlyMap<string, readonly Edit[]>;
  readonly problems: readonly Problem[];
}

/**
 * Decides every change: generate and match in all packages, index what can be imported, resolve, merge. Only packages
 * that `selected` accepts get a plan; the others still can be imported.
 */
export function planChanges(
  root: Folder,
  extensions: readonly GazelleExtension[],
  repository: Repository,
  selected: (path: string) => boolean,
): PackagePlan[] {
  const packages = collectPackages(root, extensions, repository);
  const generations = packages
    .filter((pkg) => !pkg.config.ignore)
    .flatMap((pkg) => extensions.map((extension) => generate(pkg, extension, repository)));
  const index = indexRules(packages, generations, extensions, repository);
  return packages
    .filter((pkg) => selected(pkg.path))
    .map((pkg): PackagePlan => {
      const own = generations.filter((generation) => generation.pkg === pkg);
      const merged = own.map((generation) => mergeAll(generation, index, repository));
      const problems = [...own, ...merged].flatMap((part) => part.problems);
      const edits = merged.flatMap((part) => part.edits);
      const all = [...loadEdits(pkg, edits, extensions), ...edits, ...unusedLoads(pkg, edits, extensions)];
      return { package: pkg, edits: pkg.config.ignore ? [] : all, problems: [...pkg.problems, ...problems] };
    });
}

function generate(pkg: Package, extension: GazelleExtension, repository: Repository): Generation {
  const generated = extension.generate(directoryOf(pkg, extension, repository));
  const { matches, problems } = matchRules(pkg, generated.rules, extension.kinds);
  const rules = pkg.folder.build?.parsed.rules ?? [];
  const deleted = generated.empty.flatMap(({ kind, name }) => {
    const existing = rules.find((rule) => rule.name === name);
    const edits = existing ? deleteRule(existing, extension.kinds[kind]!) : [];
    return edits.length > 0 ? [[name, edits] as const] : [];
  });
  return { pkg, extension, matches, deleted: new Map(deleted), problems: [...(generated.problems ?? []), ...problems] };
}

function indexRules(
  packages: readonly Package[],
  generations: readonly Generation[],
  extensions: readonly GazelleExtension[],
  repository: Repository,
): RuleIndex {
  const index = new RuleIndex();
  for (const pkg of packages) {
    const own = generations.filter((generation) => generation.pkg === pkg);
    const views = viewsAfter(pkg, own);
    for (const extension of extensions) {
      const directory = directoryOf(pkg, extension, repository);
      for (const view of views) {
        for (const { name, target = view.name } of extension.imports(view, directory)) {
          index.add(extension.name, name, { label: `//${pkg.path}:${target}`, kind: view.kind });
        }
      }
    }
  }
  return index;
}

/** The rules of a package as they stand after the run. */
function viewsAfter(pkg: Package, generations: readonly Generation[]): RuleView[] {
  const merged = generations.flatMap(({ extension, matches }) =>
    matches.map(({ rule, existing }) => {
      const info = extension.kinds[rule.kind]!;
      return viewMerged(rule, new Set([...info.mergeableAttrs, ...info.resolveAttrs]), existing, pkg.files);
    }),
  );
  const seen = new Set(merged.map(({ name }) => name));
  const others = (pkg.folder.build?.parsed.rules ?? [])
    .filter(({ name }) => !seen.has(name) && !generations.some(({ deleted }) => deleted.has(name)))
    .map((rule) => viewExisting(rule, originalKind(pkg.config, rule.kind), pkg.files));
  return [...merged, ...others];
}

function mergeAll(
  { pkg, extension, matches, deleted }: Generation,
  index: RuleIndex,
  repository: Repository,
): { edits: Edit[]; problems: Problem[] } {
  const { path, config } = pkg;
  const problems: Problem[] = [];
  const merged = matches.flatMap(({ rule, existing }) => {
    const info = extension.kinds[rule.kind]!;
    if (existing?.keep) return [];
    const resolved = extension.resolve(rule, {
      package: path,
      config: pkg.extensionConfigs.get(extension.name),
      repository,
      override: (text) => config.overrides.find((one) => one.extension === extension.name && one.matches(text))?.label,
      owners: (name) => index.owners(extension.name, name),
    });
    problems.push(...resolved.problems);
    const whole = { ...rule, attrs: { ...rule.attrs, ...resolved.attrs } };
    const kind = config.mappedKinds.get(rule.kind)?.kind ?? rule.kind;
    if (existing) return updateRule(whole, existing, kind, info, path);
    return createRule(whole, kind, new Set(info.resolveAttrs), path);
  });
  return { edits: [...merged, ...[...deleted.values()].flat()], problems };
}

/** Kinds that the file uses after these edits. */
function kindsWritten(edits: readonly Edit[]): Set<string> {
  return new Set(
    edits.flatMap(({ words: [command, second, third] }) => {
      if (command === "new") return [second!];
      return command === "set" && second === "kind" ? [third!] : [];
    }),
  );
}

/** File → kinds that are loaded from it, by the extensions and by `map_kind`. */
function knownLoads({ config }: Package, extensions: readonly GazelleExtension[]): Map<string, string[]> {
  const loads = new Map<string, string[]>();
  const add = (from: string, kinds: readonly string[]): void => {
    loads.set(from, [...(loads.get(from) ?? []), ...kinds]);
  };
  for (const { from, kinds } of extensions.flatMap((extension) => extension.loads)) {
    add(
      from,
      kinds.filter((kind) => config.mappedKinds.get(kind)?.kind !== kind),
    );
  }
  for (const { from, kind } of config.mappedKinds.values()) add(from, [kind]);
  return loads;
}

function loadEdits(pkg: Package, edits: readonly Edit[], extensions: readonly GazelleExtension[]): Edit[] {
  const written = kindsWritten(edits);
  const loaded = new Set([...(pkg.folder.build?.parsed.loads.values() ?? [])].flat());
  return [...knownLoads(pkg, extensions)].flatMap(([from, kinds]) => {
    const missing = [...new Set(kinds)].filter((kind) => written.has(kind) && !loaded.has(kind));
    return missing.length > 0 ? [{ target: "__pkg__", words: ["new_load", from, ...missing.sort()] }] : [];
  });
}

function unusedLoads(pkg: Package, edits: readonly Edit[], extensions: readonly GazelleExtension[]): Edit[] {
  const { loads, usedNames, rules } = pkg.folder.build?.parsed ?? { loads: new Map(), usedNames: new Set(), rules: [] };
  const leaving = edits.filter(({ words: [command, what] }) => command === "delete" || what === "kind");
  const changed = new Set(leaving.map(({ target }) => target));
  const kinds = rules.filter(({ name }) => !changed.has(name)).map(({ kind }) => kind);
  const used = new Set([...usedNames, ...kinds, ...kindsWritten(edits)]);
  const known = knownLoads(pkg, extensions);
  const stale = [...loads].some(([from, names]) => known.has(from) && names.some((name: string) => !used.has(name)));
  return stale ? [{ target: "__pkg__", words: ["fix", "unusedLoads"] }] : [];
}
