import picomatch from "picomatch";
import type { ExistingRule } from "./build-file.ts";
import { configureFolder, type FolderConfig, rootConfig } from "./directives.ts";
import type { Directive, Directory, GazelleExtension, Problem, Repository } from "./extension.ts";
import { join, relativeTo } from "./ignore.ts";
import { viewExisting } from "./rule-view.ts";
import type { Folder } from "./walk.ts";

/** A folder that has a BUILD file or may get one, with everything that was said about it. */
export interface Package {
  readonly path: string;
  /** Path of the BUILD file from the root; it does not have to exist. */
  readonly buildFile: string;
  readonly folder: Folder;
  /** Files of the folder and of subfolders that belong to this package. */
  readonly files: readonly string[];
  readonly config: FolderConfig;
  /** Configuration of each extension, by its name. */
  readonly extensionConfigs: ReadonlyMap<string, unknown>;
  /** What is wrong with the directives of its BUILD file. */
  readonly problems: readonly Problem[];
}

/** Cuts the tree into packages, and configures each on the way down. */
export function collectPackages(
  root: Folder,
  extensions: readonly GazelleExtension[],
  repository: Repository,
): Package[] {
  const packages: Package[] = [];
  const known = {
    directives: new Set(extensions.flatMap(({ directives }) => directives)),
    extensions: new Set(extensions.map(({ name }) => name)),
  };

  function visit(folder: Folder, parent: FolderConfig, parentConfigs: ReadonlyMap<string, unknown>): void {
    const { path } = folder;
    const buildFile = join(path, folder.build?.name ?? "BUILD.bazel");
    const directives = folder.build?.parsed.directives ?? [];
    const { config, problems } = configureFolder(parent, { path, buildFile, directives }, known);
    const report = ({ key, line }: Directive, message: string): void => {
      problems.push({ file: buildFile, line, message: `"gazelle:${key}": ${message}` });
    };
    const seen = { path, files: folder.files, directives, repository, report };
    const extensionConfigs = new Map(
      extensions.map(({ name, configure }) => [name, configure(parentConfigs.get(name), seen)] as const),
    );
    const owner = extensions.some((extension) => {
      const own = { path, files: folder.files, config: extensionConfigs.get(extension.name) };
      return extension.ownsSubfolders?.(own) ?? false;
    });
    const kinds = new Set(extensions.flatMap((extension) => Object.keys(extension.kinds)));
    const rules = (folder.build?.parsed.rules ?? []).filter(({ kind }) => kinds.has(kind));
    const files = [...folder.files];
    const absorb = (below: Folder): void => {
      const local = relativeTo(below.path, path);
      const isPart = config.updateOnly || owner || rules.some((rule) => reaches(rule, local));
      if (below.build === undefined && isPart) {
        files.push(...below.files.map((file) => join(local, file)));
        below.folders.forEach(absorb);
      } else visit(below, config, extensionConfigs);
    };
    folder.folders.forEach(absorb);
    packages.push({ path, buildFile, folder, files, config, extensionConfigs, problems });
  }

  visit(root, rootConfig, new Map());
  return packages.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** True when a rule's srcs name files in a subfolder of its package. */
function reaches(rule: ExistingRule, subfolder: string): boolean {
  const value = rule.attrs.get("srcs")?.value;
  if (value?.type === "list") return value.items.some((item) => item.value.startsWith(`${subfolder}/`));
  if (value?.type !== "other") return false;
  return (
    value.strings.some((text) => text.startsWith(`${subfolder}/`)) ||
    value.globs.some(({ include }) =>
      include.some((pattern) => patternReaches(pattern.split("/"), subfolder.split("/"))),
    )
  );
}

function patternReaches(pattern: readonly string[], folder: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  const [name, ...below] = folder;
  if (name === undefined) return true;
  if (first === "**") return true;
  return rest.length > 0 && picomatch(first!)(name) && patternReaches(rest, below);
}

/** Kinds as extensions know them, where `map_kind` writes others. */
export function originalKind(config: FolderConfig, kind: string): string {
  return [...config.mappedKinds].find(([, mapped]) => mapped.kind === kind)?.[0] ?? kind;
}

/** A package as an extension sees it. */
export function directoryOf(pkg: Package, extension: GazelleExtension, repository: Repository): Directory<unknown> {
  const { rules = [] } = pkg.folder.build?.parsed ?? {};
  return {
    path: pkg.path,
    files: pkg.files,
    rules: rules.map((rule) => viewExisting(rule, originalKind(pkg.config, rule.kind), pkg.files)),
    config: pkg.extensionConfigs.get(extension.name),
    repository,
    defaultVisibility: pkg.config.defaultVisibility,
  };
}
