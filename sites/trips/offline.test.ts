import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "#tools/chromium/browser.ts";
import { startBackend } from "./testing/backend.ts";
import { journey } from "./testing/journey.ts";

const dist = process.env["SITE_DIST"] ?? "";
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
});
afterAll(() => browser?.close());

test("a page that was open once opens without a network: map, trip, photos", async () => {
  const backend = await startBackend(dist);
  for (const { point, jpeg } of journey(6, new Date())) backend.add(point, jpeg);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(backend.url);
  await page.waitForSelector("#map-view[data-photos='6']", { state: "attached" });
  const kept = `(async () => {
    const names = [];
    for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) names.push(url);
    return ["basemap.pmtiles", "/trips/", "api/points", "assets/map", "worker", "thumb"].filter((part) => !names.some((url) => url.includes(part)));
  })()`;
  await expect.poll(() => page.evaluate(kept)).toEqual([]);
  await page.close();
  await backend.close();

  const again = await context.newPage();
  again.setDefaultTimeout(120_000);
  await again.goto(`${backend.url}?trip=north-coast`);
  await again.waitForSelector("#map-view[data-photos='6']", { state: "attached" });
  await again.waitForSelector(".stale:has-text('No connection for')");
  expect(await again.textContent("h1")).toBe("North Coast");
  const drawn = `[...document.querySelectorAll(".strip img")].every((img) => img.naturalWidth > 0)`;
  await expect.poll(() => again.evaluate(drawn)).toBe(true);
  await context.close();
});
