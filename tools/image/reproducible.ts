import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const [target = "//tools/image/tests:image"] = process.argv.slice(2);
const workspace = process.env["BUILD_WORKSPACE_DIRECTORY"] ?? process.cwd();
const bazel = process.env["BAZEL"] ?? join(workspace, "bazel");
const home = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "homelab", "reproducible");

/** Runs Bazel with an output base of its own; gives what it printed, or ends the program. */
function run(base: string, args: string[]): string {
  const { status, stdout, error } = spawnSync(bazel, [`--output_base=${join(home, base)}`, ...args], {
    cwd: workspace,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (error) throw new Error(`${bazel} does not start; set BAZEL to the Bazel to use`, { cause: error });
  if (status !== 0)
    throw new Error(`\`bazel ${args.join(" ")}\` ended with status ${status}; its message stands above`);
  return stdout;
}

/** Builds the image anew, without the disk cache, and reads its digest. */
function digestFrom(base: string): string {
  const options = ["--disk_cache=", "--noshow_progress", `${target}.digest`];
  run(base, ["build", ...options]);
  const file = run(base, ["cquery", ...options, "--output=files"]).trim();
  const root = run(base, ["info", "execution_root"]).trim();
  return readFileSync(join(root, file), "utf8").trim();
}

mkdirSync(home, { recursive: true });
try {
  const [first, second] = ["first", "second"].map(digestFrom);
  console.log(`${first}\n${second}`);
  if (first !== second)
    throw new Error(`${target} differs between two output bases: compare them below ${home} (kept), layer by layer`);
  console.log(`${target} is the same from both output bases`);
  for (const base of ["first", "second"]) run(base, ["clean", "--expunge"]);
  rmSync(home, { recursive: true, force: true });
} catch (error) {
  console.error(`reproducible: ${(error as Error).message}`);
  process.exitCode = 1;
}
