/** Runs a command that has to fail, and looks for each expected text in what it says: `refusal.ts FILE`, `{ expect, command }` in JSON. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const { expect, command } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as {
  expect: string[];
  command: string[];
};
const [program = "", ...args] = command;
const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
if (error !== undefined) throw error;
const said = stdout + stderr;
const absent = expect.filter((text) => !said.includes(text));
if (status === 0) console.error(`expected a failure, but it passed: ${command.join(" ")}`);
for (const text of absent) console.error(`expected a message with: ${text}`);
console.error(`received (status ${status}):\n${said}`);
process.exitCode = status !== 0 && absent.length === 0 ? 0 : 1;
