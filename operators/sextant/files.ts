import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { Mistake } from "./args.ts";

/**
 * The files themselves, and every machine.yaml below the folders; test data, links and hidden folders are passed over.
 * @throws Mistake for a folder without any
 */
export function machineFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!isFolder(path)) return [path];
    const found = below(path);
    if (found.length > 0) return found;
    throw new Mistake(`${path}: expected a machine.yaml in it or below; sextant new writes one`);
  });
}

function below(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.isDirectory() && !/^\.|^(node_modules|testdata)$/.test(entry.name))
      return below(join(folder, entry.name));
    return entry.isFile() && entry.name === "machine.yaml" ? [join(folder, entry.name)] : [];
  });
}

/** Whether there is a folder. */
export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * The bytes of a machine's file.
 * @throws Mistake when it is none, or cannot be read
 */
export function readBytes(path: string): Uint8Array {
  if (!/\.ya?ml$/.test(path)) throw new Mistake(`${path}: expected a file that ends in .yaml`);
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Mistake(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** The folder above a path that has MODULE.bazel; undefined where none has. */
export function repositoryOf(path: string): string | undefined {
  for (let from = path; ; from = dirname(from)) {
    if (existsSync(join(from, "MODULE.bazel"))) return from;
    if (dirname(from) === from) return undefined;
  }
}

/** A path from the root of the repository that has it, so that a header does not depend on where the program was started. */
export function shown(path: string, root: string | undefined, workingDirectory: string): string {
  const from = root === undefined ? repositoryOf(path) : resolve(workingDirectory, root);
  const short = relative(from ?? workingDirectory, path);
  return short.startsWith("..") || isAbsolute(short) ? path : short;
}
