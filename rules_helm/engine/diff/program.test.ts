import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { runDiff } from "./program.ts";

const params = { label: "//manifests:diff", folder: "manifests", branch: "main" };

/** A git repository with `main`; `write` puts a ConfigMap into the working tree, `git` runs git. */
function checkout(context: TestContext) {
  const folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "diff-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const env = {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    ...Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) => [
        [`GIT_${who}_NAME`, "a"],
        [`GIT_${who}_EMAIL`, "a@b.test"],
      ]),
    ),
  };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, env, stdio: "pipe" });
  const write = (level: string, file = "manifests/p/a/x.yaml") => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(
      join(folder, file),
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {level: ${level}}\n`,
    );
  };
  const commit = () => {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message=x");
  };
  git("init", "--quiet", "--initial-branch=main");
  write("info");
  writeFileSync(join(folder, "manifests/BUILD.bazel"), "");
  commit();
  const run = (...args: string[]) => runIn(folder, args);
  return { folder, git, write, commit, run };
}

function runIn(
  folder: string | undefined,
  args: readonly string[],
  more: { isTerminal?: boolean; env?: Record<string, string> } = {},
) {
  let [out, error] = ["", ""];
  const io = {
    args,
    env: { ...more.env, BUILD_WORKSPACE_DIRECTORY: folder },
    say: (text: string) => void (error += text),
  };
  const status = runDiff(params, io, { isTerminal: more.isTerminal ?? false, write: (text) => void (out += text) });
  return { status, out, error };
}

test("the working tree is compared with where the branch left main", (context) => {
  const { git, write, commit, run } = checkout(context);
  git("switch", "--quiet", "--create", "feature");
  write("debug");
  commit();
  git("switch", "--quiet", "main");
  write("others", "manifests/p/b/x.yaml");
  commit();
  git("switch", "--quiet", "feature");
  write("trace");
  const { status, out } = run();
  assert.equal(status, 0);
  assert.match(out, /^where it left main \([0-9a-f]{7}\) → the working tree\n/);
  assert.match(out, /level info → trace/);
  assert.doesNotMatch(out, /p · b/);
  assert.match(run("--direct").out, /p · b \(removed\)/);
  assert.match(run("--head", "feature").out, /level info → debug/);
  assert.match(run("--base", "feature").out, /level debug → trace/);
});

test("origin/main comes before main, since a branch is merged there", (context) => {
  const { git, write, commit, run } = checkout(context);
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  write("debug");
  commit();
  assert.match(run().out, /^origin\/main \([0-9a-f]{7}\) → the working tree\n[^]*level info → debug/);
  assert.match(run("--base", "main").out, /Nothing changes/);
});

test("a file that is not yet added counts, other files and hidden ones do not", (context) => {
  const { write, run } = checkout(context);
  write("x", "manifests/p/new/x.yaml");
  write("x", "manifests/p/.draft/x.yaml");
  write("x", "manifests/p/a/notes.txt");
  assert.match(run().out, /1 resource added in 1 application\.\n$/);
});

test("status 1 is for changes, with --exit-code only", (context) => {
  const { write, run } = checkout(context);
  assert.equal(run("--exit-code").status, 0);
  write("debug");
  assert.equal(run().status, 0);
  assert.equal(run("--exit-code").status, 1);
});

test("Markdown and JSON come alone on the output", (context) => {
  const { write, run } = checkout(context);
  write("debug");
  assert.match(run("--format", "markdown").out, /^<!-- manifests-diff -->\n/);
  assert.equal(JSON.parse(run("--format=json").out).counts.changed, 1);
});

test("colour is for terminals that want it", (context) => {
  const { folder, write } = checkout(context);
  write("debug");
  const isColoured = (args: string[], isTerminal: boolean, env: Record<string, string> = {}) =>
    runIn(folder, args, { isTerminal, env }).out.includes("\u001b[");
  assert.deepEqual(
    [
      isColoured([], true),
      isColoured([], false),
      isColoured([], true, { NO_COLOR: "1" }),
      isColoured(["--color=always"], false),
      isColoured(["--color=never"], true),
    ],
    [true, false, false, true, false],
  );
});

test("YAML that cannot be read ends with status 2, the file and the side", (context) => {
  const { folder, commit, run } = checkout(context);
  writeFileSync(join(folder, "manifests/p/a/x.yaml"), "a: b: c\n");
  const { status, out, error } = run("--exit-code");
  assert.deepEqual([status, out], [2, ""]);
  assert.match(error, /\/\/manifests:diff: p\/a\/x.yaml:1: cannot be read in the head \(the working tree\)/);
  commit();
  writeFileSync(join(folder, "manifests/p/a/x.yaml"), "");
  assert.match(run().error, /cannot be read in the base \(main \([0-9a-f]{7}\)\)/);
});

test("what cannot be compared is said with what to do", (context) => {
  const { folder, git, run } = checkout(context);
  const cases: [string[], RegExp][] = [
    [["--base", "nowhere"], /git knows no commit "nowhere"[^]*git fetch origin nowhere/],
    [["--format", "html"], /--format: expected one of text, markdown, json, received "html"/],
    [["--bas"], /Unknown option '--bas'[^]*--base REF/],
    [["--base=--output=x"], /expected a branch, a tag or a commit, received "--output=x"/],
  ];
  for (const [args, message] of cases) {
    const { status, error } = run(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(error, message);
  }
  git("switch", "--quiet", "--orphan", "other");
  git("commit", "--quiet", "--allow-empty", "--message=x");
  assert.match(run().error, /have no commit in common[^]*--unshallow/);
  git("branch", "--quiet", "--delete", "--force", "main");
  assert.match(run().error, /neither origin\/main nor main[^]*--base REF/);
  assert.match(run("--base=other").error, /there are no manifests in manifests\//);
  assert.match(runIn(undefined, []).error, /not started by Bazel[^]*bazel run \/\/manifests:diff/);
  rmSync(join(folder, ".git"), { recursive: true });
  assert.match(run().error, /cannot be read as a git checkout|no branch to compare with/);
});

test("--help tells the options and the statuses", (context) => {
  const { run } = checkout(context);
  const { status, out } = run("--help");
  assert.equal(status, 0);
  for (const word of ["--base", "--head", "--direct", "--format", "--color", "--exit-code", "Status: 0"])
    assert.ok(out.includes(word), word);
});
