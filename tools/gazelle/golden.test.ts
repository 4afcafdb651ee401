import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { GazelleExtension } from "./extension.ts";
import { loadExtensions } from "./extensions.ts";
import { gazelle, type Outcome } from "./run.ts";
import { extension as ts } from "./ts/extension.ts";

const testdata = resolve("tools/gazelle/testdata");
const expectations = ["BUILD.out", "expectedStdout.txt", "expectedStderr.txt", "expectedExitCode.txt"];
const staysBehind = [...expectations, "arguments.txt", "extension.ts", "extensions.txt", "README.md"];
const tools = {
  buildozer: resolve(process.env["BUILDOZER_BIN"] ?? "BUILDOZER_BIN"),
  buildifier: resolve(process.env["BUILDIFIER_BIN"] ?? "BUILDIFIER_BIN"),
};
const update = process.env["UPDATE_GOLDEN"] !== undefined;

const rulesets = loadExtensions(process.env["GAZELLE_EXTENSIONS"]);
const cases = readdirSync(testdata, { withFileTypes: true }).filter((entry) => entry.isDirectory());

test.each(cases.map(({ name }) => name))("%s", async (name) => {
  const source = join(testdata, name);
  const root = mkdtempSync(join(tmpdir(), "gazelle-case-"));
  try {
    layOut(source, root);
    const registered = [ts as unknown as GazelleExtension, ...(await extensionsOf(source))];
    const args = (read(join(source, "arguments.txt")) ?? "").split(/\s+/).filter((word) => word !== "");
    const run = (): Outcome => gazelle({ args, root, workingDirectory: root, tools, extensions: registered });

    const outcome = run();
    const files = buildFiles(root);
    if (update) record(source, files, outcome, args);
    expect(outcome.stderr).toBe(read(join(source, "expectedStderr.txt")) ?? "");
    expect(outcome.status).toBe(Number(read(join(source, "expectedExitCode.txt")) ?? 0));
    const stdout = read(join(source, "expectedStdout.txt"));
    if (stdout !== undefined) expect(outcome.stdout).toBe(stdout);
    expect(files).toEqual(expectedFiles(source));

    const again = run();
    expect(buildFiles(root)).toEqual(files);
    expect({ ...again, stdout: "" }, "a second run says the same").toEqual({ ...outcome, stdout: "" });
    if (args.length === 0) expect(again.stdout, "a second run changes nothing").toBe("");
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

/** Copies a case: BUILD.in becomes BUILD.bazel, gitignore.in .gitignore; what belongs to the test stays behind. */
function layOut(source: string, root: string): void {
  cpSync(source, root, { recursive: true, dereference: true });
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    const name = basename(path);
    const target = name === "BUILD.in" ? "BUILD.bazel" : name === "gitignore.in" ? ".gitignore" : undefined;
    if (staysBehind.includes(name)) rmSync(join(root, path));
    else if (target) renameSync(join(root, path), join(root, dirname(path), target));
  }
}

/** A case brings an extension of its own, or names those of rulesets in extensions.txt. */
async function extensionsOf(source: string): Promise<readonly GazelleExtension[]> {
  const path = join(source, "extension.ts");
  const named = read(join(source, "extensions.txt"))?.trim().split(/\s+/) ?? [];
  if (!existsSync(path)) return rulesets.filter(({ name }) => named.includes(name));
  const module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { extension: GazelleExtension };
  return [module.extension];
}

/** Folder → text of its BUILD file. */
function buildFiles(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  const found = paths.filter((path) => basename(path) === "BUILD.bazel");
  return Object.fromEntries(found.map((path) => [dirname(path), readFileSync(join(root, path), "utf8")]));
}

function expectedFiles(source: string): Record<string, string> {
  const paths = readdirSync(source, { recursive: true, encoding: "utf8" }).sort();
  const found = paths.filter((path) => basename(path) === "BUILD.out");
  return Object.fromEntries(found.map((path) => [dirname(path), readFileSync(join(source, path), "utf8")]));
}

/** `UPDATE_GOLDEN=1` writes what came out as what is expected; read the diff before you commit it. */
function record(source: string, files: Record<string, string>, outcome: Outcome, args: readonly string[]): void {
  for (const folder of Object.keys(expectedFiles(source))) rmSync(join(source, folder, "BUILD.out"));
  for (const [folder, text] of Object.entries(files)) writeFileSync(join(source, folder, "BUILD.out"), text);
  const texts = {
    "expectedStderr.txt": outcome.stderr,
    "expectedExitCode.txt": outcome.status === 0 ? "" : `${outcome.status}\n`,
    "expectedStdout.txt": args.length > 0 ? outcome.stdout : "",
  };
  for (const [file, text] of Object.entries(texts)) {
    if (text === "") rmSync(join(source, file), { force: true });
    else writeFileSync(join(source, file), text);
  }
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
