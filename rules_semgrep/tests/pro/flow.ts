/**
 * Fetches the Pro engine with Bazel from a fake of the download API, in every way that can go wrong:
 *
 *   bazel run //tests/pro:flow       in this repository; BAZEL names the program, default ./bazel or bazel
 *
 * It is no test because it runs Bazel.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ENGINE, ENGINE_SHA256, FakeApi, TOKENS } from "./api.ts";

interface Outcome {
  readonly failed: boolean;
  readonly said: string;
}

interface Options {
  readonly token?: string;
  readonly version?: string;
  readonly sha256?: string;
  readonly url?: string;
}

const PLATFORM = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
const ENGINE_REPOSITORY = `semgrep_pro_${PLATFORM}`;

class Workspace {
  /** Of the module that Bazel builds. */
  readonly folder: string;
  /** Where Bazel keeps everything. */
  readonly base: string;
  readonly #ruleset: string;
  readonly #bazel: string;
  readonly #url: string;
  readonly #repositories: string;

  private constructor(folder: string, ruleset: string, bazel: string, url: string) {
    this.folder = join(folder, "module");
    this.base = join(folder, "base");
    this.#repositories = join(folder, "repositories");
    this.#ruleset = ruleset;
    this.#bazel = bazel;
    this.#url = url;
  }

  static async make(url: string): Promise<Workspace> {
    const start = process.env["BUILD_WORKSPACE_DIRECTORY"] ?? resolve(import.meta.dirname, "../..");
    const ruleset = existsSync(join(start, "rules_semgrep")) ? join(start, "rules_semgrep") : start;
    const own = resolve(ruleset, "../bazel");
    const folder = await mkdtemp(join(process.env["FLOW_TMPDIR"] ?? tmpdir(), "semgrep-pro-"));
    await mkdir(join(folder, "module"));
    await writeFile(join(folder, "module/BUILD.bazel"), "");
    return new Workspace(folder, ruleset, process.env["BAZEL"] ?? (existsSync(own) ? own : "bazel"), url);
  }

  /** Runs Bazel with a target, in a module that has the Pro engine as the options say. */
  async bazel(command: string, target: string, options: Options): Promise<Outcome> {
    const { token = "", version = "1.185.0", sha256 = ENGINE_SHA256, url = this.#url } = options;
    // Bazel takes nothing without a digest over plain http, which the fake speaks.
    const digests = JSON.stringify({ [PLATFORM]: `sha256:${sha256}` });
    const used = token === "" ? '"semgrep_pro"' : `"semgrep_pro", "${ENGINE_REPOSITORY}"`;
    await writeFile(
      join(this.folder, "MODULE.bazel"),
      [
        'module(name = "flow")',
        'bazel_dep(name = "rules_semgrep", version = "0.1.0")',
        `local_path_override(module_name = "rules_semgrep", path = ${JSON.stringify(this.#ruleset)})`,
        'semgrep = use_extension("@rules_semgrep//:extensions.bzl", "semgrep")',
        `semgrep.pro(version = "${version}", digests = ${digests})`,
        `use_repo(semgrep, ${used})`,
        "",
      ].join("\n"),
    );
    const args = [
      `--output_base=${this.base}`,
      command,
      ...["--color=no", "--noshow_progress", "--lockfile_mode=update", "--http_connector_attempts=2"],
      `--repository_cache=${this.#repositories}`,
      ...(token === "" ? [] : [`--repo_env=SEMGREP_URL=${url}`]),
      target,
    ];
    const { SEMGREP_APP_TOKEN: _, ...env } = process.env;
    return this.#run(args, token === "" ? env : { ...env, SEMGREP_APP_TOKEN: token });
  }

  async remove(): Promise<void> {
    await this.#run([`--output_base=${this.base}`, "shutdown"], process.env);
    await new Promise((done) => spawn("chmod", ["-R", "u+w", dirname(this.folder)]).on("close", done));
    await rm(dirname(this.folder), { recursive: true, force: true });
  }

  #run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
    return new Promise((done, reject) => {
      const child = spawn(this.#bazel, args, { cwd: this.folder, env: { ...env, PWD: this.folder } });
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk));
      child.on("error", reject).on("close", (status) => done({ failed: status !== 0, said }));
    });
  }
}

function check({ failed, said }: Outcome, expectFailure: boolean, ...texts: readonly string[]): void {
  const missing = texts.filter((text) => !said.includes(text));
  const leaked = Object.values(TOKENS).filter((token) => said.includes(token));
  if (failed === expectFailure && missing.length === 0 && leaked.length === 0) return;
  throw new Error(
    `expected it to ${[expectFailure ? "fail" : "succeed", ...missing.map((text) => `say "${text}"`), ...leaked.map((token) => `keep ${token} to itself`)].join(", ")}; it said:\n${said}`,
  );
}

/** Files below a folder that hold one of the tokens. */
async function filesWithTokens(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (Object.values(TOKENS).some((token) => bytes.includes(token))) found.push(path);
  }
  return found;
}

const target = `@${ENGINE_REPOSITORY}//:pro`;

const CASES: Readonly<Record<string, (workspace: Workspace, api: FakeApi) => Promise<void>>> = {
  "without a token there is a stub, and nobody is asked": async (workspace, api) => {
    check(
      await workspace.bazel("query", "@semgrep_pro//:all", {}),
      false,
      "@semgrep_pro//:absent",
      "@semgrep_pro//:stub",
    );
    if (api.seen.length > 0) throw new Error(`expected no request, received ${JSON.stringify(api.seen)}`);
  },
  "a token that nobody knows is 401, with what to do": async (workspace) =>
    check(
      await workspace.bazel("build", target, { token: TOKENS.unknown }),
      true,
      "GET returned 401 Unauthorized",
      "the token in SEMGREP_APP_TOKEN is not valid",
    ),
  "a token without the licence is 403": async (workspace) =>
    check(
      await workspace.bazel("build", target, { token: TOKENS.unentitled }),
      true,
      "GET returned 403 Forbidden",
      "its organisation has no Pro engine",
    ),
  "an unknown version is 404": async (workspace) =>
    check(
      await workspace.bazel("build", target, { token: TOKENS.valid, version: "9.9.9" }),
      true,
      "GET returned 404 Not Found",
      "no Pro engine of this version",
    ),
  "a body that ends early is not kept": async (workspace) =>
    check(
      await workspace.bazel("build", target, { token: TOKENS.truncated }),
      true,
      "cannot fetch the Pro engine",
      "a body that ends early",
    ),
  "an engine with another digest is not used": async (workspace) =>
    check(
      await workspace.bazel("build", target, { token: TOKENS.valid, sha256: "0".repeat(64) }),
      true,
      ENGINE_SHA256,
      "another digest",
    ),
  "a token is not sent in clear text": async (workspace) =>
    check(
      await workspace.bazel("build", target, { token: TOKENS.valid, url: "http://example.invalid" }),
      true,
      "expected https://",
    ),
  "nor to a host whose name begins with that of this machine": async (workspace) =>
    check(
      await workspace.bazel("build", target, { token: TOKENS.valid, url: "http://localhost.example.invalid" }),
      true,
      "expected https://",
    ),
  "a redirection is followed, without the token": async (workspace, api) => {
    check(await workspace.bazel("build", target, { token: TOKENS.redirected }), false);
    const last = api.seen.at(-1);
    if (last?.url !== "/signed" || last.authorization !== undefined) {
      throw new Error(`expected /signed without Authorization, received ${JSON.stringify(last)}`);
    }
  },
  "the engine is fetched with its digest, for the version and the platform": async (workspace, api) => {
    check(await workspace.bazel("build", target, { token: TOKENS.valid }), false);
    const base = join(workspace.base, "external");
    const folder = (await readdir(base)).find((name) => name.endsWith(ENGINE_REPOSITORY));
    const text = await readFile(join(base, folder ?? "", "semgrep-core-proprietary"), "utf8");
    if (text !== ENGINE) throw new Error(`expected the engine, received ${text}`);
    const { url, authorization } =
      api.seen.find((seen) => seen.authorization === `Bearer ${TOKENS.valid}` && seen.url.endsWith("1.185.0")) ?? {};
    if (url === undefined || authorization === undefined)
      throw new Error(`expected a request with the token, received ${JSON.stringify(api.seen)}`);
  },
  "no token stands in a file of Bazel": async (workspace) => {
    const found = await filesWithTokens(dirname(workspace.folder));
    if (found.length > 0) throw new Error(`expected no token, found one in\n${found.join("\n")}`);
  },
};

const api = await FakeApi.start();
const workspace = await Workspace.make(api.url);
let failures = 0;
try {
  for (const [name, run] of Object.entries(CASES).filter(([name]) => name.includes(process.argv[2] ?? ""))) {
    try {
      await run(workspace, api);
      console.log(`ok      ${name}`);
    } catch (error) {
      failures++;
      console.log(`FAILED  ${name}\n${(error as Error).message}`);
    }
  }
} finally {
  api.stop();
  await workspace.remove();
}
console.log(
  failures === 0 ? `${Object.keys(CASES).length} cases` : `${failures} of ${Object.keys(CASES).length} cases failed`,
);
process.exitCode = failures === 0 ? 0 : 1;
