import type { Directory, Generated, Rule } from "../extension.ts";
import { join } from "../ignore.ts";
import type { TsConfig } from "./config.ts";
import { entryPoint, folderName, isLabel, ownsEntryPoint, type Runnable, runnables } from "./runnables.ts";
import { isStyle, isTest, isTypeScript, Sources, type TsImports } from "./sources.ts";

/** A library or test as it should be. `plain` is false where its srcs are globbed or computed: those stay. */
interface Wanted {
  readonly kind: "ts_library" | "ts_test";
  readonly name: string;
  readonly srcs: readonly string[];
  readonly web: boolean;
  readonly plain: boolean;
}

const claiming = ["ts_library", "ts_test", "ts_binary", "js_library", "ts_project"];

/**
 * The rules that a folder's TypeScript asks for. Files that an existing rule lists stay with that rule; of the others
 * each test gets a rule, and the rest goes to the folder's library (unless its srcs are computed: they decide).
 */
export function generateTs(directory: Directory<TsConfig>): Generated {
  const sources = new Sources(directory);
  const files = new Set([...directory.files, ...generatedFiles(directory)]);
  const starts = runnables(directory, files);
  const entries = new Set(starts.filter(({ rule }) => ownsEntryPoint(rule.kind)).map(({ entry }) => entry));
  const claims = claimedFiles(directory, files);
  const free = [...files].filter((file) => !claims.has(file) && !entries.has(file));
  const stays = (src: string, kind: string): boolean =>
    (files.has(src) || isLabel(src) || sources.isFixture(src)) && !(kind === "ts_library" && entries.has(src));
  const wanted = withFreeSources(existingRules(directory, stays), free, directory, libraryName(directory, starts));
  const rules = wanted
    .filter(({ srcs, plain }) => srcs.length > 0 || !plain)
    .map((rule) => toRule(rule, directory, sources, claims));
  const standing = new Set(rules.map(({ name }) => name));
  const known = directory.rules.filter(({ kind }) => kind === "ts_library" || kind === "ts_test");
  return {
    rules: [...rules, ...starts.filter(({ alive }) => alive).map((start) => startRule(start, directory, sources))],
    empty: [
      ...known.filter(({ name }) => !standing.has(name)),
      ...starts.filter(({ alive }) => !alive).map(({ rule }) => rule),
    ],
    problems: sources.problems,
  };
}

function generatedFiles({ rules }: Directory<TsConfig>): string[] {
  return rules.flatMap((rule) => [...rule.list("outs"), ...rule.list("out")]).map(withoutColon);
}

const withoutColon = (src: string): string => src.replace(/^:/, "");

/** File → the existing rule that lists it, or that starts at it (a site's entry point is in a library). */
function claimedFiles({ rules }: Directory<TsConfig>, files: ReadonlySet<string>): Map<string, string> {
  const claims = new Map<string, string>();
  for (const rule of rules) {
    const sources = claiming.includes(rule.kind) ? [...rule.list("srcs"), ...rule.list("types")] : [];
    const entry = rule.kind === "site" ? [] : rule.list("entry_point");
    for (const file of [...sources, ...entry].map(withoutColon)) {
      if (files.has(file) && !claims.has(file)) claims.set(file, rule.name);
    }
  }
  return claims;
}

function existingRules(
  { rules, config }: Directory<TsConfig>,
  stays: (src: string, kind: string) => boolean,
): Wanted[] {
  return rules.flatMap((rule) => {
    if (rule.kind !== "ts_library" && rule.kind !== "ts_test") return [];
    const srcs = rule.list("srcs").filter((src) => stays(src, rule.kind));
    return [
      { kind: rule.kind, name: rule.name, srcs, web: rule.flag("web") ?? config.web, plain: rule.isPlain("srcs") },
    ];
  });
}

function withFreeSources(
  known: readonly Wanted[],
  free: readonly string[],
  { config }: Directory<TsConfig>,
  name: string,
): Wanted[] {
  const { web } = config;
  const tests = free.filter(isTest).map((file): Wanted => {
    return { kind: "ts_test", name: testName(file), srcs: [file], web, plain: true };
  });
  const rest = free.filter((file) => (isTypeScript(file) && !isTest(file)) || (web && isStyle(file)));
  const libraries = known.filter(({ kind, plain }) => kind === "ts_library" && plain);
  const library = libraries.find((one) => one.name === name) ?? (libraries.length === 1 ? libraries[0] : undefined);
  const computed = known.some((one) => one.name === name && !one.plain);
  if (rest.length === 0 || computed) return [...known, ...tests];
  if (!library) return [...known, { kind: "ts_library", name, srcs: rest, web, plain: true }, ...tests];
  return [...known.map((one) => (one === library ? { ...one, srcs: [...one.srcs, ...rest] } : one)), ...tests];
}

/** `panels/list.test.tsx` → `panels_list_test`. */
function testName(file: string): string {
  return file.replace(/\.[^.]+$/, "").replace(/[./]/g, "_");
}

function libraryName(directory: Directory<TsConfig>, starts: readonly Runnable[]): string {
  const folder = folderName(directory);
  return starts.some(({ rule }) => rule.name === folder) ? `${folder}_lib` : folder;
}

function toRule(
  { kind, name, srcs: listed, web }: Wanted,
  directory: Directory<TsConfig>,
  sources: Sources,
  claims: ReadonlyMap<string, string>,
): Rule {
  const assets = sources.assetsOf(listed).filter((file) => (claims.get(file) ?? name) === name);
  const srcs = [...new Set([...listed, ...assets])].sort();
  const test = kind === "ts_test";
  const imports: TsImports = { own: paths(directory, srcs), imports: sources.importsOf(srcs), web, test };
  return {
    kind,
    name,
    attrs: { srcs, ...(web ? { web } : {}), ...(test ? {} : { visibility: directory.defaultVisibility }) },
    imports,
  };
}

function startRule({ rule, entry }: Runnable, directory: Directory<TsConfig>, sources: Sources): Rule {
  const existing = directory.rules.find(({ name }) => name === rule.name);
  const buildFile = join(directory.path, "BUILD.bazel");
  if (!ownsEntryPoint(rule.kind)) {
    const link = { specifier: `./${existing ? entryPoint(existing) : entry}`, file: buildFile, line: 1 };
    return { ...rule, imports: { own: new Set(), imports: [link], web: true, test: false } satisfies TsImports };
  }
  const srcs = [...new Set([entry, ...(existing?.list("srcs") ?? [])])];
  const imports = sources.importsOf(srcs);
  return { ...rule, imports: { own: paths(directory, srcs), imports, web: false, test: false } satisfies TsImports };
}

function paths({ path }: Directory<TsConfig>, files: readonly string[]): Set<string> {
  return new Set(files.map((file) => join(path, withoutColon(file))));
}
