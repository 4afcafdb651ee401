import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Checkout, checkout } from "./checkout.ts";

function run(tree: Checkout, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = tree.root) {
  const { programs, root } = tree;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    cwd,
    encoding: "utf8",
    env: {
      ...process.env,
      XDG_CACHE_HOME: join(root, "../cache"),
      BUILDIFIER_BIN: programs.buildifier,
      SHFMT_BIN: programs.shfmt,
      SHELLCHECK_BIN: programs.shellcheck,
      ...env,
    },
  });
  return { status, stdout, stderr };
}

test("format writes one line for each file and a summary, and --check agrees afterwards", () => {
  const tree = checkout({ "a.ts": "a\n", "b.ts": "b;\n" });
  expect(run(tree, ["--check"])).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("not formatted  a.ts (prettier)\n"),
  });
  const { status, stdout, stderr } = run(tree, []);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(
    /^formatted {2}a\.ts \(prettier\)\n2 files, 1 formatted, 1 remembered, 1 started, in \d+\.\d\d s\n$/,
  );
  expect(run(tree, ["--check"])).toMatchObject({ status: 0, stderr: "" });
});

test("inside Bazel the checkout and the caller's folder come from its environment", () => {
  const tree = checkout({ "lib/a.ts": "a\n", "b.ts": "b\n" });
  const env = { BUILD_WORKSPACE_DIRECTORY: tree.root, BUILD_WORKING_DIRECTORY: join(tree.root, "lib") };
  expect(run(tree, ["a.ts"], env, "/").stdout).toContain("formatted  lib/a.ts (prettier)\n1 file, ");
});

test("what cannot be run ends with 2 and says what was expected", () => {
  const tree = checkout({});
  const outside = join(tree.root, "../elsewhere");
  mkdirSync(outside);
  expect(run(tree, ["--fix"])).toMatchObject({ status: 2, stderr: expect.stringContaining("--fix is not an option") });
  expect(run(tree, [outside])).toMatchObject({ status: 2, stderr: expect.stringContaining("outside") });
  expect(run(tree, ["none.ts"])).toMatchObject({ status: 2, stderr: expect.stringContaining("does not exist") });
  expect(run(tree, [], { GIT_CEILING_DIRECTORIES: join(outside, "..") }, outside)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("format needs git and a checkout"),
  });
});

test("--help says what it does and ends with 0", () => {
  expect(run(checkout({}), ["--help"])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^usage: .*--check/s),
  });
});
