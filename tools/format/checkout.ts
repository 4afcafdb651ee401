import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { format, type Run, type Summary } from "./format.ts";
import type { Generator } from "./generators.ts";
import type { Programs } from "./formatters.ts";

/** A checkout of its own for a test, with a memory of its own and the real tools, each behind a script that counts its starts. */
export interface Checkout {
  readonly root: string;
  readonly programs: Required<Programs>;
  put(path: string, content: string | Buffer, mode?: number): void;
  get(path: string): string;
  git(...args: string[]): string;
  run(options?: Partial<Run>): Promise<Summary>;
  /** How often each tool was started since the last call. */
  starts(): Readonly<Record<string, number>>;
  /** Makes another program of a tool: the same work, another digest. */
  changeTool(name: keyof Programs): void;
}

/** Makes a checkout with these files. The tools come from BUILDIFIER_BIN, SHFMT_BIN and SHELLCHECK_BIN. */
export function checkout(files: Readonly<Record<string, string | Buffer>>): Checkout {
  const folder = realpathSync(mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "checkout-")));
  const [root, journal] = [join(folder, "tree"), join(folder, "journal")];
  mkdirSync(root);
  writeFileSync(journal, "");
  const programs = { buildifier: "", shfmt: "", shellcheck: "" };
  for (const name of Object.keys(programs) as (keyof Programs)[]) {
    const real = process.env[`${name.toUpperCase()}_BIN`];
    if (real === undefined) throw new Error(`${name.toUpperCase()}_BIN is not set; the tests run the real ${name}.`);
    const script = `#!/bin/sh\necho ${name} >>'${journal}'\nexec '${resolve(real)}' "$@"\n`;
    programs[name] = join(folder, name);
    writeFileSync(programs[name], script, { mode: 0o755 });
  }
  const put: Checkout["put"] = (path, content, mode) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    if (mode !== undefined) chmodSync(join(root, path), mode);
  };
  const git = (...args: string[]): string => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });
  git("init", "-q");
  for (const [path, content] of Object.entries(files)) put(path, content);
  return {
    root,
    programs,
    put,
    git,
    get: (path) => readFileSync(join(root, path), "utf8"),
    run: (options = {}) =>
      format({
        root,
        memory: join(folder, "memory"),
        within: [],
        check: false,
        explain: false,
        all: false,
        programs,
        generators: [],
        progress: () => {},
        ...options,
      }),
    starts() {
      const names = readFileSync(journal, "utf8")
        .split("\n")
        .filter((name) => name !== "");
      writeFileSync(journal, "");
      return Object.fromEntries(
        [...new Set(names)].map((name) => [name, names.filter((other) => other === name).length]),
      );
    },
    changeTool: (name) => appendFileSync(programs[name], "# another build of it\n"),
  };
}

/** A generator that writes `out.json` from `in.json` by a shell script, and in its check compares them. */
export function copyGenerator(tree: Checkout, tool = "1"): Generator {
  const program = join(tree.root, "..", "generate");
  const script = `#!/bin/sh\ncd "$BUILD_WORKSPACE_DIRECTORY" || exit 2\necho generator >>../journal\nif [ "$1" = --check ]; then cmp in.json out.json; else cp in.json out.json; fi\n`;
  writeFileSync(program, script, { mode: 0o755 });
  return { name: "copy", program, tool, args: [], checkArgs: ["--check"], inputs: ["*.json"] };
}
