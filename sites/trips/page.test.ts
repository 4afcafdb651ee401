import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchChromium } from "#tools/chromium/browser.ts";
import { type Backend, startBackend } from "./testing/backend.ts";
import { journey, photoAt } from "./testing/journey.ts";

const dist = process.env["SITE_DIST"] ?? "";
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 } };
let browser: Browser;
let backend: Backend;
let complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
});
afterAll(() => browser?.close());

beforeEach(async () => {
  complaints = [];
  backend = await startBackend(dist);
  for (const { point, jpeg } of journey(12, minutesAgo(1))) backend.add(point, jpeg);
});
afterEach(() => backend.close());

/** Opens the site and waits until the map has come to rest. */
async function visit(options: BrowserContextOptions = {}, query = ""): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    timezoneId: "Europe/London",
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on(
    "request",
    (request) =>
      void (
        request.url().startsWith("http") &&
        !request.url().startsWith(backend.url) &&
        complaints.push(request.url())
      ),
  );
  await page.goto(backend.url + query);
  await page.waitForSelector("#map-view[data-photos]", { state: "attached" });
  return page;
}

const opened = (page: Page) => page.getAttribute(".viewer", "data-photo");

test("the page shows all photos, on the map and in the list, and loads nothing from elsewhere", async () => {
  const page = await visit();
  await page.waitForSelector("#map-view[data-photos='12']", { state: "attached" });
  expect(await page.locator(".mark-last").isVisible()).toBe(true);
  expect(await page.textContent(".figures")).toContain("32.7 km");
  expect(await page.title()).toBe("12 photos, live · North Coast · Trips");
  await page.click("#tab-photos");
  await expect.poll(() => page.locator(".gallery .thumb").count()).toBe(12);
  expect(complaints).toEqual([]);
});

test("a photo that is taken now appears without reloading, with a pulse, and viewers are counted", async () => {
  const page = await visit();
  const { point, jpeg } = photoAt(40_000, new Date());
  await page.waitForSelector(".header-live :text('Live')");
  backend.add(point, jpeg);
  await page.waitForSelector(`.mark-last[data-photo='${point.id}']`);
  expect(await page.locator(".mark-pulse").count()).toBe(1);
  expect(await page.title()).toBe("13 photos, live · North Coast · Trips");
  await page.waitForSelector(".figures dd:text-is('13')");
  const other = await visit();
  await page.waitForSelector(".header-viewers:has-text('2 viewers')");
  await other.context().close();
  await page.waitForSelector(".header-viewers:has-text('1 viewer')");
});

test("a deleted photo leaves the map and the list", async () => {
  const page = await visit();
  const last = (await page.getAttribute(".mark-last", "data-photo"))!;
  backend.remove(last);
  await page.waitForSelector(`.mark-last:not([data-photo='${last}'])`);
  await page.waitForSelector(".figures dd:text-is('11')");
  await page.click("#tab-photos");
  await expect.poll(() => page.locator(".gallery .thumb").count()).toBe(11);
});

test("photos are opened, stepped through and closed by keyboard alone, and the address follows", async () => {
  const page = await visit();
  await page.click("#tab-photos");
  await page.locator(".gallery .thumb").nth(2).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".viewer img[data-state='loaded']");
  const third = await opened(page);
  expect(page.url()).toContain(`?photo=${third}`);
  await page.keyboard.press("ArrowLeft");
  await page.waitForSelector(".viewer-place:has-text('9 of 12')");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector(".viewer-place:has-text('11 of 12')");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".viewer", { state: "detached" });
  expect(page.url()).toBe(backend.url);
  expect(await page.evaluate("document.activeElement.className")).toBe("thumb");
});

test("a press near a photo on the map opens it", async () => {
  const page = await visit();
  const box = (await page.locator(".mark-last").boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForSelector(".viewer-place:has-text('12 of 12')");
});

test("an address that names a photo opens it, and one that names none says so", async () => {
  const { point } = journey(12, minutesAgo(1))[4]!;
  const page = await visit({}, `?photo=${point.id}`);
  await page.waitForSelector(`.viewer[data-photo='${point.id}']`);
  expect(await page.textContent(".facts")).toContain("1/480 s · f/2.5 · ISO 100");
  const lost = await visit({}, "?photo=nothing");
  await lost.waitForSelector(":text('This photo is not here')");
});

test("a lost connection is said with its length and next try, and what happened meanwhile is caught up", async () => {
  const page = await visit();
  await page.waitForSelector(".header-live :text('Live')");
  backend.fail(true);
  await page.waitForSelector(".stale:has-text('No connection for')");
  expect(await page.textContent(".stale p")).toMatch(/No connection for \d+ s\. (Next try in \d+ s|Trying now)\./);
  await page.click(".stale button");
  const { point, jpeg } = photoAt(50_000, new Date());
  backend.add(point, jpeg);
  backend.fail(false);
  await page.waitForSelector(`.mark-last[data-photo='${point.id}']`);
  await page.waitForSelector(".stale", { state: "detached" });
});

test("photos that cannot be loaded are an error with a way on", async () => {
  backend.fail(true);
  const page = await visit();
  await page.waitForSelector(":text('The photos could not be loaded')");
  expect(await page.textContent("[role=alert]")).toContain("The server answered with status 503.");
  backend.fail(false);
  await page.click(":text('Try now')");
  await page.waitForSelector(".thumb");
});

test("a trip without photos says so, and the first photo brings the map to it", async () => {
  backend.wipe();
  const page = await visit();
  await page.waitForSelector(":text('No photos yet')");
  const { point, jpeg } = photoAt(0, new Date());
  backend.add(point, jpeg);
  await page.waitForSelector(`.mark-last[data-photo='${point.id}']`);
  await page.waitForSelector("#map-view[data-photos='1']", { state: "attached" });
});

test("on a phone the panel is a sheet that keys and finger move, and the map stays in view", async () => {
  const page = await visit(phone);
  const height = async () => (await page.locator(".sheet").boundingBox())!.height;
  expect(await height()).toBe(439);
  await page.focus(".sheet-handle");
  await page.keyboard.press("ArrowDown");
  await page.waitForSelector(".sheet[data-snap='peek']");
  expect(await height()).toBe(88);
  await page.mouse.move(195, 790);
  await page.mouse.down();
  await page.mouse.move(195, 400, { steps: 8 });
  await page.mouse.move(195, 120, { steps: 8 });
  await page.mouse.up();
  await page.waitForSelector(".sheet[data-snap='full']");
  expect(await height()).toBe(844 - 72);
});

test("everything that can be pressed measures 44 px, on a phone too", async () => {
  const page = await visit(phone);
  await page.locator(".strip .thumb").first().click();
  await page.waitForSelector(".viewer");
  const small = `[...document.querySelectorAll("button, a, summary, select")].filter((e) => e.checkVisibility()).map((e) => [e.ariaLabel ?? e.textContent, e.getBoundingClientRect()]).filter(([, r]) => r.width < 44 || r.height < 44).map(([name]) => name)`;
  expect(await page.evaluate(small)).toEqual([]);
});

test("the reader's theme is remembered over a visit and overrides the machine's", async () => {
  const page = await visit({ colorScheme: "light" });
  const scheme = () => page.evaluate("getComputedStyle(document.documentElement).colorScheme");
  await page.click("[aria-label^='Theme: system']");
  await page.click("[aria-label^='Theme: light']");
  expect(await scheme()).toBe("dark");
  await page.reload();
  expect(await scheme()).toBe("dark");
});
