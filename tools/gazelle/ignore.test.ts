import { expect, test } from "vitest";
import { isIgnored, parseBazelignore, parseExclude, parseGitignore } from "./ignore.ts";

test.each([
  ["node_modules/", "a/node_modules", true, true],
  ["node_modules/", "a/node_modules", false, false],
  ["/out", "out", true, true],
  ["/out", "a/out", true, false],
  ["a/*.ts", "a/b.ts", false, true],
  ["a/*.ts", "a/b/c.ts", false, false],
  ["a/**/c", "a/b/b/c", true, true],
  ["*.log\n!keep.log", "a/keep.log", false, false],
  ["# out\n\\#x", "#x", false, true],
  [".env", "a/.env", false, true],
])(".gitignore %j and %s (folder: %s): %s", (text, path, isFolder, expected) => {
  expect(isIgnored(parseGitignore("", text), path, isFolder)).toBe(expected);
});

test("a .gitignore speaks of its own folder only", () => {
  const rules = parseGitignore("a", "/x\ny");
  expect(["a/x", "x", "a/b/y", "y"].map((path) => isIgnored(rules, path, true))).toEqual([true, false, true, false]);
});

test(".bazelignore names folders, not patterns", () => {
  const rules = [parseBazelignore("# no\n./a/b/\n*\n")];
  expect(["a/b", "a/b/c", "a/bc", "x"].map((path) => isIgnored(rules, path, true))).toEqual([true, true, false, false]);
});

test("an excluded folder takes everything in it along", () => {
  const rules = [parseExclude("lib", "old/"), parseExclude("lib", "**/*.bench.ts")];
  const paths = ["lib/old", "lib/old/x/y.ts", "old", "lib/a/b.bench.ts"];
  expect(paths.map((path) => isIgnored(rules, path, false))).toEqual([true, true, false, true]);
});
