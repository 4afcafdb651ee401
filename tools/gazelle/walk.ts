import { readdirSync, readFileSync } from "node:fs";
import { type BuildFile, parseBuildFile } from "./build-file.ts";
import { type IgnoreRule, isIgnored, join, parseBazelignore, parseExclude, parseGitignore } from "./ignore.ts";

/** A folder as it stands on disk, without what is ignored. */
export interface Folder {
  readonly path: string;
  readonly files: readonly string[];
  readonly folders: readonly Folder[];
  /** The BUILD file: its name and text, undefined where there is none. */
  readonly build: { readonly name: string; readonly text: string; readonly parsed: BuildFile } | undefined;
}

/** Preferred name first; Bazel itself chooses in this order. */
const buildFileNames = ["BUILD.bazel", "BUILD"];
const workspaceMarkers = ["MODULE.bazel", "WORKSPACE.bazel", "WORKSPACE"];
const neverWalked = new Set([".git", "node_modules", "testdata"]);

/**
 * Reads the tree below `root`. Left out: what .bazelignore, .gitignore and `# gazelle:exclude` name, workspaces
 * of their own, test data, node_modules, and links to folders.
 */
export function walk(root: string): Folder {
  return visit(root, "", []);
}

function visit(root: string, path: string, inherited: readonly IgnoreRule[]): Folder {
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  const text = (name: string): string => readFileSync(join(join(root, path), name), "utf8");
  const rules = [...inherited];
  if (path === "" && names.has(".bazelignore")) rules.push(parseBazelignore(text(".bazelignore")));
  if (names.has(".gitignore")) rules.push(...parseGitignore(path, text(".gitignore")));
  const buildName = buildFileNames.find((name) => entries.some((entry) => entry.name === name && !entry.isDirectory()));
  const build = buildName === undefined ? undefined : readBuild(buildName, text(buildName));
  for (const { key, value } of build?.parsed.directives ?? []) {
    if (key === "exclude") rules.push(parseExclude(path, value));
  }
  const kept = entries.filter((entry) => !isIgnored(rules, join(path, entry.name), entry.isDirectory()));
  const byName = (a: string, b: string): number => (a < b ? -1 : 1);
  return {
    path,
    build,
    files: kept
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .filter((name) => !buildFileNames.includes(name))
      .sort(byName),
    folders: kept
      .filter((entry) => entry.isDirectory() && !neverWalked.has(entry.name))
      .map(({ name }) => name)
      .sort(byName)
      .filter((name) => !isWorkspace(join(root, join(path, name))))
      .map((name) => visit(root, join(path, name), rules)),
  };
}

function readBuild(name: string, text: string): NonNullable<Folder["build"]> {
  return { name, text, parsed: parseBuildFile(text) };
}

function isWorkspace(folder: string): boolean {
  return readdirSync(folder).some((name) => workspaceMarkers.includes(name));
}
