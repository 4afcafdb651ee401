import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** How a run of Bazel ended, and all that it wrote. */
export interface Outcome {
  readonly failed: boolean;
  readonly said: string;
}

/** A module of its own that uses this ruleset, and a Bazel that works in it with caches of its own. `BAZEL` names the program. */
export class Nested {
  /** Of the module that Bazel builds. */
  readonly folder: string;
  /** Where Bazel keeps everything. */
  readonly base: string;
  readonly #repositories: string;
  readonly #ruleset: string;
  readonly #bazel: string;

  private constructor(folder: string, ruleset: string, bazel: string) {
    this.folder = join(folder, "module");
    this.base = join(folder, "base");
    this.#repositories = join(folder, "repositories");
    this.#ruleset = ruleset;
    this.#bazel = bazel;
  }

  /** Makes the module in a new folder below `FLOW_TMPDIR`, or where temporary folders are. */
  static async make(): Promise<Nested> {
    const start = process.env["BUILD_WORKSPACE_DIRECTORY"] ?? resolve(import.meta.dirname, "../..");
    const ruleset = existsSync(join(start, "rules_semgrep")) ? join(start, "rules_semgrep") : start;
    const own = resolve(ruleset, "../bazel");
    const folder = await mkdtemp(join(process.env["FLOW_TMPDIR"] ?? tmpdir(), "semgrep-flow-"));
    await mkdir(join(folder, "module"));
    await writeFile(join(folder, "module/BUILD.bazel"), "");
    return new Nested(folder, ruleset, process.env["BAZEL"] ?? (existsSync(own) ? own : "bazel"));
  }

  /** Runs a command on a target, in a module that uses the extension as `lines` of MODULE.bazel say. */
  async bazel(
    lines: readonly string[],
    command: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    await writeFile(
      join(this.folder, "MODULE.bazel"),
      [
        'module(name = "flow")',
        'bazel_dep(name = "rules_semgrep", version = "0.1.0")',
        `local_path_override(module_name = "rules_semgrep", path = ${JSON.stringify(this.#ruleset)})`,
        'semgrep = use_extension("@rules_semgrep//:extensions.bzl", "semgrep")',
        ...lines,
        "",
      ].join("\n"),
    );
    const [verb = "", ...rest] = command;
    return this.#run([verb, ...OPTIONS, `--repository_cache=${this.#repositories}`, ...rest], env);
  }

  /** Ends the Bazel that worked here and removes everything. */
  async remove(): Promise<void> {
    await this.#run(["shutdown"]);
    const folder = dirname(this.folder);
    await new Promise((done) => spawn("chmod", ["-R", "u+w", folder]).on("close", done));
    await rm(folder, { recursive: true, force: true });
  }

  #run(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const { SEMGREP_APP_TOKEN: _, ...env } = process.env;
    return new Promise((done, reject) => {
      const options = { cwd: this.folder, env: { ...env, PWD: this.folder, ...more } };
      const child = spawn(this.#bazel, [`--output_base=${this.base}`, ...args], options);
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk));
      child.on("error", reject).on("close", (status) => done({ failed: status !== 0, said }));
    });
  }
}

const OPTIONS = [
  "--color=no",
  "--noshow_progress",
  "--lockfile_mode=update",
  "--noenable_workspace",
  "--http_connector_attempts=2",
];

/** Runs cases one after the other, says how each ended, and sets the exit status; an argument chooses among them. */
export async function play(cases: Readonly<Record<string, () => Promise<void>>>): Promise<void> {
  const chosen = Object.entries(cases).filter(([name]) => name.includes(process.argv[2] ?? ""));
  let failures = 0;
  for (const [name, run] of chosen) {
    try {
      await run();
      console.log(`ok      ${name}`);
    } catch (error) {
      failures++;
      console.log(`FAILED  ${name}\n${(error as Error).message}`);
    }
  }
  console.log(failures === 0 ? `${chosen.length} cases` : `${failures} of ${chosen.length} cases failed`);
  process.exitCode = failures === 0 && chosen.length > 0 ? 0 : 1;
}
