/**
 * Pushes an engine to a registry of its own, and has Bazel fetch it from there by its digest:
 *
 *   CRANE_BIN=... bazel run //tests/oci:flow
 *
 * It is no test because it runs Bazel.
 */
import { spawn } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { join, resolve } from "node:path";
import { writeLayout } from "../../oci/layout.ts";
import { push } from "../../oci/push.ts";
import { Nested, type Outcome, play } from "../pro/nested.ts";

const crane = resolve(process.env["CRANE_BIN"] ?? "crane");
const architecture = process.arch === "x64" ? "amd64" : process.arch;
const other = architecture === "amd64" ? "arm64" : "amd64";
const registry = spawn(crane, ["registry", "serve", "--address", "127.0.0.1:0"], {
  stdio: ["ignore", "ignore", "pipe"],
});
const nested = await Nested.make();

const address = await new Promise<string>((done, fail) => {
  registry
    .on("error", fail)
    .on("exit", (status) => fail(new Error(`crane registry serve ended with status ${status}`)));
  createInterface({ input: registry.stderr }).on("line", (line) => {
    const port = /serving on port (\d+)/.exec(line)?.[1];
    if (port !== undefined) done(`127.0.0.1:${port}`);
  });
});
const repository = `${address}/tools/semgrep`;

async function layoutOf(architectures: readonly string[]): Promise<string> {
  const out = join(nested.folder, `layout-${architectures.join("-")}`);
  const engines = [];
  for (const each of architectures) {
    const folder = join(nested.folder, `engine-${each}`);
    await mkdir(join(folder, "libs"), { recursive: true });
    await writeFile(join(folder, "semgrep-core"), `engine for ${each}\n`);
    await chmod(join(folder, "semgrep-core"), 0o755);
    await writeFile(join(folder, "libs/libtree-sitter.so"), "library\n");
    engines.push({ folder, os: process.platform, architecture: each });
  }
  await writeLayout(out, engines, "1.0.0");
  return out;
}

/** What the push says to write into MODULE.bazel. */
async function pushed(architectures: readonly string[]): Promise<string> {
  return push({ layout: await layoutOf(architectures), crane, version: "1.0.0" }, repository, true);
}

function fetchEngine(snippet: string): Promise<Outcome> {
  return nested.bazel([snippet, 'use_repo(semgrep, "semgrep_oci")'], ["build", "@semgrep_oci//:engine"]);
}

function check({ failed, said }: Outcome, expectFailure: boolean, ...texts: readonly string[]): void {
  const missing = texts.filter((text) => !said.includes(text));
  if (failed === expectFailure && missing.length === 0) return;
  throw new Error(
    `expected it to ${expectFailure ? "fail" : "succeed"}${missing.map((text) => `, to say "${text}"`).join("")}:\n${said}`,
  );
}

const CASES: Readonly<Record<string, () => Promise<void>>> = {
  "an engine that was pushed is fetched by its digest, for the platform that asks alone": async () => {
    check(await fetchEngine(await pushed([architecture, other])), false);
    const external = join(nested.base, "external");
    const found = (await readdir(external)).filter((name) => !name.startsWith("@") && name.includes("semgrep_oci_"));
    if (found.length !== 1) throw new Error(`expected one engine, found ${found.join(", ")}`);
    const core = join(external, found[0]!, "bin/semgrep-core");
    const text = await readFile(core, "utf8");
    const { mode } = await stat(core);
    if (text !== `engine for ${architecture}\n` || (mode & 0o100) === 0)
      throw new Error(`expected the program, found ${text}`);
    await stat(join(external, found[0]!, "bin/libs/libtree-sitter.so"));
  },
  "another digest is refused": async () => {
    const snippet = (await pushed([architecture])).replace(/sha256:\w{64}/, `sha256:${"0".repeat(64)}`);
    check(await fetchEngine(snippet), true, "404");
  },
  "an artifact without this platform says which it has": async () =>
    check(
      await fetchEngine(await pushed([other])),
      true,
      "expected one semgrep-core for",
      `it holds ${process.platform}_${other}`,
    ),
  "an address is not a repository": async () =>
    check(
      await fetchEngine((await pushed([architecture])).replace(repository, `http://${repository}`)),
      true,
      "expected REGISTRY/REPOSITORY",
    ),
  "a name that is no repository is not pushed to": async () => {
    const layout = await layoutOf([architecture]);
    try {
      push({ layout, crane, version: "1.0.0" }, "semgrep", true);
    } catch (error) {
      if ((error as Error).message.includes("expected REGISTRY/REPOSITORY, received semgrep")) return;
      throw error;
    }
    throw new Error("expected it to be refused");
  },
};

try {
  await play(CASES);
} finally {
  registry.removeAllListeners("exit").kill();
  await nested.remove();
}
