import assert from "node:assert/strict";
import { test } from "node:test";
import { quantityText } from "./normalise.ts";
import { billionths, sameQuantity } from "./quantity.ts";

test("one amount in two forms is the same", () => {
  for (const [a, b] of [
    ["1000m", 1],
    ["0.5Gi", "512Mi"],
    ["1e3", "1k"],
    ["1.5", "1500m"],
    ["1E", "1000P"],
    ["100u", "0.1m"],
    ["+2", "2.0"],
  ] as const) {
    assert.ok(sameQuantity(a, b), `${a} and ${b}`);
  }
});

test("amounts that differ a little, and what is no amount, are not the same", () => {
  for (const [a, b] of [
    ["1M", "1Mi"],
    ["9007199254740993", "9007199254740992"],
    ["1G", "1Gb"],
    ["", ""],
    ["latest", "latest"],
  ] as const) {
    assert.ok(!sameQuantity(a, b), `${a} and ${b}`);
  }
});

test("an amount is written as people write it", () => {
  const shown = (text: string) => quantityText(billionths(text)!);
  assert.deepEqual(["0.5Gi", "1536Mi", "1000m", "1500m", "100M", "0", "-1", "5u", "1024"].map(shown), [
    "512Mi",
    "1536Mi",
    "1",
    "1500m",
    "100M",
    "0",
    "-1",
    "5u",
    "1Ki",
  ]);
});
