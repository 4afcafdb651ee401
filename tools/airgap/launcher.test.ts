import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "launcher-"));
  mkdirSync(join(folder, "bin"));
  copyFileSync("bazel", join(folder, "bazel"));
  chmodSync(join(folder, "bazel"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the launcher where only these programs of the machine can be found, beside those that a test writes. */
function launch(programs: readonly string[], env: Record<string, string> = {}, args: readonly string[] = ["version"]) {
  for (const program of ["bash", "dirname", "realpath", "cat", "tr", "sed", "uname", ...programs]) {
    const found = spawnSync("/bin/sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
    if (found) linkOnce(found, join(folder, "bin", program));
  }
  const { status, stdout, stderr } = spawnSync(join(folder, "bin/bash"), [join(folder, "bazel"), ...args], {
    encoding: "utf8",
    env: { HOME: folder, PATH: join(folder, "bin"), ...env },
  });
  return { status, stdout, stderr };
}

function linkOnce(target: string, link: string): void {
  if (!existsSync(link)) symlinkSync(target, link);
}

function program(name: string, script: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

test("without npm it names npm and the package that has it", () => {
  program("git", "exit 0");
  expect(launch([])).toMatchObject({
    status: 69,
    stderr: "bazel: npm is needed and is not on PATH; install it (on Debian: apt-get install npm) and run this again\n",
  });
});

test("without pip it names pip and the package that has it", () => {
  for (const name of ["git", "npm", "node"]) program(name, "exit 0");
  expect(launch([])).toMatchObject({ status: 69, stderr: expect.stringContaining("apt-get install python3-pip") });
});

test("a lane that does not exist is refused with those that do", () => {
  for (const name of ["git", "npm", "node", "pip"]) program(name, "exit 0");
  expect(launch([], { BAZEL_LANE: "offline" })).toMatchObject({
    status: 69,
    stderr: 'bazel: BAZEL_LANE is "offline"; expected online or airgap\n',
  });
});

test("a Bazelisk with another digest is not run, and nothing of it is kept", () => {
  for (const name of ["git", "pip"]) program(name, "exit 0");
  program("npm", "echo not-bazelisk > archive.tgz; echo archive.tgz");
  const outcome = launch(["node", "mktemp", "mkdir", "rm", "ls", "tail"], { BAZEL_LANE: "online" });
  expect(outcome.status).toBe(69);
  expect(outcome.stderr).toMatch(/@bazel\/bazelisk .* is not what is pinned: expected sha512-.*, found sha512-/);
  const kept = spawnSync("/bin/sh", ["-c", `ls ${folder}/.cache/homelab/bazelisk`], { encoding: "utf8" }).stdout;
  expect(kept).toBe("");
});

test("without a network the online lane says what npm said and what to try", () => {
  for (const name of ["git", "pip"]) program(name, "exit 0");
  program("npm", "echo 'npm error network request failed' >&2; exit 1");
  const outcome = launch(["node", "mktemp", "mkdir", "rm", "ls", "tail"], { BAZEL_LANE: "online" });
  expect(outcome).toMatchObject({ status: 69, stderr: expect.stringContaining("npm error network request failed") });
  expect(outcome.stderr).toContain("try BAZEL_LANE=airgap");
});

test("names of files are UTF-8 in any locale of the caller", () => {
  for (const name of ["git", "pip"]) program(name, "exit 0");
  program("npm", 'echo "locale: $LC_ALL" >&2; exit 1');
  const outcome = launch(["node", "mktemp", "mkdir", "rm", "ls", "tail"], { BAZEL_LANE: "online", LC_ALL: "C" });
  expect(outcome.stderr).toContain("locale: C.UTF-8");
});

test("where the output base lies under /tmp, workers get no /tmp of their own that would hide it", () => {
  for (const name of ["git", "npm", "node", "pip"]) program(name, "exit 0");
  const machine = { x64: "amd64", arm64: "arm64" }[process.arch as string];
  const bazelisk = join(folder, ".cache/homelab/bazelisk/1.28.1/package");
  mkdirSync(bazelisk, { recursive: true });
  writeFileSync(join(bazelisk, `bazelisk-${process.platform}_${machine}`), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
  const given = (...args: string[]) => launch([], { BAZEL_LANE: "online" }, args).stdout;
  expect(given("--output_user_root=/tmp/here", "build")).toMatch(/--bazelrc=\S+under-tmp\.bazelrc --output_user_root/);
  expect(given("--output_user_root=/var/there", "build", "--output_base=/tmp/no")).toBe(
    "--output_user_root=/var/there build --output_base=/tmp/no\n",
  );
});
