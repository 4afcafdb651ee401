import type { Directive, Problem } from "./extension.ts";
import { absoluteLabel } from "./labels.ts";

/** What the directives of Gazelle itself say for one folder. Those of extensions are the extensions' own. */
export interface FolderConfig {
  /** The BUILD file of this folder stays as it is; its rules can still be imported. Not inherited. */
  readonly ignore: boolean;
  /** Subfolders without a BUILD file belong to this package. */
  readonly updateOnly: boolean;
  readonly defaultVisibility: readonly string[];
  /** Kind → what is written in its place. */
  readonly mappedKinds: ReadonlyMap<string, { readonly kind: string; readonly from: string }>;
  readonly overrides: readonly Override[];
}

interface Override {
  readonly extension: string;
  readonly matches: (importText: string) => boolean;
  readonly label: string;
}

/** Where nothing has been said yet. */
export const rootConfig: FolderConfig = {
  ignore: false,
  updateOnly: false,
  defaultVisibility: [],
  mappedKinds: new Map(),
  overrides: [],
};

/** Directives that every BUILD file can carry. `exclude` is read by the walk. */
const usages: Readonly<Record<string, string>> = {
  ignore: "# gazelle:ignore",
  exclude: "# gazelle:exclude <glob>",
  generation_mode: "# gazelle:generation_mode create_and_update|update_only",
  default_visibility: "# gazelle:default_visibility <label>[,<label>…]",
  map_kind: "# gazelle:map_kind <from kind> <to kind> <file to load>",
  resolve: "# gazelle:resolve <extension> <import> <label>",
  resolve_regexp: "# gazelle:resolve_regexp <extension> <regular expression> <label>",
};

/** The configuration of a folder from its parent's. Unknown directives and wrong arguments are problems. */
export function configureFolder(
  parent: FolderConfig,
  folder: { path: string; buildFile: string; directives: readonly Directive[] },
  known: { directives: ReadonlySet<string>; extensions: ReadonlySet<string> },
): { config: FolderConfig; problems: Problem[] } {
  const problems: Problem[] = [];
  let config: FolderConfig = { ...parent, ignore: false };
  for (const { key, value, line } of folder.directives) {
    const words = value.split(/\s+/).filter((word) => word !== "");
    const report = (message: string): void => void problems.push({ file: folder.buildFile, line, message });
    const usage = usages[key];
    if (usage === undefined) {
      if (!known.directives.has(key)) {
        const all = [...Object.keys(usages), ...known.directives].sort().join(", ");
        report(`unknown directive "gazelle:${key}"; known are ${all}`);
      }
      continue;
    }
    const next = apply(config, key, words, folder.path, known.extensions);
    if (typeof next === "string") report(`"gazelle:${key} ${value}": ${next}; write "${usage}"`);
    else config = next;
  }
  return { config, problems };
}

function apply(
  config: FolderConfig,
  key: string,
  words: readonly string[],
  path: string,
  extensions: ReadonlySet<string>,
): FolderConfig | string {
  switch (key) {
    case "ignore":
      return words.length === 0 ? { ...config, ignore: true } : "takes no argument";
    case "generation_mode":
      if (words[0] !== "update_only" && words[0] !== "create_and_update") return "no such mode";
      return { ...config, updateOnly: words[0] === "update_only" };
    case "default_visibility":
      if (words.length === 0) return "names no label";
      return {
        ...config,
        defaultVisibility: words
          .join(",")
          .split(",")
          .filter((label) => label !== ""),
      };
    case "map_kind": {
      const [from, kind, file] = words;
      if (from === undefined || kind === undefined || file === undefined || words.length > 3)
        return "takes three words";
      return { ...config, mappedKinds: new Map([...config.mappedKinds, [from, { kind, from: file }]]) };
    }
    case "resolve":
    case "resolve_regexp": {
      const [extension, importText, label] = words;
      if (extension === undefined || importText === undefined || label === undefined || words.length > 3) {
        return "takes three words";
      }
      if (!extensions.has(extension)) return `no extension "${extension}" (there are ${[...extensions].join(", ")})`;
      const matches = key === "resolve" ? (text: string) => text === importText : regexpTest(importText);
      if (matches === undefined) return "not a regular expression";
      const override = { extension, matches, label: absoluteLabel(label, path) };
      return { ...config, overrides: [override, ...config.overrides] };
    }
    default:
      return config;
  }
}

function regexpTest(source: string): ((text: string) => boolean) | undefined {
  try {
    const regexp = new RegExp(source);
    return (text) => regexp.test(text);
  } catch {
    return undefined;
  }
}
