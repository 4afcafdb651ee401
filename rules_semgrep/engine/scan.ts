import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { baselineOf, compareWith, parseBaseline } from "./baseline.ts";
import { Refusal } from "./command.ts";
import { type Ended, type Limits, runCore, withTemporaryFolder } from "./core.ts";
import { faultOfEnd, faultsIn, unreadable } from "./faults.ts";
import type { Fault, Finding, Report } from "./finding.ts";
import { byPlace, compare, findingsOf, withFingerprints } from "./findings.ts";
import { TEXT_ANALYZERS } from "./languages.ts";
import { type CoreOutput, parseOutput } from "./output.ts";
import { linkInto } from "./pro.ts";
import type { Input, Rule } from "./rules.ts";
import { staleSilences } from "./silence.ts";
import { lookAt, type Source, targetsOf } from "./sources.ts";

/** What a scan is of, as the rules in Starlark write it. */
export interface Scan extends Limits {
  readonly label: string;
  /** semgrep-core. */
  readonly core: string;
  readonly sources: readonly Input[];
  readonly rules: readonly Input[];
  /** Ids of rules. */
  readonly excludeRules: readonly string[];
  /** Only rules of these severities; none means all. */
  readonly severities: readonly string[];
  readonly baseline: Input | null;
  readonly maxFileBytes: number;
  /** Whether comments that silence nothing are findings. */
  readonly staleSilences: boolean;
  /** The command that writes the baseline, for messages. */
  readonly update: string;
}

/** Scans sources with rules, in one process of the engine. @throws Refusal for rules, baselines and names that cannot be used */
export async function scan(params: Scan): Promise<Report> {
  return params.pro?.analysis === "interfile"
    ? withTemporaryFolder((root) => scanIn(params, root))
    : scanIn(params, undefined);
}

async function scanIn(params: Scan, root: string | undefined): Promise<Report> {
  const { files: found, faults } = lookAt(params.sources, params.maxFileBytes);
  const files = root === undefined ? found : await linkInto(root, found);
  const targets = targetsOf(files);
  // The engine starts first. What reads rules is loaded, and the rules are read for what the engine does not say, while it runs.
  const [ended, all] = await Promise.all([
    runCore(params.core, params.rules, targets, params, root),
    import("./rules.ts").then(({ readRules }) => readRules(params.rules, params.label)),
  ]);
  const rules = chosen(all, params);
  const { output, faults: engine } = outcome(ended);
  const names = new Map([...files, ...params.rules].map(({ path, name }) => [path, name]));
  const nameOf = (path: string): string => names.get(path) ?? path;
  const spoken = files.filter((file) => speaksOf(rules, file));
  if (spoken.length === 0 && faults.length === 0) throw nothingToDo(params, files);
  const said = output === null ? [] : faultsIn(output, ended.stderr, targets, nameOf);
  const { findings, gone } = await known(params, findingsIn(output, files, rules, params.staleSilences, nameOf));
  return {
    label: params.label,
    engine: output?.version ?? "unknown",
    rules: [...rules].sort((a, b) => compare(a.id, b.id)),
    findings,
    faults: [...faults, ...engine, ...said].sort(byFile),
    gone,
    scanned: spoken.map(({ name }) => name),
    unscanned: files.filter((file) => !spoken.includes(file)).map(({ name }) => name),
  };
}

/** The baseline that knows all that a report holds, which must have no faults. */
export function newBaseline(report: Report): string {
  if (report.faults.length > 0) {
    throw new Refusal(`${report.label}: no baseline was written`, ["The scan did not finish; its test says why."]);
  }
  return baselineOf(report.findings);
}

function outcome(ended: Ended): { output: CoreOutput | null; faults: Fault[] } {
  const end = faultOfEnd(ended);
  try {
    return { output: parseOutput(ended.stdout), faults: end === null ? [] : [end] };
  } catch (error) {
    return { output: null, faults: [end ?? unreadable(error as Error, ended.stderr)] };
  }
}

function chosen(rules: readonly Rule[], { label, excludeRules, severities }: Scan): Rule[] {
  const unknown = excludeRules.filter((id) => !rules.some((rule) => rule.id === id));
  if (unknown.length > 0) {
    throw new Refusal(`${label}: exclude_rules names what is not in rules`, [
      `There is no rule ${unknown.join(", ")} among the ${rules.length} rules.`,
      "Take it out of exclude_rules, or mend the id.",
    ]);
  }
  const wanted = severities.map((severity) => severity.toUpperCase());
  return rules.filter(
    ({ id, severity }) => !excludeRules.includes(id) && (wanted.length === 0 || wanted.includes(severity)),
  );
}

function speaksOf(rules: readonly Rule[], { analyzers }: Source): boolean {
  const readers = [...analyzers, ...TEXT_ANALYZERS];
  return rules.some((rule) => rule.analyzers.some((analyzer) => readers.includes(analyzer)));
}

function nothingToDo({ label, sources }: Scan, files: readonly Source[]): Refusal {
  const names = (files.length > 0 ? files : sources).map(({ name }) => name);
  return new Refusal(`${label}: nothing was scanned`, [
    names.length === 0 ? "There are no sources." : "No rule speaks of the language of any source:",
    ...names.slice(0, 20).map((name) => `  ${name}`),
    ...(names.length > 20 ? [`  and ${names.length - 20} more`] : []),
    "Give it rules for their languages, or take the test away: it would pass whatever they hold.",
  ]);
}

function findingsIn(
  output: CoreOutput | null,
  files: readonly Source[],
  rules: readonly Rule[],
  stale: boolean,
  nameOf: (path: string) => string,
): Finding[] {
  const lines = new Map<string, readonly string[]>();
  const linesOf = (path: string): readonly string[] => {
    const before = lines.get(path);
    if (before !== undefined) return before;
    const read = readFileSync(path, "utf8").split("\n");
    lines.set(path, read);
    return read;
  };
  if (output === null) return [];
  const ids = new Set(rules.map(({ id }) => id));
  const found = findingsOf(output.results, nameOf, linesOf).filter(({ rule }) => ids.has(rule));
  if (!stale) return found;
  const idle = files
    .filter((file) => speaksOf(rules, file))
    .flatMap(({ path, name }) =>
      staleSilences(
        name,
        linesOf(path),
        found.filter((finding) => finding.path === name),
        ids,
      ),
    );
  return idle.length === 0 ? found : withFingerprints([...found, ...idle].sort(byPlace));
}

async function known(
  { baseline, label, update }: Scan,
  findings: Finding[],
): Promise<{ findings: Finding[]; gone: Report["gone"] }> {
  if (baseline === null) return { findings, gone: [] };
  const entries = parseBaseline(await readFile(baseline.path, "utf8"), baseline.name, label, update);
  return compareWith(entries, findings);
}

function byFile(a: Fault, b: Fault): number {
  return (
    compare(a.file ?? "", b.file ?? "") ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compare(a.rule ?? "", b.rule ?? "") ||
    compare(a.detail, b.detail)
  );
}
