import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { AxeResults } from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, type Program, startProgram, temporaryFolder } from "#lib/testing/process.ts";
import { launchChromium } from "#tools/chromium/browser.ts";
import { MARKER, markedProcesses } from "#tools/up/processes.ts";

const START_MS = 150_000;
const WITHIN_MS = 90_000;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const node = process.env["JS_BINARY__NODE_BINARY"];
const given = (process.env["UP_ARGS"] ?? "").split(" ");

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let browser: Browser;
let up: Program;
let url: string;

/** Starts `up` with the state of before, and gives its address once everything is ready. */
async function start(): Promise<string> {
  const command = node === undefined ? process.execPath : resolve(node);
  up = startProgram(
    command,
    [join(import.meta.dirname, "main.ts"), ...given, "--port=0", `--state=${join(folder.path, "state")}`],
    { env: { PATH: process.env["PATH"] } },
  );
  const said = () => /Ready in .*: (http:\S+)/.exec(up.output())?.[1];
  const failed = up.exited.then((status) => {
    throw new Error(`up ended (${status}):\n${up.output()}`);
  });
  await Promise.race([eventually("up is ready", () => said() !== undefined, START_MS), failed]);
  failed.catch(() => {});
  return said()!;
}

async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  await page.goto(url);
  await page.waitForSelector("[data-ready=true]");
  return page;
}

const deployment = (page: Page, name: string, phase?: string): Locator =>
  page.locator(`[data-deployment="web/${name}"]${phase === undefined ? "" : `[data-phase="${phase}"]`}`);
const rows = (page: Page, hostname: string): Locator => page.locator(`.row[data-of="${hostname}"]`);
const happened = (page: Page, text: string): Locator => page.locator(".happening", { hasText: text });

beforeAll(async () => {
  folder = await temporaryFolder();
  browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
  url = await start();
}, START_MS);
afterAll(async () => {
  await browser?.close();
  await up?.stop("SIGINT");
  await folder?.remove();
}, START_MS);

test(
  "one Deployment is published and one is refused before anybody has done anything",
  { timeout: START_MS },
  async () => {
    const page = await open();
    await deployment(page, "shop", "Ready").waitFor();
    expect(
      await rows(page, "shop.example.org").evaluateAll((all) => all.map((row) => row.getAttribute("data-kind"))),
    ).toEqual(["record", "application", "route"]);
    await deployment(page, "wiki", "Failed").waitFor();
    expect(await deployment(page, "wiki").textContent()).toContain('No reusable Access policy is named "colleagues"');
    expect(await rows(page, "wiki.example.org").count()).toBe(0);
    await page.context().close();
  },
);

test(
  "annotate, and it exists; edit by hand, and it comes back; delete, and it is gone",
  { timeout: 5 * WITHIN_MS },
  async () => {
    const page = await open();
    await page.getByRole("button", { name: "New Deployment" }).click();
    await page.getByRole("button", { name: "Make it" }).click();
    await deployment(page, "blog", "Ready").waitFor();
    expect(await rows(page, "blog.example.org").count()).toBe(3);
    expect(await rows(page, "blog.example.org").locator(".owner").allTextContents()).toEqual(Array(3).fill("web/blog"));
    await happened(page, "POST /access/apps").first().waitFor();

    await page.getByLabel("Delete the application of blog.example.org").click();
    await happened(page, "Deleted the Access application of blog.example.org by hand").waitFor();
    await happened(page, "web/blog Drifted").waitFor();
    await page.locator('.row[data-kind="application"][data-of="blog.example.org"]').waitFor();
    await deployment(page, "blog", "Ready").waitFor();

    await deployment(page, "blog").getByRole("button", { name: "Delete" }).click();
    await deployment(page, "blog").waitFor({ state: "detached" });
    await expect.poll(() => rows(page, "blog.example.org").count()).toBe(0);
    expect(await rows(page, "shop.example.org").count()).toBe(3);
    await page.context().close();
  },
);

test("somebody else's record is left alone, and the Deployment says so", { timeout: 2 * WITHIN_MS }, async () => {
  const page = await open();
  await page.getByRole("button", { name: "Add somebody else’s record" }).click();
  await page.getByRole("button", { name: "Add it" }).click();
  await rows(page, "blog.example.org").waitFor();
  await page.getByRole("button", { name: "New Deployment" }).click();
  await page.getByRole("button", { name: "Make it" }).click();
  await deployment(page, "blog", "Failed").waitFor();
  expect(await deployment(page, "blog").textContent()).toContain("(unowned)");
  expect(await rows(page, "blog.example.org").locator(".owner").allTextContents()).toEqual(["somebody else’s"]);
  await deployment(page, "blog").getByRole("button", { name: "Delete" }).click();
  await deployment(page, "blog").waitFor({ state: "detached" });
  expect(await rows(page, "blog.example.org").count()).toBe(1);
  await page.context().close();
});

test("a killed operator is started again and takes the Lease", { timeout: 3 * WITHIN_MS }, async () => {
  const page = await open();
  const leads = happened(page, "has the Lease");
  const before = await leads.first().textContent();
  await page.getByRole("button", { name: "Kill the operator" }).click();
  await happened(page, "Killed the operator").waitFor();
  await expect.poll(() => leads.first().textContent(), { timeout: WITHIN_MS }).not.toBe(before);
  await page.getByText("Operator works").waitFor();
  await page.context().close();
});

test("what cannot be done is said", { timeout: WITHIN_MS }, async () => {
  const page = await open();
  await page.getByRole("button", { name: "New Deployment" }).click();
  await page.getByLabel("Name", { exact: true }).fill("shop");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.locator(".said[data-tone=refused]", { hasText: "already exists" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await page.context().close();
});

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };
for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing on a ${size}, ${colorScheme}`, { timeout: 2 * WITHIN_MS }, async () => {
      const page = await open({ viewport, colorScheme, reducedMotion: "reduce" });
      const complaints = async () => {
        const { violations } = (await page.evaluate(`${axe}; axe.run()`)) as AxeResults;
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
      };
      expect(await complaints()).toEqual([]);
      for (const column of size === "phone" ? ["Cloudflare", "What happens"] : []) {
        await page.getByRole("navigation").getByRole("button", { name: column }).click();
        expect(await complaints(), column).toEqual([]);
      }
      const width = await page.evaluate("document.documentElement.scrollWidth");
      expect(width).toBeLessThanOrEqual(viewport.width);
      await page.getByRole("button", { name: "New Deployment" }).click();
      expect(await complaints(), "dialog").toEqual([]);
      await page.context().close();
    });
  }
}

test("Ctrl-C stops everything, and the next start goes on from there", { timeout: 2 * START_MS }, async () => {
  const page = await open();
  await deployment(page, "wiki").getByRole("button", { name: "Delete" }).click();
  await deployment(page, "wiki").waitFor({ state: "detached" });
  const kubeconfig = /export KUBECONFIG=(\S+)/.exec(up.output())?.[1] ?? "";
  expect(statSync(kubeconfig).mode & 0o777).toBe(0o600);
  const lock = JSON.parse(readFileSync(join(folder.path, "state", "up.lock"), "utf8")) as {
    run: string;
    pid: number;
  };
  expect(markedProcesses(lock.run).length, MARKER).toBeGreaterThanOrEqual(6);
  process.kill(lock.pid, "SIGINT");
  expect(await up.exited).toBe(0);
  expect(markedProcesses(lock.run)).toEqual([]);
  expect(up.output()).not.toContain("asked to stop again");

  await page.getByText("The console has not answered").waitFor();
  url = await start();
  const again = await open();
  await deployment(again, "shop", "Ready").waitFor();
  expect(await rows(again, "shop.example.org").count()).toBe(3);
  expect(await deployment(again, "wiki").count()).toBe(0);
});
