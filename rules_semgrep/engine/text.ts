import { type Fault, failing, type Finding, type Report, rankOf, type Severity } from "./finding.ts";

/** What a text is written for. */
export interface Wording {
  readonly failOn: Severity;
  /** The command that takes findings into the baseline; empty without one. */
  readonly update: string;
  /** Whether sources without a rule, known and silenced findings are listed. */
  readonly verbose: boolean;
}

const WIDTH = 110;

/** A report for people: faults first, then findings with their source, then what to do. */
export function textOf(report: Report, { failOn, update, verbose }: Wording): string {
  const shown = report.findings.filter(({ status }) => status === "new" || verbose);
  const parts = [
    ...report.faults.map(faultText),
    ...shown.map((finding) => findingText(finding, failing(finding, failOn))),
    ...gone(report, update),
    ...(report.dependencies?.notes ?? []).map((note) => `note: ${note}\n`),
    ...(verbose ? report.unscanned.map((name) => `${name}: not scanned: no rule speaks of it\n`) : []),
    ...howToSilence(
      shown.filter((finding) => failing(finding, failOn)),
      update,
    ),
    `${summary(report, failOn)}\n`,
  ];
  return parts.join("\n");
}

/** One line: how much was scanned and found. */
export function summary(
  { label, findings, faults, scanned, rules, unscanned, dependencies }: Report,
  failOn: Severity,
): string {
  const count = (status: Finding["status"]): number => findings.filter((finding) => finding.status === status).length;
  const below = findings.filter((finding) => finding.status === "new" && !failing(finding, failOn)).length;
  const parts = [
    plural(count("new"), "finding") + (below > 0 ? ` (${below} below fail_on = ${failOn})` : ""),
    ...(faults.length > 0 ? [plural(faults.length, "fault")] : []),
    ...(count("known") > 0 ? [`${count("known")} known`] : []),
    ...(count("silenced") > 0 ? [`${count("silenced")} silenced`] : []),
  ];
  const aside = unscanned.length > 0 ? `, no rule for ${plural(unscanned.length, "other")}` : "";
  const locked = (dependencies?.lockfiles ?? []).map(
    ({ file, packages }) => `${plural(packages, "package")} of ${file}`,
  );
  const code = `${plural(rules.length - (dependencies?.advisories ?? 0), "rule")} on ${plural(scanned.length, "file")}${aside}`;
  const looked = [...(dependencies === undefined || scanned.length > 0 ? [code] : []), ...locked];
  return `${label}: ${parts.join(", ")}; ${looked.join(", ")}`;
}

function faultText({ what, file, line, rule, detail, advice }: Fault): string {
  const where = [file, line].filter((part) => part !== undefined).join(":");
  const head = [where, "fault", what + (rule === undefined ? "" : ` [${rule}]`)]
    .filter((part) => part !== "")
    .join(": ");
  return [head, ...detail.split("\n").flatMap((text) => wrapped(text)), ...wrapped(advice), ""].join("\n");
}

function findingText(finding: Finding, fatal: boolean): string {
  const { rule, path, start, severity, message, notes, fix, status } = finding;
  const state = status === "new" ? (fatal ? "" : " (does not fail the test)") : ` (${status})`;
  return [
    `${path}:${start.line}:${start.column}: ${nameOf(severity)}: ${rule}${state}`,
    ...message.split("\n").flatMap((text) => wrapped(text)),
    ...excerpt(finding),
    ...notes.map((note) => `  note: ${note}`),
    ...(fix === undefined ? [] : [`  fix: ${fix.split("\n").join("\n       ")}`]),
    "",
  ].join("\n");
}

function excerpt({ start, end, source }: Finding): string[] {
  const gutter = String(start.line + source.length - 1).length;
  const [first = ""] = source;
  const last = end.line === start.line ? end.column : first.length + 1;
  const indent = first.slice(0, start.column - 1).replace(/[^\t]/g, " ");
  const marks = "^".repeat(Math.max(1, last - start.column));
  const [head = "", ...rest] = source.map(
    (text, index) => `  ${String(start.line + index).padStart(gutter)} | ${text}`,
  );
  const more = end.line > start.line + source.length - 1 ? [`  ${"".padStart(gutter)} | ...`] : [];
  return [head, `  ${"".padStart(gutter)} | ${indent}${marks}`, ...rest, ...more];
}

function gone({ gone: entries }: Report, update: string): string[] {
  if (entries.length === 0) return [];
  const lines = entries.map(({ path, rule, text }) => `  ${path}: ${rule}: ${text}`);
  return [[`The baseline knows what is there no more; ${update} takes it out:`, ...lines, ""].join("\n")];
}

function howToSilence(failed: readonly Finding[], update: string): string[] {
  if (failed.length === 0) return [];
  const code = failed.find(({ silence }) => silence === undefined);
  const locked = failed.find(({ silence }) => silence !== undefined);
  const ways = [
    ...(code === undefined ? [] : [`a comment on its line or above: nosemgrep: ${code.rule} -- <reason>`]),
    ...(locked === undefined ? [] : [`for an advisory: ${locked.silence}`]),
  ];
  const hold = update === "" ? [] : [`To hold the line at what is there now: ${update}`];
  return [[...ways.map((way) => `To silence a finding that is right as it is, ${way}`), ...hold, ""].join("\n")];
}

function nameOf(severity: Severity): string {
  return ["note", "info", "warning", "error", "critical"][rankOf(severity) ?? 0] ?? "note";
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.trim().split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH - 2) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((part) => `  ${part}`.trimEnd());
}
