import { expect, test } from "vitest";
import { absoluteLabel, shortLabel } from "./labels.ts";

test.each([
  [":c", "//a/b:c", ":c"],
  ["c.ts", "//a/b:c.ts", ":c.ts"],
  ["//a/b", "//a/b:b", ":b"],
  ["//x/y", "//x/y:y", "//x/y"],
  ["//x/y:z", "//x/y:z", "//x/y:z"],
  ["//:node_modules/@a/b", "//:node_modules/@a/b", "//:node_modules/@a/b"],
  ["@//x/y:y", "//x/y:y", "//x/y"],
  ["@@//x/y", "//x/y:y", "//x/y"],
  ["@repo//x/y", "@repo//x/y:y", "@repo//x/y"],
  ["@repo", "@repo//:repo", "@repo//:repo"],
])("in a/b, %s is %s, and is written %s", (label, absolute, short) => {
  expect(absoluteLabel(label, "a/b")).toBe(absolute);
  expect(shortLabel(absolute, "a/b")).toBe(short);
});
