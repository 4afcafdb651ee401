import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { check } from "./check.ts";
import { findWorkerd } from "./cloudflare/runtime.ts";
import { type Cloudflare, startCloudflare } from "./cloudflare/server.ts";
import type { Command } from "./command.ts";
import type { Kind } from "./config/check.ts";
import { type DeployParams, deploy } from "./deploy/deploy.ts";
import { rollback } from "./deploy/rollback.ts";
import { runCommand } from "./run.ts";

// rules_js puts a wrapper in the place of Node, which needs an environment that wrangler is not given.
process.execPath = process.env["JS_BINARY__NODE_BINARY"] ?? process.execPath;

/** The account and the token of the fake Cloudflare of tests. */
export const account = "0123456789abcdef0123456789abcdef";
export const token = "secret-token-of-this-test";

/** A new folder, removed after the tests of the file. */
export function folder(): string {
  const made = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "w-"));
  after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Writes files below a folder. */
export function write(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** What a command said, printed and returned. */
export interface Outcome {
  readonly status: number;
  readonly said: string;
  readonly printed: string;
}

/** Runs a command as the program does. */
export async function run(
  command: Command,
  params: object,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  let said = "";
  let printed = "";
  const say = (text: string): void => void (said += text);
  const print = (text: string): void => void (printed += text);
  const status = await runCommand({ command }, "command", JSON.stringify(params), { args, env, say, print });
  return { status, said, printed };
}

/** A site of a test, with a fake Cloudflare to deploy it to. */
export interface Bench {
  readonly cloudflare: Cloudflare;
  readonly env: NodeJS.ProcessEnv;
  /** Builds the site of these files. */
  build(files: Readonly<Record<string, string | Buffer>>): Promise<Outcome>;
  deploy(args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome>;
  rollback(args?: readonly string[]): Promise<Outcome>;
  /** Asks the fake for a page of a site. */
  get(
    host: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }>;
}

/** Starts a fake Cloudflare and prepares a site; with the text of a script it is a Worker that has one, and `assets` of it may say more. */
export async function bench(kind: Kind, script = "", more: Readonly<Record<string, unknown>> = {}): Promise<Bench> {
  const root = folder();
  const workerd = findWorkerd(import.meta.url, undefined);
  const cloudflare = await startCloudflare({ folder: join(root, "cloud"), port: 0, account, token, workerd });
  after(() => cloudflare.close());
  const assets = { directory: "./dist", not_found_handling: "404-page" };
  const own = script === "" ? { assets } : { main: "src/worker.ts", assets: { ...assets, binding: "ASSETS", ...more } };
  const kept = kind === "pages" ? { pages_build_output_dir: "./dist" } : own;
  const configuration = { name: "trips", compatibility_date: "2026-11-01", ...kept };
  write(root, {
    "wrangler.json": JSON.stringify(configuration),
    ...(script === "" ? {} : { "built/worker.mjs": script }),
  });
  const file = (name: string): string => join(root, name);
  const params: DeployParams = {
    label: "//site:deploy",
    manifest: file("manifest.json"),
    site: file("dist"),
    config: file("wrangler.json"),
    script: script === "" ? "" : file("built/worker.mjs"),
    wrangler: createRequire(import.meta.url).resolve("wrangler"),
    productionBranch: "main",
    account: "",
  };
  const env = {
    PATH: process.env["PATH"],
    XDG_STATE_HOME: file("state"),
    TEST_TMPDIR: root,
    CLOUDFLARE_ACCOUNT_ID: account,
    CLOUDFLARE_API_TOKEN: token,
    CLOUDFLARE_API_BASE_URL: cloudflare.api,
  };
  return {
    cloudflare,
    env,
    build: (files) => {
      rmSync(params.site, { recursive: true, force: true });
      write(params.site, files);
      return run(check as Command, {
        kind,
        label: params.label,
        config: params.config,
        name: "",
        site: params.site,
        script: params.script,
        out: params.manifest,
      });
    },
    deploy: (args = [], changed = {}) => run(deploy as Command, params, args, { ...env, ...changed }),
    rollback: (args = []) => run(rollback as Command, params, args, env),
    get: (host, path, headers = {}) => get(cloudflare.port, host, path, headers),
  };
}

function get(
  port: number,
  host: string,
  path: string,
  more: Readonly<Record<string, string>>,
): ReturnType<Bench["get"]> {
  return new Promise((done, fail) => {
    const headers = { ...more, host: `${host}.localhost:${port}` };
    request({ host: "127.0.0.1", port, path, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => done({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on("error", fail)
      .end();
  });
}

/** The text of a file. */
export function read(path: string): string {
  return readFileSync(path, "utf8");
}
