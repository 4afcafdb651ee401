import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import picomatch from "picomatch";
import { digest } from "./digest.ts";
import { type Ran, run } from "./process.ts";
import type { Tree } from "./tree.ts";

/** A program that writes files of the tree. `inputs` are globs over all files that it reads or writes. */
export interface Generator {
  readonly name: string;
  /** The absolute name of the program. */
  readonly program: string;
  /** A digest of the program and of everything that it brings. */
  readonly tool: string;
  readonly args: readonly string[];
  /** The arguments with which it changes nothing and fails when something is stale. */
  readonly checkArgs: readonly string[];
  readonly inputs: readonly string[];
}

/** What became of a generator. `changed` are the inputs that differ after it ran. */
export type Generated =
  | { readonly name: string; readonly kind: "remembered" | "fresh" }
  | { readonly name: string; readonly kind: "ran"; readonly changed: readonly string[] }
  | { readonly name: string; readonly kind: "failed" | "stale"; readonly said: string };

/** Reads the manifests that format_generator writes; names in them are relative to the working directory. */
export function readGenerators(manifests: readonly string[]): readonly Generator[] {
  return manifests.map((manifest) => {
    const read = JSON.parse(readFileSync(manifest, "utf8")) as Generator & { readonly digestFile: string };
    return { ...read, program: resolve(read.program), tool: readFileSync(read.digestFile, "utf8").trim() };
  });
}

/** The digests of the files that a generator's globs match, by path, of all `paths` of the tree. */
export function inputsOf(generator: Generator, tree: Tree, paths: readonly string[]): ReadonlyMap<string, string> {
  const matches = picomatch([...generator.inputs], { dot: true });
  return new Map(paths.filter((path) => matches(path)).map((path) => [path, tree.known(path)?.digest ?? "none"]));
}

/** The key under which it is remembered that this generator has nothing to change in these inputs. */
export function generatedKey(generator: Generator, inputs: ReadonlyMap<string, string>): string {
  const { name, tool, args, checkArgs } = generator;
  return digest("generated", name, tool, ...args, "", ...checkArgs, "", ...[...inputs].flat());
}

/** Runs one generator, or its check, as `bazel run` would: it finds the checkout by BUILD_WORKSPACE_DIRECTORY. */
export async function runGenerator(generator: Generator, root: string, check: boolean): Promise<Ran> {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) if (!name.startsWith("JS_BINARY__")) env[name] = value;
  const runfiles = process.env["RUNFILES_DIR"] ?? process.env["JS_BINARY__RUNFILES"];
  if (runfiles !== undefined) env["RUNFILES_DIR"] = resolve(runfiles);
  env["BUILD_WORKSPACE_DIRECTORY"] = root;
  env["BUILD_WORKING_DIRECTORY"] = root;
  return run(generator.program, check ? generator.checkArgs : generator.args, { cwd: process.cwd(), env });
}
