import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { nodeProgram } from "../guards/tsc.ts";

/** A repository for tests with this one's lib/ and npm packages, and nothing else. */
export interface Repository {
  readonly root: string;
  /** The output of tsc over operators/, and the line `status N`. */
  typecheck(): string;
  /** The same of a program of an npm package: `vitest/vitest.mjs`. */
  node(program: string, ...args: readonly string[]): string;
  remove(): void;
}

/** Makes one in a temporary folder. */
export function temporaryRepository(): Repository {
  const root = mkdtempSync(join(tmpdir(), "sextant-repository-"));
  for (const name of ["package.json", "node_modules", "lib"]) symlinkSync(resolve(name), join(root, name));
  writeFileSync(join(root, "MODULE.bazel"), "");
  const config = { extends: resolve("tsconfig.json"), include: ["operators/*/*.ts"] };
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify(config));
  const node: Repository["node"] = (program, ...args) => {
    const [name = "", ...path] = program.split("/");
    const packageFolder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const { status, stdout, stderr } = spawnSync(nodeProgram(), [join(packageFolder, ...path), ...args], {
      cwd: root,
      encoding: "utf8",
      env: { PATH: "", HOME: root, NO_COLOR: "1" },
    });
    return `${stdout}${stderr}status ${status}\n`;
  };
  return {
    root,
    node,
    typecheck: () => node("typescript/bin/tsc", "-p", "."),
    remove: () => rmSync(root, { recursive: true }),
  };
}
