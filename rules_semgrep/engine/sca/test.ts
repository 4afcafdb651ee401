import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { baselineOf, compareWith, parseBaseline } from "../baseline.ts";
import { type Command, Refusal } from "../command.ts";
import { type Report, type Severity, fails } from "../finding.ts";
import type { Input } from "../rules.ts";
import { sarifOf } from "../sarif.ts";
import { textOf } from "../text.ts";
import { type DependencyScan, dependencyReport } from "./scan.ts";

/** A check of dependencies that is a test. */
export interface DependencyTest extends DependencyScan {
  readonly baseline: Input | null;
  readonly failOn: Severity;
  readonly update: string;
  readonly verbose: boolean;
}

/** The test: as `test`, of dependencies alone. */
export const scaTest: Command<DependencyTest> = async (params, io) => {
  const report = await withBaseline(await dependencyReport(params), params);
  const text = textOf(report, params);
  const outputs = io.env["TEST_UNDECLARED_OUTPUTS_DIR"];
  if (outputs !== undefined) {
    await Promise.all([
      writeFile(join(outputs, "semgrep.json"), pretty(report)),
      writeFile(join(outputs, "semgrep.sarif"), pretty(sarifOf([report]))),
      writeFile(join(outputs, "semgrep.txt"), text),
    ]);
  }
  io.say(`\n${text}\n`);
  return report.faults.length > 0 ? 2 : fails(report, params.failOn) ? 1 : 0;
};

/** The check as an action, for `sarif`. Fails when something could not be decided. */
export const scaReport: Command<DependencyTest & { readonly out: string }> = async (params, io) => {
  const report = await withBaseline(await dependencyReport(params), params);
  if (report.faults.length > 0) {
    io.say(textOf({ ...report, findings: [] }, params));
    return 2;
  }
  await writeFile(params.out, pretty(report));
  return 0;
};

/** Writes the baseline of a check into the repository; under `bazel run`. */
export const scaUpdateBaseline: Command<DependencyTest & { readonly file: string }> = async (params, io) => {
  const root = io.env["BUILD_WORKSPACE_DIRECTORY"];
  if (root === undefined) {
    throw new Refusal(`${params.label}: it writes into the repository`, [`Run it with ${params.update}.`]);
  }
  const report = await dependencyReport(params);
  if (report.faults.length > 0) {
    throw new Refusal(`${params.label}: no baseline was written`, ["The check did not finish; its test says why."]);
  }
  const path = join(root, params.file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, baselineOf(report.findings));
  io.say(
    `${params.file} now knows ${report.findings.filter(({ status }) => status !== "silenced").length} findings.\n`,
  );
  return 0;
};

async function withBaseline(report: Report, { baseline, label, update }: DependencyTest): Promise<Report> {
  if (baseline === null) return report;
  const known = parseBaseline(await readFile(baseline.path, "utf8"), baseline.name, label, update);
  return { ...report, ...compareWith(known, report.findings) };
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
