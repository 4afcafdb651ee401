import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "#tools/chromium/browser.ts";
import { type Backend, startBackend } from "./testing/backend.ts";
import { tour } from "./testing/journey.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const dist = process.env["SITE_DIST"] ?? "";
const taken = tour(2, 6, new Date(Date.now() - 60_000));
let browser: Browser;
let backend: Backend;
let empty: Backend;

beforeAll(async () => {
  browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
  [backend, empty] = await Promise.all([startBackend(dist), startBackend(dist)]);
  for (const { point, jpeg } of taken) backend.add(point, jpeg);
});
afterAll(async () => {
  await browser?.close();
  await backend?.close();
  await empty?.close();
});

/** States of the page, and how a reader comes to each. */
const STATES: Record<string, (page: Page) => Promise<unknown>> = {
  days: (page) => page.locator(".day-row").first().click(),
  photos: (page) => page.click("#tab-photos"),
  figures: (page) => page.click("#tab-figures"),
  about: (page) => page.click("#tab-about").then(() => page.waitForSelector(".digest code")),
  photo: async (page) => {
    await page.click("#tab-days");
    await page.locator(".strip .thumb").first().click();
    await page.waitForSelector(".viewer img[data-state='loaded']");
  },
  lightbox: (page) => page.keyboard.press("f").then(() => page.waitForSelector(".lightbox img[data-state='loaded']")),
  "the trip being played": async (page) => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".viewer", { state: "detached" });
    await page.keyboard.press("k");
    await page.waitForSelector(".player-photo");
    await page.keyboard.press("k");
  },
};

async function complaints(page: Page): Promise<string[]> {
  const { violations } = (await page.evaluate(`${axe}; axe.run()`)) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

async function visit(viewport: { width: number; height: number }, colorScheme: "light" | "dark", url: string) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(url);
  await page.waitForSelector("#map-view[data-photos]", { state: "attached" });
  return page;
}

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };
for (const [size, viewport] of Object.entries(SIZES)) {
  for (const scheme of ["light", "dark"] as const) {
    test(`axe finds nothing in any state on a ${size}, ${scheme}`, async () => {
      const page = await visit(viewport, scheme, backend.url);
      for (const [state, reach] of Object.entries(STATES)) {
        await reach(page);
        expect(await complaints(page), state).toEqual([]);
      }
      await page.context().close();
    });
  }
}

test("axe finds nothing where there is no photo, no such trip, no server", async () => {
  const page = await visit(SIZES.phone, "light", empty.url);
  await page.waitForSelector(":text('No photos yet')");
  expect(await complaints(page), "empty").toEqual([]);
  await page.goto(`${backend.url}?trip=nowhere`);
  await page.waitForSelector(":text('This trip is not here')");
  expect(await complaints(page), "missing").toEqual([]);
  empty.fail(true);
  await page.goto(empty.url);
  await page.waitForSelector(":text('The photos could not be loaded')");
  expect(await complaints(page), "failed").toEqual([]);
  await page.context().close();
});
