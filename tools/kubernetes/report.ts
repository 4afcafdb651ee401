import type { Finding, Report } from "./finding.ts";

/** A finding as a person reads it; the first line is one that editors and terminals link. */
export function findingText(finding: Finding): string {
  return [
    place(finding),
    `  is        ${finding.is}`,
    `  expected  ${finding.expected}`,
    `  mend      ${finding.mend}`,
    "",
  ].join("\n");
}

/** All findings in the order of files and lines, allowances with their reasons, and `12 files, 31 resources: 2 findings`. */
export function reportText(
  report: Pick<Report, "files" | "allowed" | "resources">,
  findings: readonly Finding[],
): string {
  const ordered = findings.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  return [
    ...ordered.map(findingText),
    ...report.allowed.map(({ finding, reason }) => `${place(finding)} allowed: ${reason}\n`),
    `${counted(report.files, "file")}, ${counted(report.resources.length, "resource")}: `,
    `${findings.length === 0 ? "no findings" : counted(findings.length, "finding")}\n`,
  ].join("");
}

function place(finding: Finding): string {
  const container = finding.container === undefined ? "" : `container ${finding.container}`;
  return `${finding.file}:${finding.line}: ${[finding.resource, container, `[${finding.rule}]`].filter(Boolean).join(", ")}`;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
