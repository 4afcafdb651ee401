import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatted } from "../emit/format.ts";
import { run } from "../run.ts";
import { type Repository, temporaryRepository } from "../testing/repository.ts";

let repository: Repository;
let root: string;

beforeEach(() => {
  repository = temporaryRepository();
  root = repository.root;
});

afterEach(() => repository.remove());

/** What a command prints. */
async function sextant(...args: readonly string[]): Promise<string> {
  let text = "";
  const add = (more: string): void => void (text += more);
  const status = await run(args, { workingDirectory: root, stdout: add, stderr: add });
  return `${text}status ${status}\n`;
}

/** As //:format does it: what is generated, then the form of what is written by hand. */
async function format(folder: string): Promise<string> {
  const text = await sextant("generate", folder);
  for (const file of readdirSync(join(root, folder)).filter((name) => name.endsWith(".ts"))) {
    const path = join(root, folder, file);
    writeFileSync(path, await formatted(readFileSync(path, "utf8"), "babel-ts"));
  }
  return text;
}

/** As Bazel tests a folder: types first, then what its tests say. */
function testAll(folder: string): string {
  const types = repository.typecheck();
  if (!types.endsWith("status 0\n")) return types;
  const config = resolve("tools/ts/vitest.config.ts");
  return repository.node("vitest/vitest.mjs", "run", "--configLoader=native", `--config=${config}`, folder);
}

/** Does what a hunk of a diff says: its context and what it removes stand in the file once. */
function patch(file: string, diff: string): void {
  for (const hunk of diff.split("@@\n")) {
    const side = (signs: string): string =>
      hunk
        .split("\n")
        .filter((line) => line !== "" && signs.includes(line[0]!))
        .map((line) => line.slice(1))
        .join("\n");
    const [before, after] = [side(" -"), side(" +")];
    const text = readFileSync(join(root, file), "utf8");
    expect(text.split(before).length - 1, `${file} has this once:\n${before}`).toBe(1);
    writeFileSync(
      join(root, file),
      text.replace(before, () => after),
    );
  }
}

/** Each line is part of one that was printed, in their order; others may be between. */
function expectLines(printed: string, lines: readonly string[]): void {
  let rest = printed;
  for (const line of lines) {
    expect(rest).toContain(line);
    rest = rest.slice(rest.indexOf(line) + line.length);
  }
}

const blocks = [
  ...readFileSync("docs/first-operator.md", "utf8").matchAll(/^```(sh|text|diff)(?: (.*))?\n([^]*?)^```$/gm),
];

test("the tutorial is true: each command does what it says, and each diff fits", { timeout: 600_000 }, async () => {
  let printed = "";
  const seen: string[] = [];
  for (const [, kind, file, text] of blocks as unknown as readonly string[][]) {
    if (kind === "diff") patch(file!, text!);
    else if (kind === "text") expectLines(printed, text!.trimEnd().split("\n"));
    else
      for (const command of text!.trim().split("\n")) {
        expect(command).toMatch(/^\.\/bazel (run \/\/operators\/sextant -- \S|run \/\/:format$|test \/\/\S+\/\.\.\.$)/);
        const [, verb, label, , ...args] = command.split(" ");
        if (verb === "test") printed = testAll(label!.slice(2, -4));
        else printed = label === "//:format" ? await format("operators/bucket") : await sextant(...args);
        seen.push(`${command} ${/status \d\n$/.exec(printed)?.[0].trim()}`);
      }
  }
  expect(printed).toMatch(/Tests +\d+ passed[^]*status 0\n$/);
  expect(seen.filter((line) => !line.endsWith("status 0"))).toEqual([
    "./bazel run //operators/sextant -- check operators/bucket status 1",
    "./bazel test //operators/bucket/... status 1",
  ]);
});

test("a new operator of any name compiles as it was written", { timeout: 300_000 }, async () => {
  for (const name of ["model-cache", "a", "class", "default-policy", "constructor", "x1-2-three"])
    expect(await sextant("new", `operators/${name}`)).toContain("status 0");
  expect(repository.typecheck()).toBe("status 0\n");
});

test("nothing is overwritten, and nothing is left of what was refused", async () => {
  expect(await sextant("new", "operators/lamp", "--kind", "State")).toMatch(
    /"State" stands for something else.*\nstatus 2/,
  );
  expect(await sextant("new", "operators/Lamp")).toMatch(
    /"Lamp" cannot be the name of an operator; expected .*\nstatus 2/,
  );
  expect(await sextant("new", "operators")).toMatch(/status 0/);
  expect(await sextant("new", "operators")).toMatch(/operators is there already; choose another name, .*\nstatus 2/);
  expect(await sextant("new", "/nowhere/lamp")).toMatch(/\/nowhere\/lamp is in no repository; .*\nstatus 2/);
});
