import assert from "node:assert/strict";
import test from "node:test";
import type { Finding } from "./finding.ts";
import { silencesIn, staleSilences } from "./silence.ts";

// Put together, so that scans of this file do not take them for comments.
const word = ["no", "sem", "grep"].join("");

const silenced = (rule: string, line: number): Finding => ({
  rule,
  path: "a.ts",
  start: { line, column: 1 },
  end: { line, column: 2 },
  severity: "ERROR",
  message: "m",
  source: [],
  notes: [],
  fingerprint: "",
  status: "silenced",
});

const stale = (text: string, ...findings: Finding[]): number[] =>
  staleSilences("a.ts", text.split("\n"), findings, new Set(["one", "two"])).map(({ start }) => start.line);

test("a comment is found in every comment syntax, with its rules and without its reason", () => {
  const lines = [
    `a(); // ${word}: one, two -- why`,
    `# ${word}`,
    `/* nosem: pack.one */`,
    `<!-- ${word}:one -->`,
    `"${word}: one"`,
  ];
  assert.deepEqual(
    silencesIn(lines).map(({ line, rules }) => [line, rules]),
    [
      [1, ["one", "two"]],
      [2, []],
      [3, ["pack.one"]],
      [4, ["one"]],
    ],
  );
});

test("a comment on the line of a finding, or above it, is in use", () => {
  assert.deepEqual(stale(`a(); // ${word}: one`, silenced("one", 1)), []);
  assert.deepEqual(stale(`// ${word}: one\na();`, silenced("one", 2)), []);
  assert.deepEqual(stale(`// ${word}\na();`, silenced("two", 2)), []);
});

test("a comment that silences nothing is stale, also when only one of its rules does", () => {
  assert.deepEqual(stale(`// ${word}: one\n\na();`, silenced("one", 3)), [1]);
  assert.deepEqual(stale(`// ${word}: one, two\na();`, silenced("one", 2)), [1]);
  assert.deepEqual(stale(`// ${word}`), [1]);
});

test("a comment for a rule that the test does not have is left to the test that has it", () => {
  assert.deepEqual(stale(`// ${word}: elsewhere`), []);
});
