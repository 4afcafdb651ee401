import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Edit } from "./merge.ts";
import type { PackagePlan } from "./plan.ts";

/** Where the two programs are. */
export interface Tools {
  readonly buildozer: string;
  readonly buildifier: string;
}

/** A BUILD file before and after; "" stands for no file. */
export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Applies plans to copies of the BUILD files: one buildozer run for all edits, one buildifier run for the form.
 * Nothing in the repository is written.
 */
export function applyPlans(plans: readonly PackagePlan[], tools: Tools): FileChange[] {
  if (plans.length === 0) return [];
  const shadow = mkdtempSync(join(tmpdir(), "gazelle-"));
  try {
    writeFileSync(join(shadow, "MODULE.bazel"), "");
    for (const { package: pkg } of plans) {
      mkdirSync(dirname(join(shadow, pkg.buildFile)), { recursive: true });
      writeFileSync(join(shadow, pkg.buildFile), pkg.folder.build?.text ?? "");
    }
    const commands = plans.flatMap(({ package: { path }, edits }) => edits.map((edit) => commandLine(path, edit)));
    const options = ["-root_dir", shadow, "-shorten_labels=false", "-quiet", "-f", "-"];
    run("buildozer", tools.buildozer, options, shadow, `${commands.join("\n")}\n`);
    const files = plans.map(({ package: { buildFile } }) => join(shadow, buildFile));
    run("buildifier", tools.buildifier, ["-mode=fix", "-lint=off", ...files], shadow);
    const changes = plans.map(({ package: { buildFile, folder } }) => ({
      path: buildFile,
      before: folder.build?.text ?? "",
      after: blankToNothing(readFileSync(join(shadow, buildFile), "utf8")),
    }));
    return changes.filter(({ before, after }) => before !== after);
  } finally {
    rmSync(shadow, { recursive: true, force: true });
  }
}

function commandLine(packagePath: string, { target, words }: Edit): string {
  const bad = [target, ...words].find((word) => /[|\n]/.test(word));
  if (bad !== undefined) {
    throw new Error(
      `buildozer cannot take ${JSON.stringify(bad)} (in //${packagePath}): rename what has "|" or a line break in its name`,
    );
  }
  return `${words.map(quote).join(" ")}|//${packagePath}:${target}`;
}

function quote(word: string): string {
  return word.replace(/[\\ ]/g, "\\$&");
}

function blankToNothing(text: string): string {
  return text.trim() === "" ? "" : text;
}

/** buildozer returns 3 when its commands changed nothing. */
const success: Readonly<Record<string, readonly (number | null)[]>> = { buildozer: [0, 3], buildifier: [0] };

function run(name: string, path: string, args: readonly string[], shadow: string, input = ""): void {
  const { status, stderr, error } = spawnSync(path, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (error) {
    const variable = `${name.toUpperCase()}_BIN`;
    throw new Error(`${path} could not be started (${error.message}); set ${variable} to the program`, {
      cause: error,
    });
  }
  if (success[name]!.includes(status)) return;
  const said = stderr
    .replaceAll(`${shadow}/`, "")
    .replace(/^(\S+): (?=\1:)/gm, "")
    .trimEnd();
  throw new Error(`${name} failed with status ${status}; no BUILD file was changed\n${said}`);
}
