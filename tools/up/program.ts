import { resolve } from "node:path";

import { helpOf, readArgs } from "./args.ts";
import type { PartSet } from "./part.ts";
import { commandLine } from "./processes.ts";
import { UserError } from "./state.ts";
import { up } from "./up.ts";

/** The Node that runs programs written for it: the build's own, else this one. */
const nodeBinary = process.env["JS_BINARY__NODE_BINARY"];
const NODE = nodeBinary === undefined ? process.execPath : resolve(nodeBinary);

const LAUNCHER_CHECK_MS = 500;

/**
 * Runs a set of parts as a program with the command line of this process: signals, the last message, and the exit status
 * (0 stopped as asked, 1 a mishap, 2 wrong arguments).
 */
export async function runUp(set: PartSet, node = NODE): Promise<number> {
  const parsed = readArgs(set, process.argv.slice(2), process.env, process.cwd());
  if (parsed.kind === "help") {
    process.stdout.write(helpOf(set));
    return 0;
  }
  if (parsed.kind === "wrong") {
    process.stderr.write(`up: ${parsed.message}\n`);
    return 2;
  }
  let stop: (reason: string) => void = () => process.exit(130);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(signal));
  process.stdout.on("error", () => stop("nobody reads the output any more"));
  watchLauncher((reason) => stop(reason));
  try {
    await up({
      args: parsed.args,
      set,
      node,
      env: process.env,
      out: process.stdout,
      input: process.stdin,
      onStoppable: (given) => (stop = given),
    });
    return 0;
  } catch (error) {
    process.stderr.write(`up: ${messageOf(error, parsed.args.state)}\n`);
    return 1;
  }
}

/**
 * Under the real rules_js the parent is a launcher script that passes signals on; when it is killed, nobody would.
 * Any other parent, such as a shell that a person leaves, may end without meaning us.
 */
function watchLauncher(stop: (reason: string) => void): void {
  const name = process.env["JS_BINARY__TARGET_NAME"];
  const parent = process.ppid;
  if (name === undefined || !commandLine(parent).includes(`/${name}_/${name}`)) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop("the launcher of up was ended");
  }, LAUNCHER_CHECK_MS);
  timer.unref();
}

function messageOf(error: unknown, state: string): string {
  if (error instanceof UserError) return error.message;
  const { code, path = state, message, stack } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOSPC":
      return `The disk is full: ${path} could not be written. Make room there, or keep the state elsewhere with --state.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `${path} may not be written (${code}). Give this user the right to write there, or name another folder with --state.`;
    default:
      return stack ?? message;
  }
}
