/** Something that is wrong with a manifest. */
export interface Finding {
  /** The check that found it, such as `probes`; an allowance names it. */
  readonly rule: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** `Deployment trips-api`, or empty where the file has no resource. */
  readonly resource: string;
  readonly container?: string;
  /** What stands there. */
  readonly is: string;
  /** What was expected, and why. */
  readonly expected: string;
  /** How to mend it. */
  readonly mend: string;
}

/** A finding as a person reads it: four lines, the first as editors and terminals link it. */
export function findingText(finding: Finding): string {
  return [
    findingPlace(finding),
    `  is        ${finding.is}`,
    `  expected  ${finding.expected}`,
    `  mend      ${finding.mend}`,
  ].join("\n");
}

/** Where a finding is and which check it is of: `x.yaml:3: Deployment web, container api, [probes]`. */
export function findingPlace(finding: Finding): string {
  const container = finding.container === undefined ? "" : `container ${finding.container}`;
  return `${finding.file}:${finding.line}: ${[finding.resource, container, `[${finding.rule}]`].filter(Boolean).join(", ")}`;
}

/** By file, then line, then rule: the order does not depend on which check came first. */
export function sortedFindings(findings: readonly Finding[]): Finding[] {
  const key = (finding: Finding) => [finding.file, finding.rule, finding.container ?? "", finding.is].join("\0");
  return findings.toSorted((a, b) =>
    a.file === b.file && a.line !== b.line ? a.line - b.line : key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0,
  );
}
