import { posix } from "node:path";
import { type Config, configure, isExcluded, USAGE, valuesFor } from "./config.ts";
import { LANGUAGES, languageOf } from "./languages.ts";
import type { Directory, Generated, Resolved, Resolver, Rule, RuleView } from "./shape.ts";

const SOURCES = "semgrep_test";
const TARGET = "semgrep_target_test";

/** What `resolve` needs: for which languages rules are wanted, and whether dependencies are checked. */
interface Wanted {
  readonly languages: ReadonlySet<string>;
  readonly sca: boolean;
}

/**
 * Writes scans: a `semgrep_test` with the sources of each package, those in folders without a BUILD file too, and a
 * `semgrep_target_test` for each target of the chosen kinds. The shape is the one of the Gazelle that loads it.
 */
export const extension = {
  name: "semgrep",
  kinds: {
    [SOURCES]: { nonEmptyAttrs: ["srcs"], mergeableAttrs: ["srcs", "exclude_rules"], resolveAttrs: ["rules"] },
    [TARGET]: {
      nonEmptyAttrs: [],
      mergeableAttrs: ["exclude_rules", "target"],
      resolveAttrs: ["advisories", "lockfiles", "rules"],
    },
  },
  loads: [{ from: "@rules_semgrep//:defs.bzl", kinds: [TARGET, SOURCES] }],
  directives: Object.keys(USAGE),
  configure,
  generate,
  imports: () => [],
  resolve,
};

function generate(directory: Directory<Config>): Generated {
  const { config, path, rules } = directory;
  if (config.package !== path) return { rules: [], empty: [] };
  const wanted = config.on ? [...sourcesTest(directory), ...targetTests(directory)] : [];
  const names = new Set(wanted.map(({ name }) => name));
  return { rules: wanted, empty: rules.filter((rule) => isStale(rule, directory) && !names.has(rule.name)) };
}

function sourcesTest({ config, files, path, repository }: Directory<Config>): Rule[] {
  const build = repository.exists(posix.join(path, "BUILD")) && !repository.exists(posix.join(path, "BUILD.bazel"));
  const all = new Set([build ? "BUILD" : "BUILD.bazel", ...files, ...config.orphans]);
  const languages = new Set<string>();
  const srcs = [...all].filter((file) => {
    const whole = posix.join(path, file);
    if (isExcluded(config, whole) || isTemplate(file, all)) return false;
    const language = languageOf(file, () => repository.read(whole));
    if (language === undefined || !config.languages.has(language)) return false;
    if (valuesFor(config.rules, new Set([language])).length === 0) return false;
    languages.add(language);
    return true;
  });
  return srcs.length === 0 ? [] : [rule(config, SOURCES, SOURCES, languages, { srcs: srcs.sort() }, false)];
}

/** Templates of Helm are no YAML before they are rendered; semgrep_manifest_test scans what comes of them. */
function isTemplate(file: string, all: ReadonlySet<string>): boolean {
  const [before, ...after] = file.split(/(?:^|\/)templates\//);
  return after.length > 0 && all.has(posix.join(before ?? "", "Chart.yaml"));
}

function targetTests({ config, rules }: Directory<Config>): Rule[] {
  if (config.rules.length === 0) return [];
  return rules.flatMap((target) => {
    const attribute = config.targetKinds.get(target.kind);
    if (attribute === undefined) return [];
    const label = attribute === "" ? `:${target.name}` : target.text(attribute);
    const name = `${target.name}_${SOURCES}`;
    return label === undefined ? [] : [rule(config, TARGET, name, new Set(LANGUAGES), { target: label }, config.sca)];
  });
}

function rule(
  config: Config,
  kind: string,
  name: string,
  languages: ReadonlySet<string>,
  attrs: Rule["attrs"],
  sca: boolean,
): Rule {
  // Without the directive the attribute is the reader's own.
  const excluded = config.excludeRules.length === 0 ? {} : { exclude_rules: valuesFor(config.excludeRules, languages) };
  return { kind, name, attrs: { ...attrs, ...excluded }, imports: { languages, sca } satisfies Wanted };
}

/** Rules under the names that we give whose sources or target are gone; others were written by a person. */
function isStale(view: RuleView, { config, rules }: Directory<Config>): boolean {
  const { kind, name } = view;
  if (kind === SOURCES) return name === SOURCES;
  const target = view.text("target");
  if (kind !== TARGET || !name.endsWith(`_${SOURCES}`)) return false;
  return !config.on || (target?.startsWith(":") === true && rules.every((rule) => `:${rule.name}` !== target));
}

function resolve({ imports, kind }: Rule, { config }: Resolver<Config>): Resolved {
  const { languages, sca } = imports as Wanted;
  const attrs: Record<string, readonly string[]> = { rules: valuesFor(config.rules, languages) };
  if (kind === TARGET && sca) {
    attrs["advisories"] = config.advisories;
    attrs["lockfiles"] = config.lockfiles;
  }
  return { attrs, problems: [] };
}
