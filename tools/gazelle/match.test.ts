import { expect, test } from "vitest";
import { parseBuildFile } from "./build-file.ts";
import { rootConfig } from "./directives.ts";
import type { KindInfo, Rule } from "./extension.ts";
import { matchRules } from "./match.ts";
import type { Package } from "./packages.ts";

const base = { nonEmptyAttrs: [], mergeableAttrs: [], resolveAttrs: [] };
const kinds: Record<string, KindInfo> = {
  by_name: base,
  only: { ...base, matchAny: true },
  by_attr: { ...base, matchAttrs: ["src"] },
};

function match(text: string, ...rules: Rule[]): unknown {
  const build = { name: "BUILD.bazel", text, parsed: parseBuildFile(text) };
  const folder = { path: "x", files: [], folders: [], build };
  const none = { files: [], extensionConfigs: new Map(), problems: [] };
  const pkg: Package = { ...none, path: "x", buildFile: "x/BUILD.bazel", folder, config: rootConfig };
  const { matches, problems } = matchRules(pkg, rules, kinds);
  return problems.length > 0
    ? problems.map(({ line }) => line)
    : matches.map(({ rule, existing }) => [rule.name, existing?.name]);
}

test("a rule with the name is the one, even where another would match by its attributes", () => {
  const text = `by_attr(name = "a", src = "1")\nby_attr(name = "b", src = "2")`;
  expect(match(text, { kind: "by_attr", name: "a", attrs: { src: "2" } })).toEqual([["a", "a"]]);
});

test("equal attributes match, and the existing name is kept", () => {
  const rule = { kind: "by_attr", name: "new", attrs: { src: "2" } };
  expect(match(`by_attr(name = "a", src = "1")\nby_attr(name = "b", src = "2")`, rule)).toEqual([["b", "b"]]);
  expect(match(`by_attr(name = "a", src = "1")`, rule)).toEqual([["new", undefined]]);
});

test("the only one of its kind matches whatever its name", () => {
  const rule = { kind: "only", name: "new", attrs: {} };
  expect(match(`only(name = "old")`, rule)).toEqual([["old", "old"]]);
  expect(match(`only(name = "one")\nonly(name = "two")`, rule)).toEqual([["new", undefined]]);
});

test("a name that a rule of another kind has is a problem", () => {
  expect(match(`\nonly(name = "a")`, { kind: "by_name", name: "a", attrs: {} })).toEqual([2]);
});
