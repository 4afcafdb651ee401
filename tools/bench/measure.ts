import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { callerEnv, runBazel } from "#tools/ci/bazel.ts";

/** Where and how figures are measured. */
export interface Bench {
  readonly root: string;
  readonly bazel: string;
  /** Folder of the service in which a line is changed, such as `services/trips-api`. */
  readonly service: string;
}

const scratchFolder = (): string => {
  const parent = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "homelab", "bench");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "run-"));
};

const QUIET = ["--noshow_progress", "--ui_event_filters=-info"];

/** Runs Bazel and returns the seconds it took; throws with the end of its output when it fails. */
export function timed(
  bench: Bench,
  args: readonly string[],
  where: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): number {
  const start = performance.now();
  const { status, stdout, stderr } = runBazel(bench.bazel, args, {
    cwd: where.cwd ?? bench.root,
    quiet: true,
    ...(where.env ? { env: where.env } : {}),
  });
  const took = (performance.now() - start) / 1_000;
  if (status === 0) return took;
  const said = `${stderr}\n${stdout}`.trimEnd().split("\n").slice(-15).join("\n    ");
  throw new Error(`bazel ${args.join(" ")} ended with status ${status}:\n    ${said}`);
}

/** What a measurement gives, some times in a row. */
export const repeat = (times: number, once: () => number): number[] => Array.from({ length: times }, once);

/** What a call of a running Bazel costs that has nothing to do; the ratios are to this. */
export const baseline = (bench: Bench, times: number): number[] => {
  timed(bench, ["info", "release"]);
  return repeat(times, () => timed(bench, ["info", "release"]));
};

/** `test //...` when nothing has changed since the last one. */
export function unchanged(bench: Bench, times: number): number[] {
  timed(bench, ["test", "//...", ...QUIET]);
  return repeat(times, () => timed(bench, ["test", "//...", ...QUIET]));
}

/**
 * Adds a line with an effect to the service's main.ts, so that its bundle and image change too, and tests the package.
 * Every repeat is another line; the file is put back, also when the measurement is broken off.
 */
export function oneLine(bench: Bench, times: number): number[] {
  const path = join(bench.root, bench.service, "main.ts");
  const before = readFileSync(path);
  const restore = () => writeFileSync(path, before);
  process.once("exit", restore);
  try {
    timed(bench, ["test", `//${bench.service}/...`, ...QUIET]);
    return repeat(times, () => {
      writeFileSync(path, `${before.toString()}\nprocess.title = "${randomUUID()}";\n`);
      return timed(bench, ["test", `//${bench.service}/...`, ...QUIET]);
    });
  } finally {
    restore();
    process.off("exit", restore);
  }
}

/** The formatter on a tree that it has just seen. */
export function format(bench: Bench, times: number): number[] {
  timed(bench, ["run", "//:format", ...QUIET]);
  return repeat(times, () => timed(bench, ["run", "//:format", ...QUIET]));
}

/** `test //...` in a new output base, with the disk cache that the checkout has just filled. */
export function newRunner(bench: Bench): number[] {
  timed(bench, ["test", "//...", ...QUIET]);
  const scratch = scratchFolder();
  const base = `--output_base=${join(scratch, "base")}`;
  try {
    return [timed(bench, [base, "test", "//...", ...QUIET])];
  } finally {
    runBazel(bench.bazel, [base, "clean", "--expunge"], { cwd: bench.root, quiet: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

function clone(bench: Bench, into: string): void {
  const env = callerEnv(process.env);
  runBazel("git", ["clone", "--quiet", "--no-local", bench.root, into], { cwd: dirname(into), env, quiet: true });
  if (!existsSync(join(into, "MODULE.bazel")))
    throw new Error(`git could not clone ${bench.root}; is it a git checkout?`);
  const lane = join(bench.root, ".lane");
  if (existsSync(lane)) writeFileSync(join(into, ".lane"), readFileSync(lane));
}

/** `test //...` in a fresh clone of what is committed, with the caches in the user's cache folder. */
export function secondClone(bench: Bench): number[] {
  timed(bench, ["test", "//...", ...QUIET]);
  const scratch = scratchFolder();
  const folder = join(scratch, "clone");
  const inClone = { ...bench, root: folder, bazel: join(folder, "bazel") };
  try {
    clone(bench, folder);
    return [timed(inClone, ["test", "//...", ...QUIET])];
  } finally {
    if (existsSync(inClone.bazel)) runBazel(inClone.bazel, ["clean", "--expunge"], { cwd: folder, quiet: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What tells npm, pip and go where their registries are, below the home folder. */
const CLIENT_SETTINGS = [".npmrc", ".config/pip", ".pip", ".config/go", ".netrc"];

function emptyHome(folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  for (const name of CLIENT_SETTINGS) {
    const from = join(homedir(), name);
    if (!existsSync(from)) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(from, join(folder, name));
  }
  const { XDG_CACHE_HOME: _cache, ...env } = callerEnv(process.env);
  return { ...env, HOME: folder };
}

async function untilReady(bench: Bench, env: Readonly<Record<string, string>>): Promise<number> {
  const start = performance.now();
  const up = spawn(bench.bazel, ["run", "//:up", ...QUIET, "--", "--port", "0"], {
    cwd: bench.root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ended = new Promise<void>((resolve) => up.on("exit", () => resolve()));
  const ready = new Promise<boolean>((resolve) => {
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
      if (said.includes("Ready in ")) resolve(true);
    };
    up.stdout.on("data", listen);
    up.stderr.on("data", listen);
    void ended.then(() => resolve(false));
  });
  const came = await ready;
  const took = (performance.now() - start) / 1_000;
  up.kill("SIGINT");
  await ended;
  if (!came)
    throw new Error(`up ended before it was ready:\n    ${said.trimEnd().split("\n").slice(-15).join("\n    ")}`);
  return took;
}

/** Both commands in a clone, one after the other, with an empty home folder but for the registries' settings. */
export async function cold(bench: Bench): Promise<{ seconds: number[]; note: string }> {
  const scratch = scratchFolder();
  const folder = join(scratch, "clone");
  const env = emptyHome(join(scratch, "home"));
  const inClone = { ...bench, root: folder, bazel: join(folder, "bazel") };
  try {
    clone(bench, folder);
    const tested = timed(inClone, ["test", "//...", ...QUIET], { env });
    const started = await untilReady(inClone, env);
    return { seconds: [tested + started], note: `test ${Math.round(tested)} s, up ${Math.round(started)} s` };
  } finally {
    if (existsSync(inClone.bazel)) runBazel(inClone.bazel, ["clean", "--expunge"], { cwd: folder, env, quiet: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A short digest of what git sees in the checkout, to tell that a benchmark has left it as it was. */
export function treeState(root: string): string {
  const { stdout } = runBazel("git", ["status", "--porcelain=v1", "-z"], { cwd: root, quiet: true });
  const { stdout: changes } = runBazel("git", ["diff", "HEAD"], { cwd: root, quiet: true });
  return createHash("sha256").update(stdout).update(changes).digest("hex").slice(0, 12);
}
