import { posix } from "node:path";
import { type Config, configure, isExcluded, USAGE, valuesFor } from "./config.ts";
import { LANGUAGES, languageOf } from "./languages.ts";
import type { Directory, Generated, Resolved, Resolver, Rule, RuleView } from "./shape.ts";

const SOURCES = "semgrep_test";
const TARGET = "semgrep_target_test";
const SARIF = "semgrep_sarif";
const SCANS = [SOURCES, TARGET, "semgrep_manifest_test", "semgrep_sca_test"];

/** The name under which every scan of the repository can be found. */
const everyScan = "every scan of semgrep";

/** What `resolve` needs: for which languages rules are wanted and whether dependencies are checked, or that all scans are. */
type Wanted = { readonly languages: ReadonlySet<string>; readonly sca: boolean } | { readonly scans: true };

/**
 * Writes scans: a `semgrep_test` with the sources of each package, those in folders without a BUILD file too, and a
 * `semgrep_target_test` for each target of the chosen kinds; a `semgrep_sarif` in the root gets all of them. The shape is the one of the Gazelle that loads it.
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
    [SARIF]: { nonEmptyAttrs: [], mergeableAttrs: [], resolveAttrs: ["tests"] },
  },
  loads: [{ from: "@rules_semgrep//:defs.bzl", kinds: [SARIF, TARGET, SOURCES] }],
  directives: Object.keys(USAGE),
  configure,
  generate,
  imports: ({ kind }: RuleView) => (SCANS.includes(kind) ? [{ name: everyScan }] : []),
  resolve,
};

function generate(directory: Directory<Config>): Generated {
  const { config, path, rules } = directory;
  if (config.package !== path) return { rules: [], empty: [] };
  const merged = path === "" ? rules.filter(({ kind }) => kind === SARIF) : [];
  const wanted = [
    ...(config.on ? [...sourcesTest(directory), ...targetTests(directory)] : []),
    ...merged.map(({ name }): Rule => ({ kind: SARIF, name, attrs: {}, imports: { scans: true } satisfies Wanted })),
  ];
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

function resolve({ imports, kind }: Rule, { config, owners }: Resolver<Config>): Resolved {
  const wanted = imports as Wanted;
  if ("scans" in wanted) {
    const tests = owners(everyScan).map(({ label }) => label);
    return { attrs: { tests: [...new Set(tests)].sort() }, problems: [] };
  }
  const { languages, sca } = wanted;
  const attrs: Record<string, readonly string[]> = { rules: valuesFor(config.rules, languages) };
  if (kind === TARGET && sca) {
    attrs["advisories"] = config.advisories;
    attrs["lockfiles"] = config.lockfiles;
  }
  return { attrs, problems: [] };
}
