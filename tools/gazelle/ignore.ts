import picomatch from "picomatch";

/** Says whether a path below `base` is ignored; undefined when these patterns do not speak of it. */
export type IgnoreRule = (path: string, isFolder: boolean) => boolean | undefined;

const options = { dot: true, nonegate: true } as const;

/**
 * One rule per line of a .gitignore, for paths relative to the repository. `base` is the folder of the file.
 * The last rule that speaks wins (gitignore(5)).
 */
export function parseGitignore(base: string, text: string): IgnoreRule[] {
  return text.split("\n").flatMap((raw) => {
    const line = raw.replace(/(?<!\\)\s+$/, "");
    if (line === "" || line.startsWith("#")) return [];
    const negated = line.startsWith("!");
    const foldersOnly = line.endsWith("/");
    const body = line.slice(negated ? 1 : 0, foldersOnly ? -1 : undefined).replace(/^\\(?=[!#])/, "");
    const anchored = body.includes("/");
    const matches = picomatch(anchored ? body.replace(/^\//, "") : `**/${body}`, options);
    return [
      (path: string, isFolder: boolean) =>
        (isFolder || !foldersOnly) && isBelow(path, base) && matches(relativeTo(path, base)) ? !negated : undefined,
    ];
  });
}

/** .bazelignore: a folder a line, no patterns. */
export function parseBazelignore(text: string): IgnoreRule {
  const folders = text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim().replace(/^\.\//, "").replace(/\/$/, ""))
    .filter((line) => line !== "");
  return (path) => (folders.some((folder) => isBelow(path, folder)) ? true : undefined);
}

/** `# gazelle:exclude <pattern>`: relative to the folder of the BUILD file, `**` crosses folders. */
export function parseExclude(base: string, pattern: string): IgnoreRule {
  const trimmed = pattern.replace(/^\.\//, "").replace(/\/$/, "");
  const matches = picomatch([trimmed, `${trimmed}/**`], options);
  return (path) => (isBelow(path, base) && matches(relativeTo(path, base)) ? true : undefined);
}

/** True when the last rule that speaks of the path says so. */
export function isIgnored(rules: readonly IgnoreRule[], path: string, isFolder: boolean): boolean {
  return rules.reduce<boolean>((ignored, rule) => rule(path, isFolder) ?? ignored, false);
}

/** True when `path` is `folder` or inside of it; the root "" holds everything. */
export function isBelow(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** `path` as seen from `folder`, which holds it. */
export function relativeTo(path: string, folder: string): string {
  return folder === "" ? path : path.slice(folder.length + 1);
}

/** Joins a folder and a path below it. */
export function join(folder: string, path: string): string {
  return folder === "" ? path : path === "" ? folder : `${folder}/${path}`;
}
