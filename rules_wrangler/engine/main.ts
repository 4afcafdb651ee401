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
import type { Command, Io } from "./command.ts";
import { runCommand } from "./run.ts";
import { serve } from "./worker.ts";

/** A command that is loaded when it is first called: a deployment does not wait for parsers. */
const lazy =
  (load: () => Promise<Command>): Command =>
  async (params, io) =>
    (await load())(params, io);

const commands: Readonly<Record<string, Command>> = {
  check: lazy(async () => (await import("./check.ts")).check),
  deploy: lazy(async () => (await import("./deploy/deploy.ts")).deploy),
  rollback: lazy(async () => (await import("./deploy/rollback.ts")).rollback),
  "security-headers": lazy(async () => (await import("./security/headers.ts")).securityHeaders),
  stage: lazy(async () => (await import("./stage.ts")).stage),
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
