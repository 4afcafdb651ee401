import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PointsReply } from "#lib/schemas/trips/v1/api.ts";
import { eventually } from "#lib/testing/process.ts";
import { launchChromium } from "#tools/chromium/browser.ts";
import { getJson, prepareSystem, type System, untilReady } from "../../services/e2e/system.ts";
import { type FrontDoor, startFrontDoor } from "./testing/front-door.ts";

let system: System;
let door: FrontDoor;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  system = await prepareSystem();
  await Promise.all([system.camera.start(), system.api.start()]);
  await untilReady(system.api);
  door = await startFrontDoor(process.env["SITE_DIST"] ?? "", system.api.url);
  browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(120_000);
});

afterAll(async () => {
  await browser?.close();
  await door?.stop();
  await system?.close();
});

const points = async () => (await getJson<PointsReply>(`${system.api.url}/api/points`)).points;

test("the camera takes a photo, and it appears on the map of a page that is open", async () => {
  await page.goto(door.url);
  await page.waitForSelector(":text('No photos yet')");
  await page.waitForSelector("#map-view[data-photos='0']", { state: "attached" });
  await system.capture.start();
  await page.waitForSelector(".mark-last[data-photo]");
  await page.waitForSelector("#map-view[data-photos]:not([data-photos='0'])", { state: "attached" });
  const [first] = await eventually("trips-api knows the photo", async () => {
    const known = await points();
    return known.length > 0 ? known : undefined;
  });
  await page.waitForFunction("/photo/.test(document.title)");
  expect(await page.title()).toMatch(/^\d+ photos?, live · .+ · Trips$/);
  await page.goto(`${door.url}?photo=${first!.id}`);
  await page.waitForSelector(`.viewer[data-photo='${first!.id}'] img[data-state='loaded']`);
  expect(await page.evaluate("document.querySelector('.picture img').naturalWidth")).toBe(first!.image!.width);
});

test("photos go on arriving by themselves, the newest one marked", async () => {
  await page.goto(door.url);
  await page.waitForSelector(".mark-last[data-photo]");
  const before = await page.getAttribute(".mark-last", "data-photo");
  await page.waitForSelector(`.mark-last[data-photo]:not([data-photo='${before}'])`);
  const newest = await page.getAttribute(".mark-last", "data-photo");
  expect((await points()).map(({ id }) => id)).toContain(newest);
});

test("a page outlives the service: what was taken meanwhile is there when it comes back", async () => {
  const photos = "Number(document.title.split(' ')[0].replace(',', ''))";
  const shown = await page.evaluate<number>(photos);
  await system.api.stop("SIGKILL");
  await page.waitForSelector(".stale:has-text('No connection for')");
  await system.api.start();
  await untilReady(system.api);
  await page.waitForSelector(".header-live :text-is('Live')");
  await page.waitForFunction(`${photos} > ${shown}`);
});
