import { expect, test } from "vitest";
import { unifiedDiff } from "./diff.ts";

const lines = (...numbers: (number | string)[]): string => numbers.map((number) => `${number}\n`).join("");

test("changes far from one another are hunks of their own", () => {
  const before = lines(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  const after = lines(1, "two", 3, 4, 5, 6, 7, 8, 9, 10, 12, 13);
  expect(unifiedDiff("x/BUILD.bazel", before, after)).toBe(
    `--- a/x/BUILD.bazel
+++ b/x/BUILD.bazel
@@ -1,5 +1,5 @@
 1
-2
+two
 3
 4
 5
@@ -8,5 +8,5 @@
 8
 9
 10
-11
 12
+13
`,
  );
});

test("new and deleted files stand against /dev/null", () => {
  expect(unifiedDiff("x", "", lines(1))).toBe("--- /dev/null\n+++ b/x\n@@ -0,0 +1,1 @@\n+1\n");
  expect(unifiedDiff("x", lines(1), "")).toBe("--- a/x\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-1\n");
  expect(unifiedDiff("x", lines(1), lines(1))).toBe("");
});
