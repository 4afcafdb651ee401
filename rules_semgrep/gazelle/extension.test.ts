import assert from "node:assert/strict";
import { test } from "node:test";
import { posix } from "node:path";
import type { Config } from "./config.ts";
import { extension } from "./extension.ts";
import { languageOf } from "./languages.ts";
import type { RuleView } from "./shape.ts";

type Files = Readonly<Record<string, string>>;

const RULES = "semgrep_rules //rules";

/** Configures folders as Gazelle does, from the root down, and generates one of them. */
function generate(files: Files, folder: string, directives: Files, rules: readonly RuleView[] = []) {
  const repository = {
    exists: (path: string): boolean => path in files,
    read: (path: string): string => files[path] ?? assert.fail(`there is no ${path}`),
  };
  const dirs = [...new Set(["", ...Object.keys(files).flatMap(parents)])].sort();
  const configs = new Map<string, Config>();
  const filesOf = (path: string): string[] =>
    Object.keys(files)
      .filter((file) => (posix.dirname(file) === "." ? "" : posix.dirname(file)) === path)
      .map((file) => posix.basename(file))
      .filter((file) => file !== "BUILD.bazel");
  for (const path of dirs) {
    const said = (directives[path] ?? "").split("\n").filter(Boolean);
    const parent = path === "" ? undefined : configs.get(posix.dirname(path) === "." ? "" : posix.dirname(path));
    const config = extension.configure(parent, {
      path,
      files: filesOf(path),
      directives: said.map((line) => ({ key: line.split(" ")[0]!, value: line.split(" ").slice(1).join(" ") })),
      repository,
      report: (_, message) => assert.fail(message),
    });
    configs.set(path, config);
  }
  const config = configs.get(folder)!;
  return extension.generate({ path: folder, files: filesOf(folder), rules, config, repository });
}

function parents(file: string): string[] {
  const parts = file.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

test("a package's sources, and those of folders that are no package, stand in one test", () => {
  const files = { "BUILD.bazel": "", "a/BUILD.bazel": "", "a/a.ts": "", "a/data/b.yaml": "", "a/data/deep/c.sh": "" };
  const { rules } = generate(files, "a", { "": RULES });
  assert.deepEqual(
    rules.map(({ name, attrs }) => [name, attrs["srcs"]]),
    [["semgrep_test", ["BUILD.bazel", "a.ts", "data/b.yaml", "data/deep/c.sh"]]],
  );
});

test("a folder that is no package gets nothing itself", () => {
  assert.deepEqual(generate({ "BUILD.bazel": "", "a/b.yaml": "" }, "a", { "": RULES }), { rules: [], empty: [] });
});

test("without rules there is no test", () => {
  assert.deepEqual(generate({ "BUILD.bazel": "", "a.ts": "" }, "", {}).rules, []);
});

test("templates of Helm are left out, what stands beside them is not", () => {
  const files = { "BUILD.bazel": "", "Chart.yaml": "", "templates/a.yaml": "", "other/templates.yaml": "" };
  const [rule] = generate(files, "", { "": RULES }).rules;
  assert.deepEqual(rule?.attrs["srcs"], ["BUILD.bazel", "Chart.yaml", "other/templates.yaml"]);
});

test("switched off, what was generated goes", () => {
  const rules = ["semgrep_test", "semgrep_target_test", "ts_library"].map((kind) => ({
    kind,
    name: kind === "semgrep_target_test" ? "a_semgrep_test" : kind,
    text: () => ":a",
  }));
  const { empty } = generate({ "BUILD.bazel": "", "a.ts": "" }, "", { "": `${RULES}\nsemgrep off` }, rules);
  assert.deepEqual(
    empty.map(({ name }) => name),
    ["semgrep_test", "a_semgrep_test"],
  );
});

test("Starlark is a language of its own, and a first line says the language of a file without extension", () => {
  const shell = (): string => "#!/bin/sh\nset -eu\n";
  const names = ["defs.bzl", "BUILD.bazel", "BUILD", "a.py", "a.tsx", "run", "words.txt"];
  assert.deepEqual(
    names.map((name) => languageOf(name, shell)),
    ["starlark", "starlark", "starlark", "python", "typescript", "shell", undefined],
  );
});
