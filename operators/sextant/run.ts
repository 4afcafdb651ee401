import { existsSync, mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Mistake, parseOptions, type Options } from "./args.ts";
import { mutate } from "./check/mutate.ts";
import { check, type Checked, generate, validate } from "./compile.ts";
import { emitAlerts } from "./emit/alerts.ts";
import { emitDefinition, emitStatusSchema } from "./emit/crd.ts";
import { emitDashboard } from "./emit/dashboard.ts";
import { formatted } from "./emit/format.ts";
import { emitMermaid } from "./emit/mermaid.ts";
import { isFolder, machineFiles, readBytes, shown } from "./files.ts";
import type { Machine, Problem } from "./model.ts";
import { writeNew } from "./new/new.ts";
import { textOf } from "./read/text.ts";
import { SCHEMA } from "./schema.ts";

/** Where the program is, and where it writes messages. */
export interface Surroundings {
  readonly workingDirectory: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Ends --watch. */
  readonly signal?: AbortSignal;
}

/** Runs the command line; the result is the exit status. */
export async function run(args: readonly string[], at: Surroundings): Promise<0 | 1 | 2> {
  try {
    const options = parseOptions(args);
    if (typeof options === "string") at.stdout(options);
    else if (options.command === "schema") at.stdout(await formatted(JSON.stringify(SCHEMA), "json"));
    else if (options.command === "new") return await begin(options, at);
    else if (options.watch) return await watching(options, at);
    else return (await each(options, at)) ? 0 : 1;
    return 0;
  } catch (error) {
    at.stderr(`sextant: ${error instanceof Mistake ? error.message : describe(error)}\n`);
    return 2;
  }
}

type Sound = Extract<Checked, { ok: true }>;

/** A problem as editors and terminals link it. */
export const problemLine = ({ file, line, column, message }: Problem): string =>
  `${file}:${line}:${column}: ${message}\n`;

/** Commands that print one document, so that they take one machine. */
const SINGLE: readonly Options["command"][] = ["crd", "alerts", "dashboard"];

async function each(options: Options, at: Surroundings): Promise<boolean> {
  let good = true;
  const paths = machineFiles(options.files.map((file) => resolve(at.workingDirectory, file)));
  if (SINGLE.includes(options.command) && paths.length > 1)
    throw new Mistake(`${options.command}: expected one machine, got ${paths.length}; name its file or folder`);
  for (const path of paths) {
    const name = shown(path, options.root, at.workingDirectory);
    const source = textOf(name, readBytes(path));
    const look = options.command === "validate" ? validate : check;
    const result: Checked = typeof source === "string" ? look(name, source) : { ok: false, problems: [source] };
    if (!result.ok) for (const problem of result.problems) at.stderr(problemLine(problem));
    good = result.ok && (await act(options, path, result, at)) && good;
  }
  return good;
}

async function act(options: Options, path: string, sound: Sound, at: Surroundings): Promise<boolean> {
  const { machine, moments } = sound;
  switch (options.command) {
    case "generate":
      return write(options, path, sound, at);
    case "mutate":
      return mutations(machine, at);
    case "check":
      at.stdout(
        `${machine.file}: ${machine.states.length} states, ${machine.transitions.length} transitions, ${moments} moments: nothing wrong\n`,
      );
      return true;
    case "diagram":
      at.stdout(emitMermaid(machine));
      return true;
    case "crd":
      at.stdout(await formatted(JSON.stringify(emitDefinition(machine) ?? emitStatusSchema(machine)), "json"));
      return true;
    case "alerts":
      at.stdout(await formatted(emitAlerts(machine), "yaml"));
      return true;
    case "dashboard":
      at.stdout(await formatted(JSON.stringify(emitDashboard(machine)), "json"));
      return true;
    default:
      return true;
  }
}

/** Prints what survives; a mutation that nothing notices is missing from `properties`. */
function mutations(machine: Machine, at: Surroundings): boolean {
  const all = mutate(machine);
  const survivors = all.filter(({ problems }) => problems.length === 0);
  for (const { line, description } of survivors)
    at.stderr(`${machine.file}:${line}: nothing notices ${description}; say under properties what it would break\n`);
  at.stdout(`${machine.file}: ${all.length - survivors.length} of ${all.length} mutations are noticed\n`);
  return survivors.length === 0;
}

async function write(options: Options, path: string, { machine, moments }: Sound, at: Surroundings): Promise<boolean> {
  const folder = options.out === undefined ? dirname(path) : resolve(at.workingDirectory, options.out);
  let fresh = true;
  const name = basename(path).replace(/\.ya?ml$/, "");
  const wanted = (ending: string): boolean => existsSync(join(dirname(path), name + ending));
  for (const [ending, text] of await generate(machine, name, moments, wanted)) {
    const target = join(folder, name + ending);
    if (existsSync(target) && readFileSync(target, "utf8") === text) continue;
    fresh = false;
    at.stdout(`${options.check ? "stale" : "wrote"} ${shown(target, options.root, at.workingDirectory)}\n`);
    if (options.check) continue;
    mkdirSync(folder, { recursive: true });
    writeFileSync(target, text);
  }
  return fresh || !options.check;
}

async function begin({ files, kind, group = "example.org" }: Options, at: Surroundings): Promise<0 | 1> {
  const folder = resolve(at.workingDirectory, files[0]!);
  for (const file of await writeNew(folder, kind, group)) at.stdout(`wrote ${file}\n`);
  if (!(await each({ command: "generate", files: [folder] }, at))) return 1;
  const label = `//${shown(folder, undefined, at.workingDirectory)}`;
  at.stdout(`\nnext: ./bazel run //:format            writes its BUILD file\n      ./bazel test ${label}/...\n`);
  return 0;
}

/** How long files have to be quiet: editors write in several steps. */
const QUIET_MS = 50;

/** Does the same at each change of a machine's file, until the signal; problems are printed, and end nothing. */
async function watching(options: Options, at: Surroundings): Promise<0> {
  const paths = options.files.map((file) => resolve(at.workingDirectory, file));
  let wake = Promise.withResolvers<void>();
  const watchers = paths.map((path) => {
    const folder = isFolder(path) ? path : dirname(path);
    return watch(folder, { recursive: isFolder(path) }, (_, file) => {
      if (/\.ya?ml$/.test(file ?? "")) wake.resolve();
    });
  });
  at.signal?.addEventListener("abort", () => wake.resolve(), { once: true });
  while (!at.signal?.aborted) {
    wake = Promise.withResolvers<void>();
    try {
      if (await each(options, at)) at.stdout("watching; Ctrl-C ends\n");
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      at.stderr(`sextant: ${error.message}\n`);
    }
    await wake.promise;
    await sleep(QUIET_MS);
  }
  for (const watcher of watchers) watcher.close();
  return 0;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
