import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { Mistake } from "../args.ts";
import { repositoryOf } from "../files.ts";
import { BadName, namesOf } from "./names.ts";
import { scaffold } from "./scaffold.ts";

/**
 * Writes a new operator; what is made of its machine is not written yet.
 * @param folder absolute
 * @returns the paths of its files, from the root of the repository
 * @throws Mistake when the folder is there, or its name cannot be an operator's
 */
export async function writeNew(folder: string, kind: string | undefined, group: string): Promise<readonly string[]> {
  if (existsSync(folder)) throw new Mistake(`${folder} is there already; choose another name, or remove it first`);
  const root = repositoryOf(folder);
  if (root === undefined)
    throw new Mistake(
      `${folder} is in no repository; expected a MODULE.bazel in a folder above: operators use its lib/`,
    );
  const files = await named(relative(root, folder), kind, group);
  mkdirSync(folder, { recursive: true });
  try {
    for (const [file, text] of files) writeFileSync(join(folder, file), text, { flag: "wx" });
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  return [...files.keys()].map((file) => relative(root, join(folder, file)));
}

async function named(folder: string, kind: string | undefined, group: string) {
  try {
    return await scaffold(namesOf(basename(folder), kind, group), folder);
  } catch (error) {
    if (error instanceof BadName) throw new Mistake(error.message, { cause: error });
    throw error;
  }
}
