import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchChromium } from "#tools/chromium/browser.ts";
import { largeTrip } from "./bench/large-trip.ts";
import { type Backend, type BackendOptions, startBackend, TRIP } from "./testing/backend.ts";
import { replyOf } from "./testing/figures.ts";
import { journey, photoAt } from "./testing/journey.ts";
import { aPoint } from "./testing/points.ts";

const dist = process.env["SITE_DIST"] ?? "";
const now = Date.now();
const taken = journey(10, new Date(now - 60_000));
const next = Array.from({ length: 4 }, (_, i) => photoAt(40_000 + i * 1000, new Date(now - 50_000 + i * 5_000)));
let browser: Browser;
let backend: Backend;

beforeAll(async () => {
  browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
});
afterAll(() => browser?.close());
afterEach(() => backend.close());

async function start(options: BackendOptions = {}): Promise<void> {
  backend = await startBackend(dist, options);
  for (const { point, jpeg } of taken) backend.add(point, jpeg);
}

async function visit(query = "", options: BrowserContextOptions = {}): Promise<Page> {
  const viewport = { width: 1280, height: 800 };
  const still = { timezoneId: "UTC", reducedMotion: "reduce", serviceWorkers: "block" } as const;
  const context = await browser.newContext({ viewport, ...still, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(backend.url + query);
  await page.waitForSelector("#map-view[data-photos]", { state: "attached" });
  return page;
}

test("photos that arrive leave those of the gallery in their rows: what one is about to press stays", async () => {
  await start();
  const page = await visit();
  await page.click("#tab-photos");
  const known = page.locator(`.gallery [data-photo='${taken[4]!.point.id}']`);
  const [thumb, before] = [await known.elementHandle(), await known.boundingBox()];
  for (const [i, { point, jpeg }] of next.slice(0, 2).entries()) {
    backend.add(point, jpeg);
    await page.waitForSelector(`.gallery h2:has-text('${11 + i}')`);
  }
  expect(await thumb!.isVisible()).toBe(true);
  expect((await known.boundingBox())!.x).toBe(before!.x);
  await page.context().close();
});

test("a gallery that is scrolled keeps what one looks at in its place when a row is added above it", async () => {
  await start();
  const page = await visit("", { viewport: { width: 1280, height: 420 } });
  await page.click("#tab-photos");
  const first = page.locator(`.gallery [data-photo='${taken[0]!.point.id}']`);
  await first.scrollIntoViewIfNeeded();
  const before = (await first.boundingBox())!.y;
  for (const { point, jpeg } of next) backend.add(point, jpeg);
  await page.waitForSelector(".figures dd:text-is('14')");
  await expect.poll(async () => Math.round((await first.boundingBox())!.y)).toBe(Math.round(before));
  await page.context().close();
});

test("figures rise with each photo before the server was asked for its own", async () => {
  const points = taken.map(({ point }, i) => ({ ...point, seq: i + 1 }));
  await start({
    answer: (path) => (path === `trips/${TRIP.id}` ? replyOf(TRIP.id, TRIP.title, points, 10) : undefined),
  });
  const page = await visit();
  const distance = await page.textContent(".figures dd");
  backend.add(next[0]!.point, next[0]!.jpeg);
  await page.waitForSelector(".figures dd:text-is('11')");
  expect(await page.textContent(".figures dd")).not.toBe(distance);
  await page.context().close();
});

test("changing the trip shows which one is on its way, until it is there", async () => {
  await start();
  const { point, jpeg } = photoAt(90_000, new Date(now - 9e8));
  backend.add({ ...point, trip: "earlier" }, jpeg);
  const page = await visit();
  const gate = Promise.withResolvers<void>();
  await page.route("**/api/trips/earlier*", (route) => gate.promise.then(() => route.continue()));
  await page.selectOption("select[aria-label='Trip']", "earlier");
  await page.waitForSelector(".content[aria-busy='true']");
  expect(await page.textContent(".header-live")).toContain("Loading the trip");
  expect(await page.inputValue("select[aria-label='Trip']")).toBe("earlier");
  gate.resolve();
  await page.waitForSelector(".content[aria-busy='false']");
  await page.waitForSelector(".figures dd:text-is('1')");
  await page.context().close();
});

test("the token of a shared link goes with every request, and one that is over says so", async () => {
  await start();
  const page = await visit("?share=abc");
  const asked: string[] = [];
  page.on("request", (request) => void asked.push(request.url()));
  page.on("websocket", (socket) => void asked.push(socket.url()));
  await page.reload();
  await page.waitForSelector(".header-live :text('Live')");
  const api = asked.filter((url) => /\/api\/(trips|points|live)/.test(url)).map((url) => new URL(url));
  expect(api.map(({ pathname }) => pathname.split("/")[3]).toSorted()).toEqual(["live", "points", "trips", "trips"]);
  expect(api.map(({ searchParams }) => searchParams.get("share"))).toEqual(["abc", "abc", "abc", "abc"]);
  await page.route("**/api/trips?*", (route) => route.fulfill({ status: 410, json: { error: {} } }));
  await page.reload();
  await page.waitForSelector(":text('This link does not open it, or no longer does.')");
  await page.context().close();
});

test("noise is shown where an address asks for it, says why it is noise, and goes again", async () => {
  const noisy = aPoint({ id: "far", seq: 5, lat: 60, lng: 5, takenAt: new Date(now - 65_000).toISOString() });
  const points = taken.map(({ point }, i) => ({ ...point, seq: i + 1 }));
  await start({
    answer: (path, query) =>
      path !== "points" || query.get("filter") !== "off"
        ? undefined
        : { points: [...points, { ...noisy, trip: TRIP.id, noise: ["jump"] }], seq: 10 },
  });
  const page = await visit("?filter=off&photo=far");
  await page.waitForSelector(".viewer :text('left out: an impossible jump')");
  await page.keyboard.press("Escape");
  await page.click("#tab-figures");
  const check = page.locator(".check input");
  expect(await check.isChecked()).toBe(false);
  await check.check();
  await page.waitForSelector("#map-view[data-photos='10']", { state: "attached" });
  expect(new URL(page.url()).searchParams.get("filter")).toBeNull();
  await page.context().close();
});

test("a trip that is too large to hold comes as tiles and a day, and its tiles anew when another day changes", async () => {
  const large = largeTrip(40_000, 4);
  let more = 0;
  const asked: string[] = [];
  const grown = () => ({
    ...large.reply,
    days: large.reply.days.map((day, i) => (i === 0 ? { ...day, points: day.points + more } : day)),
    seq: more,
  });
  backend = await startBackend(dist, {
    answer: (path, query) => {
      if (/^(points|tiles)/.test(path)) asked.push(path === "points" ? `points ${query.get("day")}` : "tile");
      if (path === "trips") return { trips: [grown().trip], seq: more };
      if (path === "trips/large") return grown();
      if (path === "points") return { points: large.ofDay(query.get("day") ?? ""), seq: more };
      const [, z, x, y] = /^tiles\/large\/(\d+)\/(\d+)\/(\d+)\.mvt$/.exec(path) ?? [];
      return z === undefined ? undefined : (large.tile(Number(z), Number(x), Number(y)) ?? new Uint8Array());
    },
  });
  const page = await visit("?view=42,0,5.2");
  const [first, last] = [large.reply.days[0]!, large.reply.days.at(-1)!];
  expect(asked.filter((path) => path.startsWith("points"))).toEqual([`points ${last.date}`]);
  await expect.poll(() => asked.filter((path) => path === "tile").length).toBeGreaterThan(0);
  await page.waitForSelector(".header-live :text('Live')");
  const tiles = asked.length;
  more = 1;
  backend.add({ ...aPoint({ id: "new", takenAt: first.to }), trip: "large" });
  await expect.poll(() => asked.length).toBeGreaterThan(tiles);
  expect(asked.slice(tiles).every((path) => path === "tile")).toBe(true);
  await page.locator(".day-row").last().click();
  await expect.poll(() => asked.filter((path) => path.startsWith("points"))).toContain(`points ${first.date}`);
  await page.context().close();
});
