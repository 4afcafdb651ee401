import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Command, Refusal } from "./command.ts";
import { fails, rankOf, type Report, type Severity } from "./finding.ts";
import { newBaseline } from "./scan.ts";
import { sarifOf } from "./sarif.ts";
import { scanAll, type WholeScan } from "./sca/join.ts";
import { textOf } from "./text.ts";

/** A scan that is a test. */
export interface ScanTest extends WholeScan {
  readonly failOn: string;
  readonly verbose: boolean;
}

/**
 * The test: says what was found and fails on it. `semgrep.json`, `semgrep.sarif` and `semgrep.txt` are left in the test's outputs.
 * Status 1 is for findings, 2 for what could not be decided.
 */
export const test: Command<ScanTest> = async (params, io) => {
  const failOn = severityOf(params);
  const report = await scanAll(params);
  const text = textOf(report, { failOn, update: params.update, verbose: params.verbose });
  const outputs = io.env["TEST_UNDECLARED_OUTPUTS_DIR"];
  if (outputs !== undefined) {
    await Promise.all([
      writeFile(join(outputs, "semgrep.json"), pretty(report)),
      writeFile(join(outputs, "semgrep.sarif"), pretty(sarifOf([report]))),
      writeFile(join(outputs, "semgrep.txt"), text),
    ]);
  }
  io.say(`\n${text}\n`);
  return report.faults.length > 0 ? 2 : fails(report, failOn) ? 1 : 0;
};

/** The scan as an action: its report as JSON, which `sarif` merges. Fails when something could not be decided. */
export const report: Command<ScanTest & { readonly out: string }> = async (params, io) => {
  const made = await scanAll(params);
  if (made.faults.length > 0) {
    io.say(textOf({ ...made, findings: [] }, { failOn: severityOf(params), update: "", verbose: false }));
    return 2;
  }
  await writeFile(params.out, pretty(made));
  return 0;
};

/** Merges reports into one SARIF log. */
export const sarif: Command<{ readonly reports: readonly string[]; readonly out: string }> = async ({
  reports,
  out,
}) => {
  const read = await Promise.all(reports.map(async (path) => JSON.parse(await readFile(path, "utf8")) as Report));
  await writeFile(out, pretty(sarifOf(read)));
  return 0;
};

/** Writes the baseline of a test into the repository; under `bazel run`. */
export const updateBaseline: Command<ScanTest & { readonly file: string }> = async (params, io) => {
  const root = io.env["BUILD_WORKSPACE_DIRECTORY"];
  if (root === undefined)
    throw new Refusal(`${params.label}: it writes into the repository`, [`Run it with ${params.update}.`]);
  if (params.file.startsWith("../")) {
    throw new Refusal(`${params.label}: the baseline belongs to another repository`, [
      `Run it there: ${params.file.slice(3)}.`,
    ]);
  }
  const found = await scanAll({ ...params, baseline: null });
  const text = newBaseline(found);
  const path = join(root, params.file);
  const before = await readFile(path, "utf8").catch(() => "");
  if (before === text) {
    io.say(`${params.file} is up to date.\n`);
    return 0;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  io.say(`${params.file} knows what is found now: ${(JSON.parse(text) as { findings: unknown[] }).findings.length}.\n`);
  return 0;
};

function severityOf({ failOn, label }: ScanTest): Severity {
  if ((rankOf(failOn) ?? 0) > 0) return failOn as Severity;
  throw new Refusal(`${label}: fail_on is no severity`, [
    `Expected INFO, WARNING, ERROR or CRITICAL, received "${failOn}".`,
  ]);
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
