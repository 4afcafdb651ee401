/** What `osemgrep test` says of one rule. */
export interface Verdict {
  readonly rule: string;
  /** How many lines its fixtures expect. */
  readonly expected: number;
  /** The first line on which they disagree, with both sets; empty when they agree. */
  readonly disagreement: string;
}

interface Check {
  readonly passed: boolean;
  readonly matches: Readonly<Record<string, { readonly expected_lines: number[]; readonly reported_lines: number[] }>>;
  readonly errors: readonly unknown[];
}

/**
 * Reads the JSON of `osemgrep test`.
 *
 * @param nameOf gives the name in the repository for a path in it
 */
export function verdicts(json: string, nameOf: (path: string) => string): Verdict[] {
  const { results, config_with_errors: wrong } = JSON.parse(json) as {
    results: Readonly<Record<string, { readonly checks: Readonly<Record<string, Check>> }>>;
    config_with_errors: readonly unknown[];
  };
  if (wrong.length > 0) throw new Error(`osemgrep could not read ${JSON.stringify(wrong)}`);
  return Object.values(results).flatMap(({ checks }) =>
    Object.entries(checks).map(([rule, check]) => ({
      rule,
      expected: Object.values(check.matches).reduce((sum, { expected_lines: lines }) => sum + lines.length, 0),
      disagreement: disagreement(rule, check, nameOf),
    })),
  );
}

function disagreement(rule: string, { passed, matches, errors }: Check, nameOf: (path: string) => string): string {
  for (const [path, { expected_lines: expected, reported_lines: reported }] of Object.entries(matches)) {
    const missed = expected.filter((line) => !reported.includes(line));
    const extra = reported.filter((line) => !expected.includes(line));
    const [first] = [...missed, ...extra].sort((a, b) => a - b);
    if (first === undefined) continue;
    const what = missed.includes(first) ? "expected a finding, there is none" : "expected none, there is a finding";
    return [
      `${nameOf(path)}:${first}: ${rule}: ${what}`,
      `  expected lines: ${list(expected)}`,
      `  reported lines: ${list(reported)}`,
    ].join("\n");
  }
  if (passed && errors.length === 0) return "";
  return `${rule}: the engine says that it failed: ${JSON.stringify(errors)}`;
}

function list(lines: readonly number[]): string {
  return lines.length === 0 ? "none" : [...lines].sort((a, b) => a - b).join(", ");
}
