import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { applyPlans, type FileChange, type Tools } from "./buildozer.ts";
import { unifiedDiff } from "./diff.ts";
import type { GazelleExtension, Repository } from "./extension.ts";
import { isBelow } from "./ignore.ts";
import { type PackagePlan, planChanges } from "./plan.ts";
import { walk } from "./walk.ts";

/** Everything that a run depends on; the caller owns process and terminal. */
export interface Invocation {
  readonly args: readonly string[];
  /** Absolute path of the repository's root. */
  readonly root: string;
  /** Paths among the arguments are relative to this. */
  readonly workingDirectory: string;
  readonly tools: Tools;
  readonly extensions: readonly GazelleExtension[];
}

/** What the process should print and return. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const usage = `usage: gazelle [--mode=fix|diff|print] [folder…]

Writes BUILD files from the sources, for the folders given and all below them (default: the whole repository).
  --mode=fix    write them (default)
  --mode=diff   write nothing; print a diff and return 1 when something would change
  --mode=print  write nothing; print the files that would change
`;

/** Runs one invocation. Status 0: done; 1: `diff` found changes, or a problem needs a person; 2: wrong usage. */
export function gazelle(invocation: Invocation): Outcome {
  try {
    return generate(invocation);
  } catch (error) {
    return { status: 1, stdout: "", stderr: `gazelle: ${(error as Error).message}\n` };
  }
}

function generate(invocation: Invocation): Outcome {
  const parsed = parseArguments(invocation);
  if ("status" in parsed) return parsed;
  const plans = planChanges(walk(invocation.root), invocation.extensions, repositoryAt(invocation.root), (path) =>
    parsed.folders.some((folder) => isBelow(path, folder)),
  );
  const sound = plans.filter(({ edits, problems }) => edits.length > 0 && problems.length === 0);
  const changes = applyPlans(sound, invocation.tools);
  if (parsed.mode === "fix") for (const change of changes) write(invocation.root, change);
  const stderr = describe(plans.filter(({ problems }) => problems.length > 0));
  const failed = stderr !== "" || (parsed.mode === "diff" && changes.length > 0);
  return { status: failed ? 1 : 0, stdout: changes.map(report[parsed.mode]).join(""), stderr };
}

const report: Readonly<Record<Mode, (change: FileChange) => string>> = {
  fix: ({ path, after }) => `${after === "" ? "deleted" : "wrote"} ${path}\n`,
  diff: ({ path, before, after }) => unifiedDiff(path, before, after),
  print: ({ path, after }) => `>>> ${path}\n${after}`,
};

type Mode = "fix" | "diff" | "print";

function parseArguments({ args, root, workingDirectory }: Invocation): Outcome | { mode: Mode; folders: string[] } {
  const options = { mode: { type: "string", default: "fix" }, help: { type: "boolean", default: false } } as const;
  const wrong = (message: string): Outcome => ({ status: 2, stdout: "", stderr: `gazelle: ${message}\n\n${usage}` });
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return wrong((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) return { status: 0, stdout: usage, stderr: "" };
  if (values.mode !== "fix" && values.mode !== "diff" && values.mode !== "print") {
    return wrong(`--mode=${values.mode} is no mode`);
  }
  const folders = positionals.map((path) => relative(root, resolve(workingDirectory, path)));
  const missing = folders.find((path) => path.startsWith("..") || !existsSync(join(root, path)));
  if (missing !== undefined) return wrong(`${missing} is no folder of ${root}`);
  return { mode: values.mode, folders: folders.length > 0 ? folders : [""] };
}

function repositoryAt(root: string): Repository {
  return {
    read: (path) => readFileSync(join(root, path), "utf8"),
    exists: (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false,
  };
}

/** Problems by file and line; the packages that they are in stay as they are. */
function describe(plans: readonly PackagePlan[]): string {
  if (plans.length === 0) return "";
  const problems = plans.flatMap((plan) => plan.problems);
  const lines = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  const files = plans.map((plan) => plan.package.buildFile).join(", ");
  return `${[...new Set(lines)].sort().join("\n")}\ngazelle: left as it is for these problems: ${files}\n`;
}

/** Replaces the file in one step, so that no half-written one is ever seen. */
function write(root: string, { path, after }: FileChange): void {
  const target = join(root, path);
  if (after === "") return rmSync(target, { force: true });
  mkdirSync(dirname(target), { recursive: true });
  const fresh = `${target}.${process.pid}.new`;
  writeFileSync(fresh, after);
  renameSync(fresh, target);
}
