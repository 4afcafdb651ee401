import { readFile } from "node:fs/promises";
import { compareWith, parseBaseline } from "../baseline.ts";
import type { Report } from "../finding.ts";
import { type Scan, scan } from "../scan.ts";
import { type DependencyScan, dependencyReport } from "./scan.ts";

/** A scan of sources, of dependencies, or of both. */
export type WholeScan = Scan & Partial<Pick<DependencyScan, "dependencies" | "excluded" | "failUnreachable">>;

/**
 * Scans sources with rules, and looks at dependencies where there are some; with dependencies and no rules, at them alone. One baseline
 * is for both.
 *
 * @throws Refusal for rules, baselines and names that cannot be used
 */
export async function scanAll(params: WholeScan): Promise<Report> {
  const { dependencies, excluded = {}, failUnreachable = true, baseline, label, update } = params;
  if (dependencies === undefined) return scan(params);
  const locked = await dependencyReport({ ...params, dependencies, excluded, failUnreachable });
  const report = params.rules.length === 0 ? locked : merged(await scan({ ...params, baseline: null }), locked);
  if (baseline === null) return report;
  const known = parseBaseline(await readFile(baseline.path, "utf8"), baseline.name, label, update);
  return { ...report, ...compareWith(known, report.findings) };
}

function merged(code: Report, { rules, findings, faults, dependencies }: Report): Report {
  return {
    ...code,
    rules: [...code.rules, ...rules],
    findings: [...code.findings, ...findings],
    faults: [...code.faults, ...faults],
    ...(dependencies === undefined ? {} : { dependencies }),
  };
}
