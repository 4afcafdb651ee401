import type { Finding, RuleInfo } from "./finding.ts";

/** The rule that reports comments which silence nothing. */
export const STALE = "stale-nosemgrep";

/** What is said of that rule. */
export const STALE_RULE: RuleInfo = {
  id: STALE,
  severity: "WARNING",
  message: "A comment silences a rule that finds nothing there.",
  references: [],
  file: "",
};

/** A comment that silences findings of its own line and of the next. */
export interface Silence {
  readonly line: number;
  readonly column: number;
  /** Ids of rules; none means all. */
  readonly rules: readonly string[];
}

// A comment of any language: its marker, then the word, then perhaps a colon and ids; what follows is the reason.
const COMMENT = /(?:\/\/|#|\/\*|<!--|--|\{#|^\s*\*)\s*nosem(?:grep)?\b(?::\s*([\w./-]+(?:\s*,\s*[\w./-]+)*))?/;

/** Finds the comments of a source. */
export function silencesIn(lines: readonly string[]): Silence[] {
  return lines.flatMap((text, index) => {
    const match = COMMENT.exec(text);
    if (match === null) return [];
    const rules = (match[1] ?? "").split(",").map((rule) => rule.trim());
    return [{ line: index + 1, column: match.index + 1, rules: rules.filter((rule) => rule !== "") }];
  });
}

/**
 * Reports comments that silence nothing. One that names rules is only judged by a test that has them all: another test may need it.
 *
 * @param findings those of this source, whatever their status
 * @param rules ids of all rules of the test
 */
export function staleSilences(
  path: string,
  lines: readonly string[],
  findings: readonly Finding[],
  rules: ReadonlySet<string>,
): Finding[] {
  const silenced = findings.filter(({ status }) => status === "silenced");
  return silencesIn(lines).flatMap(({ line, column, rules: ids }) => {
    if (!ids.every((id) => rules.has(id))) return [];
    const near = silenced.filter(({ start }) => start.line === line || start.line === line + 1);
    const idle = ids.filter((id) => !near.some(({ rule }) => rule === id));
    if (ids.length > 0 ? idle.length === 0 : near.length > 0) return [];
    const text = lines[line - 1] ?? "";
    const what = ids.length > 0 ? idle.join(", ") : "anything";
    const finding: Finding = {
      rule: STALE,
      path,
      start: { line, column },
      end: { line, column: text.length + 1 },
      severity: "WARNING",
      message: `This comment does not silence ${what} here any more: take it away, so that it does not hide what comes later.`,
      source: [text],
      notes: [],
      fingerprint: "",
      status: "new",
    };
    return [finding];
  });
}
