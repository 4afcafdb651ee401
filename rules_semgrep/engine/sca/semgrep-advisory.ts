import { rankOf, type Severity } from "../finding.ts";
import { analyzerOf, languageNames } from "../languages.ts";
import type { Advisory, Affected, ReachRule } from "./advisory.ts";
import { broken, entries, list, record, text } from "./document.ts";
import type { Ecosystem } from "./lock.ts";
import { canonical } from "./names.ts";
import { parseRange } from "./version.ts";

const KEY = "r2c-internal-project-depends-on";
const NAMESPACES: Readonly<Record<string, Ecosystem>> = { npm: "npm", pypi: "PyPI", gomod: "Go", maven: "Maven" };
// Of ecosystems without a lockfile reader: no lockfile can hold their packages.
const OTHERS = ["cargo", "composer", "gem", "hex", "mix", "nuget", "opam", "pub", "swiftpm"];
const PATTERNS = ["match", "pattern", "patterns", "pattern-either", "pattern-regex", "pattern-sources", "taint"];

/**
 * Reads a rule of semgrep that speaks of dependencies (`r2c-internal-project-depends-on`).
 *
 * @param where file and line, for messages
 * @throws Refusal that names them
 */
export function readSemgrepAdvisory(value: unknown, file: string, where: string): Advisory {
  const rule = record(value);
  const id = text(rule["id"]);
  const refuse = (what: string, advice: string): Error =>
    broken(where, undefined, `${id || "a rule"}: ${what}`, advice);
  if (id === "") throw refuse("it has no id", "Add `id: <name>`.");
  if (rule[KEY] === undefined) throw refuse(`it has no ${KEY}`, "A rule about sources belongs into `rules`.");
  const wanted = record(rule[KEY]);
  const either = wanted["depends-on-either"];
  const dependencies = either === undefined ? [wanted] : list(either);
  if (dependencies.length === 0) throw refuse("depends-on-either is empty", "Name a package, or delete the rule.");
  const metadata = record(rule["metadata"]);
  const fixes = new Map(list(metadata["sca-fix-versions"]).flatMap((fix) => entries(fix)));
  const severity = text(metadata["sca-severity"]).toUpperCase() || text(rule["severity"]).toUpperCase();
  if (rankOf(severity) === undefined) {
    throw refuse(`expected a severity such as ERROR, WARNING or HIGH, found "${severity}"`, "Set `severity`.");
  }
  return {
    id,
    aliases: [metadata["cve"], metadata["ghsa"]]
      .flat()
      .map(text)
      .filter((alias) => alias !== ""),
    file,
    severity: severity as Severity,
    message: text(rule["message"]).trim() || id,
    references: [metadata["references"], metadata["cwe"]]
      .flat()
      .map(text)
      .filter((reference) => reference !== ""),
    affected: dependencies.flatMap((each) => affectedOf(record(each), fixes, refuse)),
    rule: ruleOf(rule, text(metadata["sca-kind"]), refuse),
  };
}

function affectedOf(
  { namespace, package: name, version }: Readonly<Record<string, unknown>>,
  fixes: ReadonlyMap<string, unknown>,
  refuse: (what: string, advice: string) => Error,
): Affected[] {
  const home = text(namespace).toLowerCase();
  const ecosystem = NAMESPACES[home];
  if (ecosystem === undefined) {
    if (OTHERS.includes(home)) return [];
    const known = [...Object.keys(NAMESPACES), ...OTHERS].sort().join(", ");
    throw refuse(`namespace "${text(namespace)}" is not known`, `Namespaces are ${known}.`);
  }
  if (text(name) === "") throw refuse("a dependency has no package", "Add `package: <name>`.");
  const range = parseRange(ecosystem, text(version));
  if (range === null) {
    const what = `"${text(version)}" is no range of ${ecosystem} versions`;
    throw refuse(what, 'Write comparisons with commas between them, such as ">= 1.0.0, < 1.2.3".');
  }
  const fixed = text(fixes.get(text(name)));
  return [
    {
      ecosystem,
      name: canonical(ecosystem, text(name)),
      judge: (given) => (range(given) ? { is: "affected", ...(fixed === "" ? {} : { fixed }) } : { is: "unaffected" }),
    },
  ];
}

function ruleOf(
  rule: Readonly<Record<string, unknown>>,
  kind: string,
  refuse: (what: string, advice: string) => Error,
): ReachRule | null {
  const hasPattern = Object.keys(rule).some((key) => PATTERNS.includes(key));
  if (!hasPattern || kind === "upgrade-only" || kind === "legacy") return null;
  const languages = list(rule["languages"]).map(text);
  const unknown = languages.find((language) => analyzerOf(language) === undefined);
  if (languages.length === 0 || unknown !== undefined) {
    const what = languages.length === 0 ? "it has a pattern but no language" : `language ${unknown} is not scanned`;
    throw refuse(what, `Languages are ${languageNames().join(", ")}.`);
  }
  const { [KEY]: _, ...rest } = rule;
  return { ...rest, languages };
}
