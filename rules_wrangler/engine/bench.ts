/**
 * Measures the figures that README.md names, against limits measured in the same run: a plan of 2,000 files, and what a
 * deployment takes beside wrangler itself. `bench.ts ENGINE`, where ENGINE is engine.mjs.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startCloudflare } from "./cloudflare/server.ts";
import { spawnTimed } from "./spawn-timed.ts";

const engine = resolve(process.argv[2] ?? "engine.mjs");
const wrangler = createRequire(import.meta.url).resolve("wrangler");
const program = process.env["JS_BINARY__NODE_BINARY"] ?? process.execPath;
const root = mkdtempSync(join(tmpdir(), "wrangler-bench-"));
const account = "0".repeat(32);
const cloudflare = await startCloudflare({ folder: join(root, "cloud"), port: 0, account, token: "local" });
const file = (name: string): string => join(root, name);
const configuration = { name: "bench", compatibility_date: "2026-11-01", pages_build_output_dir: "./dist" };
writeFileSync(file("wrangler.json"), JSON.stringify(configuration));
spawnSync("mkdir", ["-p", file("dist"), file("home")]);
for (let index = 0; index < 2000; index++) writeFileSync(file(`dist/${index}.txt`), `file ${index}`);
const env = {
  PATH: process.env["PATH"] ?? "",
  HOME: file("home"),
  XDG_STATE_HOME: file("state"),
  CLOUDFLARE_API_BASE_URL: cloudflare.api,
  CLOUDFLARE_ACCOUNT_ID: account,
  CLOUDFLARE_API_TOKEN: "local",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
};
const common = { label: "//bench", config: file("wrangler.json"), site: file("dist") };
const words = (command: string, params: object): string => {
  writeFileSync(file(`${command}.params`), `${command}\n${JSON.stringify(params)}\n`);
  return `@${file(`${command}.params`)}`;
};
const check = words("check", { ...common, kind: "pages", name: "", script: "", out: file("manifest.json") });
const deploy = words("deploy", {
  ...common,
  manifest: file("manifest.json"),
  script: "",
  wrangler,
  productionBranch: "main",
  account: "",
});

const node = (...args: readonly string[]): Promise<number> => spawnTimed(program, args, { env, cwd: file("home") });
const best = async (measure: () => Promise<number>): Promise<number> =>
  Math.min(await measure(), await measure(), await measure());

await node(engine, check);
await node(engine, deploy, "--create");
const start = await best(() => node("--eval", "0"));
const manifest = await best(() => node(engine, check));
const plan = await best(() => node(engine, deploy, "--plan"));
const whole = await best(() => node(engine, deploy));
const commit = ["--commit-hash", "0", "--commit-message", "bench", "--commit-dirty=false"];
const pages = ["pages", "deploy", file("dist"), "--project-name", "bench", "--branch", "main", ...commit];
const alone = await best(() => node("--no-warnings", wrangler, ...pages));
await cloudflare.close();
rmSync(root, { recursive: true, force: true });

const rows: readonly (readonly [string, number, string, number])[] = [
  ["manifest of 2,000 files", manifest, "start of Node", start],
  ["plan of 2,000 files", plan, "limit", 1000],
  ["deployment beside wrangler", whole - alone, "limit", 300],
];
for (const [what, took, than, limit] of rows) {
  process.stdout.write(
    `${what}: ${took.toFixed(0)} ms, ${(took / limit).toFixed(2)} of ${than} (${limit.toFixed(0)} ms)\n`,
  );
}
process.exitCode = plan > 1000 || whole - alone > 300 ? 1 : 0;
