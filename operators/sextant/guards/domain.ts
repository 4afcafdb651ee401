import type { Field } from "../model.ts";
import type { Value } from "./formula.ts";

/**
 * Values that stand for all values of a field, as far as comparisons with some numbers can tell: each number, and one
 * between and beyond them.
 */
export function domainOf({ name, type }: Field, numbers: Iterable<number>): readonly Value[] {
  const absent: readonly Value[] = type.optional ? [undefined] : [];
  switch (type.kind) {
    case "boolean":
      return [...absent, false, true];
    case "enum":
      return [...absent, ...type.values];
    case "integer":
    case "number": {
      const sorted = [...new Set(numbers)].sort((a, b) => a - b);
      const near = sorted.flatMap((one, index) => [one, ((sorted[index + 1] ?? one + 2) + one) / 2]);
      const all = [sorted.length > 0 ? Math.ceil(sorted[0]!) - 1 : 0, ...near];
      const whole = type.kind === "integer" ? all.flatMap((one) => [Math.floor(one), Math.ceil(one)]) : all;
      const from = name === "attempts" ? 0 : Number.NEGATIVE_INFINITY;
      return [...absent, ...[...new Set(whole)].filter((one) => one >= from).sort((a, b) => a - b)];
    }
    default:
      return absent.length > 0 ? [undefined, "…"] : ["…"];
  }
}

/** Every combination of some values. */
export function* combinations(
  names: readonly string[],
  domain: (name: string) => readonly Value[],
): Generator<ReadonlyMap<string, Value>> {
  const [first, ...rest] = names;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const value of domain(first))
    for (const others of combinations(rest, domain)) yield new Map([[first, value], ...others]);
}
