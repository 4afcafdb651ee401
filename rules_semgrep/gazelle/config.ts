import { matchesGlob, posix } from "node:path";
import { LANGUAGES } from "./languages.ts";
import type { Directive, Folder } from "./shape.ts";

/** Something that is said for one language, or for all. */
interface Scoped {
  readonly language: string | undefined;
  readonly value: string;
}

/** What holds in a folder. */
export interface Config {
  readonly on: boolean;
  readonly rules: readonly Scoped[];
  readonly excludeRules: readonly Scoped[];
  /** Kind to the attribute that names the target; "" for the rule itself. */
  readonly targetKinds: ReadonlyMap<string, string>;
  readonly languages: ReadonlySet<string>;
  /** Whether dependencies are checked too, with these. */
  readonly sca: boolean;
  readonly lockfiles: readonly string[];
  readonly advisories: readonly string[];
  /** Globs from the root of the repository. */
  readonly exclude: readonly string[];
  /** The package that the folder is part of. */
  readonly package: string;
  /** Files of this package in folders that are none of their own, as `folder/file`; grows while folders are configured. */
  readonly orphans: string[];
}

/** Directives, each with how it is written. */
export const USAGE: Readonly<Record<string, string>> = {
  semgrep: "# gazelle:semgrep on|off",
  semgrep_advisories: "# gazelle:semgrep_advisories <label>[,<label>...]",
  semgrep_exclude: "# gazelle:semgrep_exclude <glob>",
  semgrep_exclude_rules: "# gazelle:semgrep_exclude_rules [<language>=]<id>[,<id>...]",
  semgrep_languages: `# gazelle:semgrep_languages <language>[,<language>...], of ${LANGUAGES.join(", ")}`,
  semgrep_lockfile: "# gazelle:semgrep_lockfile <label>[,<label>...]",
  semgrep_rules: `# gazelle:semgrep_rules [<language>=]<label>[,<label>...], languages are ${LANGUAGES.join(", ")}`,
  semgrep_sca: "# gazelle:semgrep_sca on|off",
  semgrep_target_kinds: "# gazelle:semgrep_target_kinds <kind>[=<attribute>][,...], or none",
};

const ROOT: Config = {
  on: true,
  rules: [],
  excludeRules: [],
  targetKinds: new Map(),
  languages: new Set(LANGUAGES),
  sca: false,
  lockfiles: [],
  advisories: [],
  exclude: [],
  package: "",
  orphans: [],
};

/** What holds in a folder, from what holds above it. Files of a folder that is no package go to the package above. */
export function configure(parent: Config | undefined, folder: Folder): Config {
  const { path, files } = folder;
  const inherited = parent ?? ROOT;
  const own = parent === undefined || isPackage(folder);
  const config = folder.directives.reduce(
    (before, directive) => apply(before, directive, folder),
    own ? { ...inherited, orphans: [], package: path } : inherited,
  );
  if (config.sca && (config.lockfiles.length === 0 || config.advisories.length === 0)) {
    const directive = folder.directives.find(({ key }) => key === "semgrep_sca");
    if (directive !== undefined) {
      folder.report(directive, "needs # gazelle:semgrep_lockfile and # gazelle:semgrep_advisories, here or above");
    }
  }
  if (!own) config.orphans.push(...files.map((file) => posix.relative(config.package, posix.join(path, file))));
  return config;
}

/** True for a file that a directive leaves out. */
export function isExcluded({ exclude }: Config, path: string): boolean {
  return exclude.some((glob) => matchesGlob(path, glob));
}

/** Values for any of some languages, and those for all languages. */
export function valuesFor(scoped: readonly Scoped[], languages: ReadonlySet<string>): string[] {
  const wanted = scoped.filter(({ language }) => language === undefined || languages.has(language));
  return [...new Set(wanted.map(({ value }) => value))].sort();
}

// Folders with these get a BUILD file from others if they have none.
function isPackage({ path, files, repository }: Folder): boolean {
  const has = (name: string): boolean => repository.exists(posix.join(path, name));
  return has("BUILD.bazel") || has("BUILD") || files.some((file) => /^Chart\.yaml$|\.(ts|tsx|mts)$/.test(file));
}

function apply(config: Config, directive: Directive, { path, directives, report }: Folder): Config {
  const { key, value } = directive;
  const wrong = (): Config => {
    report(directive, `"${value}" is not understood; write "${USAGE[key]}"`);
    return config;
  };
  const words = value
    .split(/[\s,]+/)
    .map((word) => word.trim())
    .filter((word) => word !== "");
  // The first line of a key in a BUILD file puts aside what was said above, the others add to it.
  const first = directives.find((other) => other.key === key) === directive;
  const listed = <T>(before: readonly T[], values: readonly T[]): T[] => [...(first ? [] : before), ...values];
  const scoped = words.map(scopedOf);
  const isKnown = ({ language }: Scoped): boolean => language === undefined || LANGUAGES.includes(language);
  switch (key) {
    case "semgrep":
      return value === "on" || value === "off" ? { ...config, on: value === "on" } : wrong();
    case "semgrep_sca":
      return value === "on" || value === "off" ? { ...config, sca: value === "on" } : wrong();
    case "semgrep_rules":
      return scoped.length > 0 && scoped.every((each) => isKnown(each) && isLabel(each.value))
        ? { ...config, rules: listed(config.rules, absolute(scoped, path)) }
        : wrong();
    case "semgrep_exclude_rules":
      return scoped.every(isKnown) ? { ...config, excludeRules: listed(config.excludeRules, scoped) } : wrong();
    case "semgrep_languages":
      return words.length > 0 && words.every((word) => LANGUAGES.includes(word))
        ? { ...config, languages: new Set(words) }
        : wrong();
    case "semgrep_target_kinds": {
      const kinds =
        value === "none" ? [] : words.map((word): [string, string] => [word.split("=")[0]!, word.split("=")[1] ?? ""]);
      return words.length > 0 ? { ...config, targetKinds: new Map(kinds) } : wrong();
    }
    case "semgrep_lockfile":
      return words.length > 0 && words.every(isLabel)
        ? { ...config, lockfiles: words.map((word) => absoluteLabel(word, path)) }
        : wrong();
    case "semgrep_advisories":
      return words.length > 0 && words.every(isLabel)
        ? { ...config, advisories: words.map((word) => absoluteLabel(word, path)) }
        : wrong();
    case "semgrep_exclude":
      return words.length === 1 ? { ...config, exclude: [...config.exclude, posix.join(path, words[0]!)] } : wrong();
    default:
      return config;
  }
}

function scopedOf(word: string): Scoped {
  const [before = "", ...after] = word.split("=");
  return after.length === 0 ? { language: undefined, value: word } : { language: before, value: after.join("=") };
}

function absolute(scoped: readonly Scoped[], path: string): Scoped[] {
  return scoped.map(({ language, value }) => ({ language, value: absoluteLabel(value, path) }));
}

function isLabel(word: string): boolean {
  return /^(@{0,2}[\w.~-]*\/\/[\w./+-]*)?(:[\w./+-]+)?$/.test(word) && word !== "";
}

function absoluteLabel(label: string, path: string): string {
  return label.startsWith(":") ? `//${path}${label}` : label;
}
