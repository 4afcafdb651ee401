import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const LOCK = "tools/semgrep/semgrep.lock.json";

/** Runs a program in a folder, with its words on this terminal; throws when it does not end well. */
function run(program: string, args: readonly string[], folder: string): void {
  const { status, error } = spawnSync(program, args, { cwd: folder, stdio: "inherit" });
  if (error) throw new Error(`${program} did not start: ${error.message}`, { cause: error });
  if (status !== 0)
    throw new Error(`\`${[program, ...args].join(" ")}\` ended with status ${status}; it says why above`);
}

/** The version of semgrep-core in tools/tools.lock.json. */
function engineVersion(workspace: string): string {
  const { tools } = JSON.parse(readFileSync(join(workspace, "tools/tools.lock.json"), "utf8")) as {
    tools: { semgrep?: { version: string } };
  };
  if (tools.semgrep) return tools.semgrep.version;
  throw new Error("tools/tools.lock.json holds no semgrep; expected the engine that //tools/semgrep:toolchain names");
}

/** Brings semgrep-core, the rule packs and the advisories up to date: `bazel run //tools/semgrep:update [-- <version>]`. */
function main(): void {
  const workspace = process.env["BUILD_WORKSPACE_DIRECTORY"];
  const update = process.env["SEMGREP_UPDATE"];
  if (!workspace || !update) throw new Error("//tools/semgrep:update runs under `bazel run`");
  const [version, ...rest] = process.argv.slice(2);
  if (rest.length > 0) throw new Error("usage: bazel run //tools/semgrep:update [-- <version of semgrep>]");
  const program = resolve(update);
  const own = join(workspace, "bazel");
  const bazel = process.env["BAZEL"] || (existsSync(own) ? own : "bazel");
  run(bazel, ["run", "//tools/lock:update", "--", version ? `semgrep@${version}` : "semgrep"], workspace);
  run(process.execPath, [program, LOCK, "--engine", engineVersion(workspace)], workspace);
}

try {
  main();
} catch (error) {
  console.error(`semgrep update: ${(error as Error).message}`);
  process.exitCode = 1;
}
