import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Job, Outcome, Problem } from "./model.ts";
import { run, type Ran } from "./process.ts";

/** How a tool is run over many files at once. It is started in a folder that holds copies of them and may change them. */
export interface BatchTool {
  readonly name: string;
  /** The absolute name of the program. */
  readonly program: string;
  /** The arguments before the names of the files. */
  readonly args: readonly string[];
  /** Files of configuration to lay beside the copies: name to content. */
  readonly settings: ReadonlyMap<string, Buffer>;
  /** What the tool says of each file, by path. Called when the exit status is not 0. */
  problems(ran: Ran, paths: readonly string[]): ReadonlyMap<string, readonly Problem[]>;
}

const MOST = 100;
const copies = new Set<string>();
process.once("exit", () => copies.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/**
 * Runs the tool over the jobs, in batches side by side. A file counts as done only when a run that held it ended with
 * status 0: after a failure those that were named are reported and the rest is run again, halved when none was named.
 * The tool works on copies, so the checkout is not touched and the verdict is about exactly the bytes of the job.
 */
export async function runBatches(
  tool: BatchTool,
  jobs: readonly Job[],
  report: (path: string, outcome: Outcome) => void,
  started: () => void,
): Promise<void> {
  const size = Math.max(1, Math.min(MOST, Math.ceil(jobs.length / availableParallelism())));
  const batches = Array.from({ length: Math.ceil(jobs.length / size) }, (_, at) =>
    jobs.slice(at * size, (at + 1) * size),
  );
  const drain = async (): Promise<void> => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      await runBatch(tool, batch, report, started);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, drain));
}

async function runBatch(
  tool: BatchTool,
  jobs: readonly Job[],
  report: (path: string, outcome: Outcome) => void,
  started: () => void,
): Promise<void> {
  if (jobs.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), "format-"));
  copies.add(folder);
  let ran: Ran;
  const contents = new Map<string, Buffer>();
  try {
    for (const [name, content] of tool.settings) lay(join(folder, name), content);
    for (const job of jobs) lay(join(folder, job.path), job.content);
    started();
    ran = await run(tool.program, [...tool.args, ...jobs.map(({ path }) => `./${path}`)], { cwd: folder });
    for (const job of jobs) contents.set(job.path, readFileSync(join(folder, job.path)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    copies.delete(folder);
  }
  if (ran.status === 0) {
    for (const job of jobs) report(job.path, { kind: "done", content: contents.get(job.path) ?? job.content });
    return;
  }
  const problems = tool.problems(
    ran,
    jobs.map(({ path }) => path),
  );
  if (problems.size === 0 && jobs.length === 1) {
    for (const { path } of jobs) report(path, { kind: "failed", problems: [unexplained(tool.name, ran)] });
    return;
  }
  for (const [path, said] of problems) report(path, { kind: "failed", problems: said });
  const rest = jobs.filter(({ path }) => !problems.has(path));
  const half = problems.size === 0 ? Math.ceil(rest.length / 2) : rest.length;
  await runBatch(tool, rest.slice(0, half), report, started);
  await runBatch(tool, rest.slice(half), report, started);
}

/** Reads `path:line:column: message` lines, with `./` or without; lines that name none of the paths are left out. */
export function problemsByLine(text: string, paths: readonly string[]): Map<string, Problem[]> {
  const known = new Set(paths);
  const problems = new Map<string, Problem[]>();
  for (const line of text.split("\n")) {
    const [, path = "", row, column, message = ""] = /^(?:\.\/)?(.*?):(\d+):(?:(\d+):)? *(.*)$/.exec(line) ?? [];
    if (!known.has(path)) continue;
    const problem = { line: Number(row), column: column === undefined ? null : Number(column), message };
    problems.set(path, [...(problems.get(path) ?? []), problem]);
  }
  return problems;
}

function unexplained(name: string, ran: Ran): Problem {
  const said = `${ran.stderr}${ran.stdout}`.trim().slice(0, 2_000);
  return {
    line: null,
    column: null,
    message: `${name} ended with ${ran.end}${said === "" ? " and said nothing" : `: ${said}`}`,
  };
}

function lay(file: string, content: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
