import { digest } from "./digest.ts";
import type { Formatter, FormatterName } from "./model.ts";
import type { LastTools } from "./tree.ts";

/** A file of the tree: its path, the digest of its content, and the formatters of its language in their order. */
export interface PlanFile {
  readonly path: string;
  readonly digest: string;
  readonly formatters: readonly FormatterName[];
}

/** What the last run saw, which tells why a file is not remembered. */
export interface Before {
  digestOf(path: string): string | undefined;
  readonly tools: LastTools;
}

/** One formatter's part: the paths that it has to see, and for every path of its own the reason why (or why not). */
export interface Work {
  readonly formatter: Formatter;
  readonly paths: readonly string[];
  readonly reasons: ReadonlyMap<string, Reason>;
}

/** Why a formatter sees a file. `remembered` is the one reason for which it does not. */
export type Reason =
  | "remembered"
  | "--all was given"
  | "this file was not seen before"
  | "its content changed"
  | "the tool changed"
  | "the configuration changed"
  | "it has not passed yet";

/** The key under which it is remembered that this content at this path is as the formatter wants it. */
export function passedKey(formatter: Formatter, path: string, content: string): string {
  return digest("passed", formatter.name, formatter.tool, formatter.config, path, content);
}

/** Divides the files among the formatters, and leaves out what is remembered unless `all` is set. */
export function plan(
  files: readonly PlanFile[],
  formatters: readonly Formatter[],
  remembered: (key: string) => boolean,
  before: Before,
  all: boolean,
): readonly Work[] {
  return formatters.map((formatter) => {
    const reasons = new Map<string, Reason>();
    for (const file of files) {
      if (!file.formatters.includes(formatter.name)) continue;
      const passed = !all && remembered(passedKey(formatter, file.path, file.digest));
      reasons.set(file.path, passed ? "remembered" : whyNot(file, formatter, before, all));
    }
    const paths = [...reasons].filter(([, reason]) => reason !== "remembered").map(([path]) => path);
    return { formatter, paths, reasons };
  });
}

function whyNot(file: PlanFile, formatter: Formatter, before: Before, all: boolean): Reason {
  if (all) return "--all was given";
  const seen = before.digestOf(file.path);
  const used = before.tools[formatter.name];
  if (seen === undefined || used === undefined) return "this file was not seen before";
  if (seen !== file.digest) return "its content changed";
  if (used[0] !== formatter.tool) return "the tool changed";
  if (used[1] !== formatter.config) return "the configuration changed";
  return "it has not passed yet";
}
