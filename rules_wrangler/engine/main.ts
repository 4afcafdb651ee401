/**
 * The engine of rules_wrangler: one program for all actions, tests and programs of the rules.
 *
 *   node engine.mjs @FILE [arguments...]      runs one command; FILE has its name and its parameters, a line each
 *   node engine.mjs --persistent_worker       runs requests of Bazel, until it closes the input
 *
 * To add a command, write a file that exports a `Command<Params>`, and a line here. Rules run it through `engine_action`
 * and `engine_program` of `//private:engine.bzl`. A `Refusal` is the way to fail with a message.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "./arguments.ts";
import { check } from "./check.ts";
import type { Command, Io } from "./command.ts";
import { deploy } from "./deploy/deploy.ts";
import { rollback } from "./deploy/rollback.ts";
import { runCommand } from "./run.ts";
import { securityHeaders } from "./security/headers.ts";
import { stage } from "./stage.ts";
import { serve } from "./worker.ts";

const commands: Readonly<Record<string, Command>> = {
  check,
  deploy,
  rollback,
  "security-headers": securityHeaders,
  stage,
};

const argv = process.argv.slice(2);
const say = (text: string): void => void process.stderr.write(text);
const print = (text: string): void => void process.stdout.write(text);
if (argv[0] === "--persistent_worker") {
  await serve(commands, process.stdin, (line) => void process.stdout.write(line));
} else {
  const { name, params, args } = await parseArgs(argv, (path) => readFile(path, "utf8"));
  const io: Io = { args, env: process.env, say, print };
  process.exitCode = await runCommand(commands, name, params, io);
}
