import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** An error of the TypeScript compiler; line and column count from 1, columns in UTF-16 units. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: number;
  readonly text: string;
}

/**
 * Checks TypeScript files that exist for this moment only: name → text, one of them tsconfig.json. A line that
 * continues a message is part of it.
 * @throws Error when the compiler could not run
 */
export function tsc(files: Readonly<Record<string, string>>): readonly Diagnostic[] {
  const folder = mkdtempSync(join(tmpdir(), "sextant-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const program = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
    const args = [program, "-p", folder, "--pretty", "false"];
    const { stdout, stderr, status, error } = spawnSync(nodeProgram(), args, { cwd: folder, encoding: "utf8" });
    const found = read(stdout ?? "");
    if (error === undefined && (status === 0 || found.length > 0)) return found;
    throw new Error(
      `tsc ended with ${status}: ${stdout}${stderr}; expected it to check ${Object.keys(files).join(", ")}`,
      {
        cause: error,
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Node itself: under Bazel, execPath is a wrapper that wants an environment of its own. */
// nosemgrep: environment-outside-config -- Bazel sets it for what it starts, nobody else does
export const nodeProgram = (): string => process.env["JS_BINARY__NODE_BINARY"] ?? process.execPath;

function read(output: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const line of output.split("\n")) {
    const [, file, row, column, code, text] = /^(.+)\((\d+),(\d+)\): error TS(\d+): (.*)$/.exec(line) ?? [];
    const last = found.at(-1);
    if (file !== undefined)
      found.push({ file, line: Number(row), column: Number(column), code: Number(code), text: text! });
    else if (last && line.startsWith(" ")) found[found.length - 1] = { ...last, text: `${last.text}\n${line}` };
  }
  return found;
}
