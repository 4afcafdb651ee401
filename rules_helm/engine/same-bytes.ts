import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Command, Refusal } from "./command.ts";
import { renderedBy } from "./render.ts";
import type { Template } from "./template.ts";
import { unifiedDiff } from "./text-diff.ts";

/** What `helm_same_bytes_test` asks for. */
export interface SameBytesParams extends Template {
  /** The file, or the folder, that the action has rendered. */
  readonly rendered: string;
}

/** Runs plain `helm template` and finds each document of the rendered manifests in its output, and nothing else. */
export const sameBytes: Command<SameBytesParams> = async (params, { say }) => {
  const plain = (await renderedBy(params, say)).toString();
  const rest = remainder(plain, documentsIn(params.rendered));
  if ("absent" in rest) {
    throw new Refusal(`${params.label}: a document is not what helm prints`, [
      unifiedDiff("helm template", params.rendered, plain, rest.absent, 100),
      "This is a fault of rules_helm, or of a cache: the same chart and values were rendered.",
    ]);
  }
  if (rest.left === "") return 0;
  throw new Refusal(`${params.label}: helm prints more than was rendered`, [rest.left]);
};

function documentsIn(rendered: string): string[] {
  if (statSync(rendered).isDirectory()) {
    return readdirSync(rendered).map((name) => readFileSync(join(rendered, name), "utf8"));
  }
  const text = readFileSync(rendered, "utf8");
  return text.split(/^---[^\S\n]*(?:#.*)?\n/m).filter((document) => document.trim() !== "");
}

/**
 * What is left of helm's output without the given documents, separators, comments and empty lines; or a document that is not in it.
 * Line ends are the one thing that may differ: CR LF in a template is LF in manifests.
 */
export function remainder(
  plain: string,
  documents: readonly string[],
): { readonly left: string } | { readonly absent: string } {
  let left = `\n${plain.replaceAll("\r\n", "\n")}`;
  for (const document of [...documents].sort((a, b) => b.length - a.length)) {
    const text = document.replaceAll("\r\n", "\n");
    const at = left.indexOf(`\n${text}`);
    if (at < 0) return { absent: document };
    left = `${left.slice(0, at + 1)}${left.slice(at + 1 + text.length)}`;
  }
  return { left: left.split("\n").filter(counts).join("\n") };
}

function counts(line: string): boolean {
  return line.trim() !== "" && !/^---\s*$|^\s*#/.test(line);
}
