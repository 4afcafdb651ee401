/**
 * The engine of rules_semgrep: one program for all actions, tests and programs of the rules.
 *
 *   node engine.mjs @FILE [arguments...]      runs one command; FILE has its name and its parameters, a line each
 *   node engine.mjs --persistent_worker       runs requests of Bazel, until it closes the input
 *
 * To add a command, write a `Command<Params>` and a line here. Rules run it through `engine_action` and `engine_program` of
 * `//private:engine.bzl`. A `Refusal` is the way to fail with a message.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "./arguments.ts";
import type { Command, Io } from "./command.ts";
import { report, sarif, test, updateBaseline } from "./commands.ts";
import { skip } from "./pro.ts";
import { runCommand } from "./run.ts";
import { rulesTest } from "./rules-test.ts";
import { scaMatches, scaPackages, scaPlaces } from "./sca/commands.ts";
import { scaReport, scaTest, scaUpdateBaseline } from "./sca/test.ts";
import { serve } from "./worker.ts";

const commands: Readonly<Record<string, Command>> = {
  report,
  "rules-test": rulesTest,
  sarif,
  "sca-matches": scaMatches,
  "sca-packages": scaPackages,
  "sca-places": scaPlaces,
  "sca-report": scaReport,
  "sca-test": scaTest,
  "sca-update-baseline": scaUpdateBaseline,
  skip,
  test,
  "update-baseline": updateBaseline,
};

const argv = process.argv.slice(2);
const say = (text: string): void => void process.stderr.write(text);
if (argv[0] === "--persistent_worker") {
  await serve(commands, process.stdin, (line) => void process.stdout.write(line));
} else {
  const { name, params, args } = await parseArgs(argv, (path) => readFile(path, "utf8"));
  const io: Io = { args, env: process.env, say };
  process.exitCode = await runCommand(commands, name, params, io);
}
