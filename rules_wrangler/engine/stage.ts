import { copyFile, cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Refusal } from "./command.ts";

/** The parameters of `stage`. */
export interface StageParams {
  readonly label: string;
  readonly site: string;
  /** File to the name that it gets at the top of the site. */
  readonly files: readonly (readonly [file: string, name: string])[];
  readonly out: string;
}

/** Copies a site and puts `_headers` and `_redirects` on top; refuses to replace what the site brings. */
export const stage: Command<StageParams> = async ({ label, site, files, out }) => {
  await mkdir(out, { recursive: true });
  await cp(site, out, { recursive: true, dereference: true, force: true });
  const present = await readdir(out);
  for (const [file, name] of files) {
    if (present.includes(name)) {
      throw new Refusal(`${label}: there are two files ${name}`, [
        `The site brings one, the target gives ${file}. Keep one of the two.`,
      ]);
    }
    await copyFile(file, join(out, name));
  }
  return 0;
};
