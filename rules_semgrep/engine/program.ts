import { readFile } from "node:fs/promises";
import { parseArgs } from "./arguments.ts";
import type { Command, Io } from "./command.ts";
import { runCommand } from "./run.ts";
import { serve } from "./worker.ts";

/**
 * Runs a program with these commands, and sets the exit status:
 *
 *   node <program>.mjs @FILE [arguments...]      runs one command; FILE has its name and its parameters, a line each
 *   node <program>.mjs --persistent_worker       runs requests of Bazel, until it closes the input
 */
export async function program(commands: Readonly<Record<string, Command>>): Promise<void> {
  const argv = process.argv.slice(2);
  const say = (text: string): void => void process.stderr.write(text);
  if (argv[0] === "--persistent_worker") {
    await serve(commands, process.stdin, (line) => void process.stdout.write(line));
  } else {
    const { name, params, args } = await parseArgs(argv, (path) => readFile(path, "utf8"));
    const io: Io = { args, env: process.env, say };
    process.exitCode = await runCommand(commands, name, params, io);
  }
}
