import { analyzersFor } from "../engine/languages.ts";

const NAMES: Readonly<Record<string, string>> = {
  bash: "shell",
  dockerfile: "dockerfile",
  go: "go",
  java: "java",
  javascript: "javascript",
  json: "json",
  kotlin: "kotlin",
  python: "python",
  ruby: "ruby",
  rust: "rust",
  terraform: "terraform",
  typescript: "typescript",
  yaml: "yaml",
};

/** Languages that a directive may name. Starlark is one, although its rules are written for Python. */
export const LANGUAGES: readonly string[] = [...Object.values(NAMES), "starlark"].sort();

/** The language of a file, by its name or its first line; undefined for one that is not scanned. */
export function languageOf(path: string, read: () => string): string | undefined {
  if (/\.(bzl|bazel|star)$|(^|\/)(BUILD|WORKSPACE)$/.test(path)) return "starlark";
  const analyzers = analyzersFor(path, () => read().split("\n", 1)[0] ?? "");
  return analyzers.map((analyzer) => NAMES[analyzer]).find((name) => name !== undefined);
}
