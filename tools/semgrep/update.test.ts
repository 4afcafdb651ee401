import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const program = resolve("tools/semgrep/update.ts");
const update = resolve(process.env["SEMGREP_UPDATE"] ?? "SEMGREP_UPDATE");
let workspace = "";

// Stands for Bazel, and for the tool lock that it updates: says what it was asked, and locks 2.0.0.
const bazel = `#!/bin/sh
echo "bazel $*"
case "$*" in *semgrep@broken) exit 3 ;; esac
echo '{ "tools": { "semgrep": { "version": "2.0.0" } } }' > tools/tools.lock.json
`;

const lock = { version: 1, engine: { version: "1.0.0" }, packs: {}, advisories: {} };

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "semgrep-update-"));
  mkdirSync(join(workspace, "tools/semgrep"), { recursive: true });
  writeFileSync(join(workspace, "bazel"), bazel);
  chmodSync(join(workspace, "bazel"), 0o755);
  writeFileSync(join(workspace, "tools/tools.lock.json"), '{ "tools": { "semgrep": { "version": "1.0.0" } } }\n');
  writeFileSync(join(workspace, "tools/semgrep/semgrep.lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
});

afterEach(() => rmSync(workspace, { recursive: true }));

function run(...args: string[]): { status: number | null; said: string; engine: string } {
  const env = { ...process.env, BAZEL: "", BUILD_WORKSPACE_DIRECTORY: workspace, SEMGREP_UPDATE: update };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8", env });
  const now = JSON.parse(readFileSync(join(workspace, "tools/semgrep/semgrep.lock.json"), "utf8")) as typeof lock;
  return { status, said: stdout + stderr, engine: now.engine.version };
}

test("the tool lock takes the newest engine, and the scans' lock follows it", () => {
  const { status, said, engine } = run();
  expect(said).toContain("bazel run //tools/lock:update -- semgrep\n");
  expect(said).toContain("engine: 1.0.0 -> 2.0.0");
  expect({ status, engine }).toEqual({ status: 0, engine: "2.0.0" });
});

test("a version can be asked for", () => {
  expect(run("2.0.0").said).toContain("-- semgrep@2.0.0\n");
});

test("where nothing changed it says so", () => {
  run();
  expect(run().said).toContain("nothing changed");
});

test("where the engine cannot be had nothing else is changed", () => {
  const { status, said, engine } = run("broken");
  expect({ status, engine }).toEqual({ status: 1, engine: "1.0.0" });
  expect(said).toContain("ended with status 3");
});
