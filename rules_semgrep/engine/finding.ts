/** Semgrep's severities, the older names and the newer ones. */
export type Severity =
  "ERROR" | "WARNING" | "INFO" | "CRITICAL" | "HIGH" | "MEDIUM" | "LOW" | "INVENTORY" | "EXPERIMENT";

/** Lines and columns count from 1, columns in UTF-16 code units as editors and SARIF count them; `end` is behind the last character. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something that a rule found. */
export interface Finding {
  readonly rule: string;
  /** Of the repository, with `/`. */
  readonly path: string;
  readonly start: Place;
  readonly end: Place;
  readonly severity: Severity;
  readonly message: string;
  /** The lines from start to end as they stand in the file, at most `MAX_SOURCE_LINES`. */
  readonly source: readonly string[];
  /** Replacement text, if the rule has one. */
  readonly fix?: string;
  /** What led there, a line each, such as where tainted data comes from. */
  readonly notes: readonly string[];
  /** 32 hexadecimal digits from rule, path and matched text: the same when lines move. */
  readonly fingerprint: string;
  /** `silenced` by a comment in the source, `known` from the baseline. Only `new` ones can fail a test. */
  readonly status: "new" | "known" | "silenced";
  /** How to silence it, where a comment in the source does not. */
  readonly silence?: string;
}

/** How many lines of a match are kept. */
export const MAX_SOURCE_LINES = 3;

/** Something that the engine could not do. One of them fails the test. */
export interface Fault {
  /** In a few words, such as "rule does not parse". */
  readonly what: string;
  readonly file?: string;
  readonly line?: number;
  readonly rule?: string;
  readonly detail: string;
  /** What whoever reads it can do. */
  readonly advice: string;
}

/** What is said of a rule beside its findings. */
export interface RuleInfo {
  readonly id: string;
  readonly severity: Severity;
  readonly message: string;
  /** From its metadata: addresses, and names such as "CWE-95: ...". */
  readonly references: readonly string[];
  /** The rule file, in the repository. */
  readonly file: string;
}

/** All that one scan says; nothing in it depends on when or where it ran. */
export interface Report {
  readonly label: string;
  /** The engine's version. */
  readonly engine: string;
  readonly rules: readonly RuleInfo[];
  readonly findings: readonly Finding[];
  readonly faults: readonly Fault[];
  /** Entries of the baseline that nothing was found for. */
  readonly gone: readonly Known[];
  readonly scanned: readonly string[];
  /** Sources that no rule speaks of. */
  readonly unscanned: readonly string[];
  /** What was looked at in lockfiles; absent without them. */
  readonly dependencies?: Dependencies;
}

/** The packages that a check of dependencies was of. */
export interface Dependencies {
  readonly lockfiles: readonly { readonly file: string; readonly packages: number }[];
  /** How many of the report's rules are advisories. */
  readonly advisories: number;
  /** What to know of the lockfiles, such as what they do not hold. */
  readonly notes: readonly string[];
}

/** An entry of a baseline. */
export interface Known {
  readonly rule: string;
  readonly path: string;
  readonly fingerprint: string;
  /** The first line of the match, for people. */
  readonly text: string;
}

const RANKS: Readonly<Record<Severity, number>> = {
  CRITICAL: 4,
  HIGH: 3,
  ERROR: 3,
  MEDIUM: 2,
  WARNING: 2,
  LOW: 1,
  INFO: 1,
  INVENTORY: 0,
  EXPERIMENT: 0,
};

/** How severe: 4 critical, 3 error, 2 warning, 1 info, 0 not meant to fail anything; undefined when it is no severity. */
export function rankOf(severity: string): number | undefined {
  return Object.hasOwn(RANKS, severity) ? RANKS[severity as Severity] : undefined;
}

/** Whether a report fails a test: faults, or a new finding at least as severe as `failOn`. */
export function fails(report: Report, failOn: Severity): boolean {
  return report.faults.length > 0 || report.findings.some((finding) => failing(finding, failOn));
}

/** Whether a finding fails a test. */
export function failing(finding: Finding, failOn: Severity): boolean {
  const rank = RANKS[finding.severity];
  return finding.status === "new" && rank > 0 && rank >= RANKS[failOn];
}
