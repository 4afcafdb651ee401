/** Runs a test in this test's place and looks at how it ends: `said.ts FILE`, a JSON object as `Task`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Task {
  readonly command: readonly string[];
  readonly status: number;
  readonly expect: readonly string[];
  readonly refuse: readonly string[];
  /** Output files of the inner test, each with texts that it has to have. */
  readonly outputs: Readonly<Record<string, readonly string[]>>;
}

const task = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Task;
const [program = "", ...args] = task.command;
const home = process.env["TEST_TMPDIR"] ?? "";
const problems: string[] = [];

function runInto(folder: string): { status: number | null; text: string } {
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, TEST_UNDECLARED_OUTPUTS_DIR: folder, XML_OUTPUT_FILE: join(folder, "test.xml") };
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", env });
  if (error !== undefined) throw error;
  return { status, text: stdout + stderr };
}

const first = runInto(join(home, "first"));
const second = runInto(join(home, "second"));
if (first.status !== task.status) problems.push(`expected status ${task.status}, received ${first.status}`);
if (first.text !== second.text)
  problems.push(`expected the same words twice, received the second time:\n${second.text}`);
for (const text of task.expect) if (!first.text.includes(text)) problems.push(`expected a message with: ${text}`);
for (const text of task.refuse) if (first.text.includes(text)) problems.push(`expected no message with: ${text}`);
for (const [name, texts] of Object.entries(task.outputs)) {
  const written = readFileSync(join(home, "first", name), "utf8");
  if (written !== readFileSync(join(home, "second", name), "utf8"))
    problems.push(`expected the same bytes twice in ${name}`);
  for (const text of texts)
    if (!written.includes(text)) problems.push(`expected in ${name}: ${text}\nreceived:\n${written}`);
}
for (const problem of problems) console.error(problem);
console.error(`received (status ${first.status}):\n${first.text}`);
process.exitCode = problems.length === 0 ? 0 : 1;
