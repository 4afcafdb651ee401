import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { HELP, Mistake, parseOptions, type Options } from "./args.ts";
import { mutate } from "./check/mutate.ts";
import { check, type Checked, generate, validate } from "./compile.ts";
import { emitStatusSchema } from "./emit/crd.ts";
import { formatted } from "./emit/format.ts";
import { emitMermaid } from "./emit/mermaid.ts";
import type { Machine, Problem } from "./model.ts";
import { SCHEMA } from "./schema.ts";

/** Where the program is, and where it writes messages. */
export interface Surroundings {
  readonly workingDirectory: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Runs the command line; the result is the exit status. */
export async function run(args: readonly string[], at: Surroundings): Promise<0 | 1 | 2> {
  try {
    const options = parseOptions(args);
    if (options.command === "help") at.stdout(HELP);
    else if (options.command === "schema") at.stdout(await formatted(JSON.stringify(SCHEMA), "json"));
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

async function each(options: Options, at: Surroundings): Promise<boolean> {
  let good = true;
  for (const path of machineFiles(options.files.map((file) => resolve(at.workingDirectory, file)))) {
    const look = options.command === "validate" ? validate : check;
    const result = look(shown(path, options, at), read(path));
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
    case "diagram":
      at.stdout(emitMermaid(machine));
      return true;
    case "crd":
      at.stdout(await formatted(JSON.stringify(emitStatusSchema(machine)), "json"));
      return true;
    case "check":
      at.stdout(
        `${machine.file}: ${machine.states.length} states, ${machine.transitions.length} transitions, ${moments} moments: nothing wrong\n`,
      );
      return true;
    case "mutate":
      return mutations(machine, at);
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
  for (const [ending, text] of await generate(machine, name, moments)) {
    const target = join(folder, name + ending);
    if (existsSync(target) && readFileSync(target, "utf8") === text) continue;
    fresh = false;
    at.stdout(`${options.check ? "stale" : "wrote"} ${shown(target, options, at)}\n`);
    if (options.check) continue;
    mkdirSync(folder, { recursive: true });
    writeFileSync(target, text);
  }
  return fresh || !options.check;
}

/** The files themselves, and every machine.yaml below the folders; test data, links and hidden folders are passed over. */
function machineFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    return entries.flatMap((entry) => {
      if (entry.isDirectory() && !/^\.|^(node_modules|testdata)$/.test(entry.name))
        return machineFiles([join(path, entry.name)]);
      return entry.isFile() && entry.name === "machine.yaml" ? [join(path, entry.name)] : [];
    });
  });
}

function read(path: string): string {
  if (!/\.ya?ml$/.test(path)) throw new Mistake(`${path}: expected a file that ends in .yaml`);
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Mistake(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** A path from the root of the repository that has it, so that a header does not depend on where the program was started. */
function shown(path: string, { root }: Options, { workingDirectory }: Surroundings): string {
  let from = root === undefined ? dirname(path) : resolve(workingDirectory, root);
  while (root === undefined && !existsSync(join(from, "MODULE.bazel")) && dirname(from) !== from) from = dirname(from);
  const short = relative(dirname(from) === from ? workingDirectory : from, path);
  return short.startsWith("..") || isAbsolute(short) ? path : short;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
