import type { FormatterName } from "./model.ts";

const PRETTIER = new Set(
  "ts tsx mts cts js jsx mjs cjs json jsonc json5 yaml yml md markdown css scss less html htm".split(" "),
);
const STARLARK_NAMES = /^(BUILD|WORKSPACE)(\.bazel|\.bzlmod)?$/;
const SHELL_LINE = /^#!\s*\S*[/\s](ba|da|k|mk)?sh(\s|$)/;

/** True where the name alone does not tell the language: no extension, so the first line has to be read. */
export function needsFirstLine(path: string): boolean {
  const name = baseName(path);
  return !name.slice(1).includes(".") && !STARLARK_NAMES.test(name);
}

/** True for the first line of a shell script (sh, bash, dash, ksh, mksh; plain or by env). */
export function isShellLine(firstLine: string): boolean {
  return SHELL_LINE.test(firstLine);
}

/** The formatters of a file in the order in which they see it; `shell` says that its first line names a shell. */
export function formattersOf(path: string, shell: boolean): readonly FormatterName[] {
  const name = baseName(path);
  const extension = name.slice(name.lastIndexOf(".") + 1);
  if (STARLARK_NAMES.test(name)) return ["buildifier"];
  if (!name.slice(1).includes(".")) return shell ? ["shfmt", "shellcheck"] : [];
  if (extension === "bzl" || extension === "bazel") return ["buildifier"];
  if (extension === "sh" || extension === "bash") return ["shfmt", "shellcheck"];
  return PRETTIER.has(extension) ? ["prettier"] : [];
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
