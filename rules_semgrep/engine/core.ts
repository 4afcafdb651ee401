import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pro, proArguments } from "./pro.ts";
import type { Input } from "./rules.ts";
import { codeAnalyzers, RESERVED, TEXT_ANALYZERS } from "./languages.ts";

/** A file and an analyzer that is to read it. */
export interface Target extends Input {
  readonly analyzer: string;
}

/** Limits of one run. */
export interface Limits {
  /** Seconds for one rule on one file. */
  readonly ruleTimeout: number;
  /** MiB of memory for one rule on one file. */
  readonly maxMemory: number;
  /** How the Pro engine is to look, if the program is that one. */
  readonly pro?: Pro | null;
}

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs semgrep-core once, in one process with one worker. It has started when the function returns.
 *
 * Beside the rules it gets one of the ruleset's own for each language, which matches nothing and needs no syntax tree: with it the engine's
 * list of scanned files holds each target once for each analyzer, so that one which it did not take is seen.
 *
 * @param core the program; its libraries stand beside it
 * @param root the folder that holds the targets, for the Pro engine across files
 */
export async function runCore(
  core: string,
  rules: readonly Input[],
  targets: readonly Target[],
  limits: Limits,
  root = ".",
): Promise<Ended> {
  return withTemporaryFolder(async (folder) => {
    const list = join(folder, "targets.json");
    const taken = join(folder, "taken.json");
    writeFileSync(list, targetList(targets));
    writeFileSync(taken, takenRules());
    return run(
      core,
      [
        ...["-json", "-json_nodots", "-j", "1"],
        ...["-timeout", String(limits.ruleTimeout), "-timeout_threshold", "0"],
        ...["-max_memory", String(limits.maxMemory)],
        ...[taken, ...rules.map(({ path }) => path)].flatMap((path) => ["-rules", path]),
        ...["-targets", list],
        ...(limits.pro ? proArguments(limits.pro, root) : []),
      ],
      folder,
    );
  });
}

/** Runs a program in the working directory, with an empty environment and a home of its own, and keeps what it writes. */
export async function run(program: string, args: readonly string[], home: string): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { HOME: home, LC_ALL: "C.UTF-8", TMPDIR: home, SEMGREP_SEND_METRICS: "off" };
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const end = (status: number | null, signal: NodeJS.Signals | null, said = ""): void =>
      resolve({ status, signal, stdout: String(Buffer.concat(stdout)), stderr: String(Buffer.concat(stderr)) + said });
    child.on("error", (error) => end(null, null, error.message));
    child.on("close", (status, signal) => end(status, signal));
  });
}

/** Calls a function with a new folder that is gone afterwards. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "semgrep-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The engine's list of targets. `ppath`, which `paths` of rules are matched with, is the name in the repository. */
export function targetList(targets: readonly Target[]): string {
  const entries = targets.map(({ path, name, analyzer }) => [
    "CodeTarget",
    { path: { fpath: path, ppath: `/${name}` }, analyzer, products: ["sast"] },
  ]);
  return JSON.stringify(["Targets", entries]);
}

function takenRules(): string {
  const rule = (id: string, languages: readonly string[]): object => ({
    id: RESERVED + id,
    languages,
    severity: "INFO",
    message: "taken",
    "pattern-regex": "(?!)",
  });
  return JSON.stringify({
    rules: [rule("code", codeAnalyzers()), ...TEXT_ANALYZERS.map((name) => rule(name, [name]))],
  });
}
