import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "#tools/chromium/browser.ts";
import { type Backend, startBackend } from "./testing/backend.ts";
import { tour } from "./testing/journey.ts";

const dist = process.env["SITE_DIST"] ?? "";
const shots = join(process.env["TEST_UNDECLARED_OUTPUTS_DIR"] ?? process.env["TEST_TMPDIR"] ?? "/tmp", "trips");
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };
let browser: Browser;
let backend: Backend;
const taken = tour(3, 8, new Date(Date.now() - 60_000));

beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
  backend = await startBackend(dist);
  for (const { point, jpeg } of taken) backend.add(point, jpeg);
});
afterAll(async () => {
  await browser?.close();
  await backend?.close();
});

async function visit(options: BrowserContextOptions = {}, query = ""): Promise<Page> {
  const context = await browser.newContext({
    viewport: SIZES.desktop,
    timezoneId: "UTC",
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(backend.url + query);
  await page.waitForSelector("#map-view[data-photos]", { state: "attached" });
  return page;
}

const text = async (page: Page, selector: string) => (await page.textContent(selector)) ?? "";

test("a chosen day is opened, told in the address, and gone when it is pressed again", async () => {
  const page = await visit();
  const days = page.locator(".day-row");
  expect(await days.count()).toBe(3);
  await days.nth(2).click();
  await page.waitForSelector(".day[data-chosen='true'] .day-more");
  expect(new URL(page.url()).searchParams.get("day")).toBe(taken[0]!.point.takenAt.slice(0, 10));
  await days.nth(2).press("Enter");
  await page.waitForSelector(".day-more", { state: "detached" });
  expect(new URL(page.url()).searchParams.get("day")).toBeNull();
  await page.context().close();
});

test("pointing along the profile points at the map, and the arrow keys do the same", async () => {
  const page = await visit();
  await page.hover(".profile svg");
  await page.waitForSelector(".mark-pointed");
  expect(await text(page, ".profile-said")).toMatch(/^[\d.]+ km · \d+ m$/);
  await page.mouse.move(800, 10);
  await page.waitForSelector(".mark-pointed", { state: "detached" });
  await page.focus(".profile svg");
  await page.keyboard.press("ArrowRight");
  const first = await text(page, ".profile-said");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => text(page, ".profile-said")).not.toBe(first);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".viewer");
  await page.context().close();
});

test("pointing at a picture of the gallery points at the map too", async () => {
  const page = await visit();
  await page.locator(".strip .thumb").nth(1).hover();
  await page.waitForSelector(".mark-pointed");
  expect(await page.getAttribute(".mark-pointed", "data-photo")).toBe(
    await page.locator(".strip .thumb").nth(1).getAttribute("data-photo"),
  );
  await page.context().close();
});

test("the trip plays: it moves, photos appear as they are passed, keys change its speed and stop it", async () => {
  const page = await visit();
  await page.locator("body").press("Space");
  await page.waitForSelector(".player[data-playing='true']");
  await page.waitForSelector(".mark-ride");
  expect(await text(page, ".player-speed")).toContain("300×");
  await page.keyboard.press("]");
  await page.waitForSelector(".player-speed:has-text('1000×')");
  const before = await page.getAttribute(".player-photo .thumb", "data-photo");
  await page.waitForSelector(`.player-photo .thumb:not([data-photo='${before}'])`);
  await page.keyboard.press("Space");
  await page.waitForSelector(".player[data-playing='false']");
  const stood = await page.inputValue(".player input");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.inputValue(".player input").then(Number)).toBeGreaterThan(Number(stood));
  await page.click("[aria-label='End playback']");
  await page.waitForSelector(".mark-ride", { state: "detached" });
  await page.context().close();
});

test("with a day chosen the trip plays from there", async () => {
  const date = taken[8]!.point.takenAt.slice(0, 10);
  const page = await visit({}, `?day=${date}`);
  await page.click("[aria-label^='Play the trip']");
  await page.keyboard.press("k");
  await page.waitForSelector(`.player time[datetime^='${date}']`);
  await page.context().close();
});

test("playback may stand where an address says", async () => {
  const at = taken[12]!.point.takenAt;
  const page = await visit({}, `?at=${at}`);
  await page.waitForSelector(`.player time[datetime^='${at.slice(0, 16)}']`);
  await page.context().close();
});

test("an address may show history as of an event, with what was deleted since, and stands still", async () => {
  const page = await visit({}, "?seq=10");
  await page.waitForSelector(".banner:has-text('As of event 10')");
  await page.waitForSelector(".figures dd:text-is('10')");
  expect(await page.title()).toContain("as of event 10");
  await page.click(".banner button");
  await page.waitForSelector(`.figures dd:text-is('${taken.length}')`);
  await page.context().close();
});

test("the state's fingerprint is computed anew and compared", async () => {
  const page = await visit();
  await page.click("#tab-about");
  await page.waitForSelector(".digest[data-check='same'] code");
  for (const said of ["Connected", "All events readable", "State verified"])
    await page.waitForSelector(`.health li[data-state='good']:has-text('${said}')`);
  await page.context().close();
});

test("a picture opens over the whole window, zooms, and is left by Escape where one came from", async () => {
  const page = await visit({}, `?photo=${taken[3]!.point.id}`);
  await page.waitForSelector(".viewer img[data-state='loaded']");
  await page.keyboard.press("f");
  await page.waitForSelector(".lightbox img[data-state='loaded']");
  const { height } = (await page.locator(".lightbox img").boundingBox())!;
  expect(height).toBeLessThanOrEqual(SIZES.desktop.height - 64);
  await page.keyboard.press("+");
  await page.waitForSelector(".lightbox [data-scale='1.5']");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(`.lightbox[data-photo='${taken[4]!.point.id}'] [data-scale='1']`);
  await page.keyboard.press("Escape");
  await page.waitForSelector(".lightbox", { state: "detached" });
  expect(await page.getAttribute(".viewer", "data-photo")).toBe(taken[4]!.point.id);
  await page.context().close();
});

test("a swipe over the picture goes on to the next photo, a short pull does not", async () => {
  const page = await visit({ viewport: SIZES.phone, hasTouch: true }, `?photo=${taken[3]!.point.id}`);
  await page.click("[aria-label^='Full screen']");
  await page.waitForSelector(".lightbox img[data-state='loaded']");
  const swipe = async (by: number) => {
    await page.mouse.move(195, 300);
    await page.mouse.down();
    await page.mouse.move(195 + by, 304);
    await page.mouse.up();
  };
  const shown = () => page.getAttribute(".lightbox", "data-photo");
  await swipe(-30);
  expect(await shown()).toBe(taken[3]!.point.id);
  await swipe(-150);
  await expect.poll(shown).toBe(taken[4]!.point.id);
  await swipe(150);
  await expect.poll(shown).toBe(taken[3]!.point.id);
  await page.context().close();
});

test("where nobody scales pictures they are shown as they are stored", async () => {
  const bare = await startBackend(dist, { images: false });
  for (const { point, jpeg } of taken.slice(0, 4)) bare.add(point, jpeg);
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${bare.url}?photo=${taken[0]!.point.id}`);
  await page.waitForSelector(".viewer img[data-state='loaded'][src^='api/images/']");
  await page.waitForSelector(".strip img[src^='api/images/']");
  await page.close();
  await bare.close();
});

test("the view is kept: what one looks at after moving the map is where a copied address leads", async () => {
  const page = await visit();
  await page.mouse.move(900, 400);
  await page.mouse.down();
  await page.mouse.move(800, 350, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => new URL(page.url()).searchParams.get("view")).toMatch(/^[\d.-]+,[\d.-]+,[\d.]+$/);
  const view = new URL(page.url()).searchParams.get("view");
  await page.reload();
  await page.waitForSelector("#map-view[data-photos]", { state: "attached" });
  await page.waitForTimeout(300);
  expect(new URL(page.url()).searchParams.get("view")).toBe(view);
  await page.context().close();
});

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`it looks as it should on a ${size}, ${colorScheme}: pictures for whoever reviews a change`, async () => {
      const page = await visit({ viewport, colorScheme });
      const shot = (name: string) => page.screenshot({ path: join(shots, `${size}-${colorScheme}-${name}.png`) });
      await page.waitForTimeout(500);
      expect((await shot("days")).length).toBeGreaterThan(20_000);
      for (const tab of ["photos", "figures", "about"]) {
        await page.click(`#tab-${tab}`);
        await shot(tab);
      }
      await page.click("#tab-days");
      await page.locator(".strip .thumb").first().click();
      await page.waitForSelector(".viewer img[data-state='loaded']");
      expect((await shot("photo")).length).toBeGreaterThan(20_000);
      await page.context().close();
    });
  }
}
