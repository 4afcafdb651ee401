import { expect, test } from "vitest";

import { chooseFigures, figures, median, ratioLine, resultLine } from "./figures.ts";

const unchanged = figures.find(({ name }) => name === "unchanged") ?? figures[0]!;

test("the median is the middle, and of an even count the mean of the middle two", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(() => median([])).toThrow("no numbers");
});

test("long figures are measured only when asked for", () => {
  const names = (...args: Parameters<typeof chooseFigures>) => {
    const chosen = chooseFigures(...args);
    return "unknown" in chosen ? chosen : chosen.map(({ name }) => name);
  };
  expect(names([], false)).not.toContain("cold");
  expect(names([], true)).toContain("cold");
  expect(names(["cold", "format"], false)).toEqual(["format", "cold"]);
  expect(names(["colt"], false)).toEqual({ unknown: "colt" });
});

test("a line says median, verdict, limit, ratio and repeats", () => {
  expect(resultLine(unchanged, { kind: "measured", seconds: [1.2, 0.9, 1.1] }, 0.1)).toBe(
    "unchanged       1.10 s ok   limit  1.50 s     11.0×  test //... with nothing changed [1.20 0.90 1.10]",
  );
  expect(resultLine(unchanged, { kind: "measured", seconds: [1.51] }, 0.1)).toContain(" over ");
  expect(resultLine(unchanged, { kind: "failed", why: "status 1" }, 0.1)).toContain(
    "failed   limit 1.50 s  test //... with nothing changed: status 1",
  );
});

test("a ratio compares the faster half of both sides with its limit", () => {
  const line = ratioLine("render", "ours to theirs", [11, 12, 90], [10, 10, 10], 1.2);
  expect(line.ok).toBe(true);
  expect(line.text).toMatch(/^render +1\.15× ok +limit +1\.20× +ours to theirs \(11\.5 ms to 10\.0 ms\)$/);
  expect(ratioLine("render", "", [13, 13], [10, 10], 1.2)).toMatchObject({ ok: false });
});
