import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Browser, Response } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "#tools/chromium/browser.ts";

const given = (name: string): string => resolve(process.env[name] ?? "");
let browser: Browser;
let cloudflare: ChildProcess;
let folder: string;
let api: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudflare-"));
  browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
  const env = { ...process.env, PORT: "0", STATE_DIR: folder, CLOUDFLARE_API_TOKEN: "local" };
  const server = spawn(process.execPath, [given("CLOUDFLARE_MJS")], { env, stdio: ["ignore", "pipe", "inherit"] });
  cloudflare = server;
  api = await new Promise((done) => {
    let said = "";
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = /CLOUDFLARE_API_BASE_URL=(\S+)/.exec(said)?.[1];
      if (found !== undefined) done(found);
    });
  });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  cloudflare?.kill();
  await rm(folder, { recursive: true, force: true });
});

/** Publishes a site with its own target. */
async function deploy(program: string): Promise<string> {
  const env = {
    ...process.env,
    CLOUDFLARE_ACCOUNT_ID: "0".repeat(32),
    CLOUDFLARE_API_BASE_URL: api,
    CLOUDFLARE_API_TOKEN: "local",
    XDG_STATE_HOME: folder,
  };
  const { stdout, stderr } = await promisify(execFile)(given(program), [], { env });
  return stdout + stderr;
}

test("a browser loads what was deployed, and nothing in it breaks the policy of its headers", async () => {
  expect(await deploy("TRIPS_DEPLOY")).toContain("published");
  const violations: string[] = [];
  const responses: Response[] = [];
  const page = await browser.newPage();
  await page.exposeFunction("violated", (text: string) => violations.push(text));
  const report = "({ violatedDirective, blockedURI }) => violated(`${violatedDirective} ${blockedURI}`)";
  await page.addInitScript({ content: `addEventListener("securitypolicyviolation", ${report});` });
  page.on("response", (response) => responses.push(response));
  await page.goto(`http://trips.workers.localhost:${new URL(api).port}/`);
  await page.waitForSelector("canvas", { state: "attached", timeout: 30_000 });
  expect(violations).toEqual([]);

  const [document] = responses;
  expect(document?.headers()["content-security-policy"]).toContain("worker-src 'self' blob:");
  expect(document?.headers()["strict-transport-security"]).toBe("max-age=63072000; includeSubDomains");
  expect(document?.headers()["cache-control"]).toBe("public, max-age=0, must-revalidate");
  const assets = responses.filter((response) => new URL(response.url()).pathname.startsWith("/assets/"));
  expect(assets.length).toBeGreaterThan(0);
  for (const asset of assets) {
    expect(asset.headers()["cache-control"]).toBe("public, max-age=31536000, immutable");
  }
}, 120_000);
