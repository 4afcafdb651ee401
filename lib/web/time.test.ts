import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";
import { nextChoice, parseChoice } from "./theme.ts";
import { formatSpan } from "./time.ts";

test("a span is said exactly, in its two largest units", () => {
  const seconds = [0, 42, 60, 200, 3600, 7500, 90_000, 86_400 * 3 + 7200];
  expect(seconds.map((s) => formatSpan(s * 1000))).toEqual([
    "0 s",
    "42 s",
    "1 min",
    "3 min 20 s",
    "1 h",
    "2 h 5 min",
    "1 d 1 h",
    "3 d 2 h",
  ]);
});

test("a span in the future, as a wrong clock gives it, is zero", () => {
  expect(formatSpan(-5000)).toBe("0 s");
});

test("waits double from one second to half a minute", () => {
  expect([0, 1, 2, 5, 40].map((failures) => backoffMs(failures, 0))).toEqual([1000, 2000, 4000, 30_000, 30_000]);
});

test("jitter takes up to half of a wait away", () => {
  expect(backoffMs(3, 0.999)).toBeGreaterThanOrEqual(4000);
  expect(backoffMs(3, 0.5)).toBe(6000);
});

test("the theme switch goes round, and knows only its own choices", () => {
  expect(nextChoice(nextChoice(nextChoice("system")))).toBe("system");
  expect([parseChoice("dark"), parseChoice(null), parseChoice("blue")]).toEqual(["dark", "system", "system"]);
});
