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
import { serve } from "./worker.ts";

// Parsers of lockfiles are large: a scan that has none does not load them.
const locked =
  (command: "scaMatches" | "scaPackages" | "scaPlaces"): Command =>
  async (params, io) =>
    (await import("./sca/commands.ts"))[command](params, io);
const tested =
  (command: "scaReport" | "scaTest" | "scaUpdateBaseline"): Command =>
  async (params, io) =>
    (await import("./sca/test.ts"))[command](params, io);

const commands: Readonly<Record<string, Command>> = {
  report,
  "rules-test": rulesTest,
  sarif,
  "sca-matches": locked("scaMatches"),
  "sca-packages": locked("scaPackages"),
  "sca-places": locked("scaPlaces"),
  "sca-report": tested("scaReport"),
  "sca-test": tested("scaTest"),
  "sca-update-baseline": tested("scaUpdateBaseline"),
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
