/**
 * The engine of rules_helm: one program for all actions, tests and programs of the rules.
 *
 *   node engine.mjs @FILE [arguments...]      runs one command; FILE has its name and its parameters, a line each
 *   node engine.mjs --persistent_worker       runs requests of Bazel, until it closes the input
 *
 * To add a command, write `engine/<command>.ts` (or a folder) that exports a `Command<Params>`, and a line here. Rules run it through
 * `engine_action` and `engine_program` of `//private:engine.bzl`. A `Refusal` is the way to fail with a message.
 */
import { readFile } from "node:fs/promises";
import { application } from "./application/command.ts";
import { parseArgs } from "./arguments.ts";
import { check } from "./check/check.ts";
import { schemas } from "./check/schemas.ts";
import type { Command, Io } from "./command.ts";
import { coverage } from "./coverage/command.ts";
import { determinism } from "./determinism.ts";
import { diffOutput } from "./diff/output.ts";
import { diff } from "./diff/program.ts";
import { digest } from "./digest.ts";
import { lint } from "./lint.ts";
import { manifestsOrphans, manifestsStaleness, manifestsUpdate } from "./manifests/commands.ts";
import { packChart } from "./package.ts";
import { push } from "./push.ts";
import { pushTest } from "./push-test.ts";
import { render } from "./render.ts";
import { runCommand } from "./run.ts";
import { sameBytes } from "./same-bytes.ts";
import { templateTest } from "./template-test.ts";
import { serve } from "./worker.ts";

const commands: Readonly<Record<string, Command>> = {
  application,
  check,
  coverage,
  determinism,
  diff,
  "diff-output": diffOutput,
  digest,
  lint,
  "manifests-orphans": manifestsOrphans,
  "manifests-staleness": manifestsStaleness,
  "manifests-update": manifestsUpdate,
  package: packChart,
  push,
  "push-test": pushTest,
  render,
  "same-bytes": sameBytes,
  "template-test": templateTest,
  schemas,
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
