import assert from "node:assert/strict";
import { test } from "node:test";
import { unifiedDiff } from "./text-diff.ts";

test("the same texts have no difference", () => {
  assert.equal(unifiedDiff("a", "b", "x\n", "x\n"), "");
});

test("a difference is unified, with three lines around it", () => {
  assert.equal(
    unifiedDiff("committed", "rendered", "1\n2\n3\n4\n5\n", "1\n2\n3\nfour\n5\n"),
    "--- committed\n+++ rendered\n@@ -1,5 +1,5 @@\n 1\n 2\n 3\n-4\n+four\n 5",
  );
});

test("a long difference is cut, and says by how much", () => {
  const text = unifiedDiff("a", "b", "", "line\n".repeat(50), 10);
  assert.equal(text.split("\n").at(-1), "... and 43 lines more");
});

test("texts with little in common show where they begin to differ, at once", () => {
  const lines = (word: string): string => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}\n`).join("");
  const start = performance.now();
  assert.match(unifiedDiff("a", "b", lines("old"), lines("new")), /the first difference is in line 1, of 20001/);
  assert.ok(performance.now() - start < 10_000);
});
