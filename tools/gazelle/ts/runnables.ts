import type { Directory, Rule, RuleView } from "../extension.ts";
import type { TsConfig, TsKind } from "./config.ts";

/** A rule that starts at an entry point: ts_binary, node_service or site. */
export interface Runnable {
  readonly rule: Rule;
  readonly entry: string;
  /** False when the entry point is gone. */
  readonly alive: boolean;
}

const ruleKinds = { binary: "ts_binary", service: "node_service", site: "site" } as const;
const places: Readonly<Record<string, TsKind>> = { services: "service", operators: "service", sites: "site" };

/** True for rules whose entry point is a source of their own; a site's is in a library. */
export const ownsEntryPoint = (kind: string): boolean => kind === "ts_binary" || kind === "node_service";

/** The library that the macros make of an entry point. */
export const entryLibrary = (rule: Pick<Rule, "name">): string => `${rule.name}_main`;

/** The entry point of an existing rule; the macros' own default where the attribute is absent. */
export function entryPoint(rule: RuleView): string {
  return rule.text("entry_point") ?? mainFile(rule.kind === "site" ? "site" : "binary");
}

/** What a main file makes in this folder; "library" where there is none. */
export function kindOf(folder: { path: string; files: readonly string[]; config: TsConfig }): TsKind {
  const kind = folder.config.kind ?? places[folder.path.split("/")[0]!] ?? "binary";
  return kind !== "library" && folder.files.includes(mainFile(kind)) ? kind : "library";
}

/** The folder's own name, which its main target has; at the root that of package.json. */
export function folderName({ path, config }: { path: string; config: TsConfig }): string {
  return path === "" ? config.npm.name : path.split("/").at(-1)!;
}

/** The existing runnable rules of a folder, and the one that its main file makes. */
export function runnables(directory: Directory<TsConfig>, files: ReadonlySet<string>): Runnable[] {
  const known = directory.rules
    .filter(({ kind }) => (Object.values(ruleKinds) as string[]).includes(kind))
    .map((rule): Runnable => {
      const entry = entryPoint(rule);
      return {
        entry,
        alive: files.has(entry) || isLabel(entry),
        rule: { kind: rule.kind, name: rule.name, attrs: {} },
      };
    });
  const kind = kindOf(directory);
  if (kind === "library" || known.some(({ entry }) => entry === mainFile(kind))) return known;
  if (directory.rules.some((rule) => rule.kind === "ts_binary" && rule.list("srcs").includes(mainFile(kind))))
    return known;
  const folder = folderName(directory);
  const taken = directory.rules.some(({ name }) => name === folder);
  const name = { binary: taken ? "main" : folder, service: "service", site: "dist" }[kind];
  return [...known, { entry: mainFile(kind), alive: true, rule: { kind: ruleKinds[kind], name, attrs: {} } }];
}

/** True for what is no file name: `:x`, `//x`, `@x//y`. */
export const isLabel = (text: string): boolean => /^(:|\/\/|@)/.test(text);

function mainFile(kind: Exclude<TsKind, "library">): string {
  return kind === "site" ? "main.tsx" : "main.ts";
}
