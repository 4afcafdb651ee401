import assert from "node:assert/strict";
import { test } from "node:test";
import { remainder } from "./same-bytes.ts";

const plain = "---\n# Source: a\nkind: A\n\n---\n# Source: b\nkind: B\nmore: 1\n";

test("nothing is left when each document is there, in any order", () => {
  assert.deepEqual(remainder(plain, ["# Source: b\nkind: B\nmore: 1\n", "# Source: a\nkind: A\n"]), { left: "" });
});

test("a document that differs in one byte is absent", () => {
  const changed = "# Source: b\nkind: B\nmore: 2\n";
  assert.deepEqual(remainder(plain, ["# Source: a\nkind: A\n", changed]), { absent: changed });
});

test("what helm prints beside the documents is left", () => {
  assert.deepEqual(remainder(plain, ["# Source: a\nkind: A\n"]), { left: "kind: B\nmore: 1" });
});
