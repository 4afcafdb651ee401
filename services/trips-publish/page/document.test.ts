import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { TripReply } from "#lib/schemas/trips/v1/summary.ts";
import { temporaryFolder, toolPath } from "#lib/testing/process.ts";
import { launchChromium } from "#tools/chromium/browser.ts";
import { pageOf } from "./document.ts";
import { layOut } from "./journey.ts";
import { samplesOf } from "./profile.ts";

const START = Date.parse("2026-05-01T08:00:00Z");
const HOUR = 3_600_000;
const stats = {
  ...{
    meters: 41_000,
    movingMs: 3 * HOUR,
    stoppedMs: 0,
    elapsedMs: 3 * HOUR,
    ascentM: 220,
    descentM: 180,
    maxSpeedMps: 20,
  },
  ...{ avgMovingSpeedMps: 12, minElevation: 5, maxElevation: 230, filtered: { jump: 0, accuracy: 0, clock: 0 } },
};

/** Two days of forty points each, ten minutes apart, every fourth with a photo; the night between is a gap. */
function points(): Point[] {
  return Array.from({ length: 80 }, (_, index): Point => {
    const ms = START + (index < 40 ? 0 : 24 * HOUR) + (index % 40) * 600_000;
    const id = `point-${index}`;
    const key = `photos/aa/aaaaaaaa-aaaa-5aaa-8aaa-${String(index).padStart(12, "0")}.jpg`;
    return {
      ...{ id, takenAt: new Date(ms).toISOString(), lat: 57 + index / 200, lng: -5 + Math.sin(index / 6) / 10 },
      ...{ elevation: 100 + Math.round(90 * Math.sin(index / 8)), camera: "one", tags: [], seq: index + 1 },
      image: index % 4 === 0 ? { key, width: 600, height: 400, bytes: 1 } : null,
      exposure: { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null },
    };
  });
}

function reply(title = "Glen & <b>coast</b>"): TripReply {
  const day = (date: string, from: number) => ({
    ...{
      date,
      zone: "Europe/London",
      offsetMinutes: 60,
      from: new Date(from).toISOString(),
      points: 40,
      photos: 10,
      stats,
    },
    ...{ to: new Date(from + 6.5 * HOUR).toISOString(), firstId: "a", lastId: "b", spark: [1, 0, 5, 3] },
  });
  const trip = {
    id: "north",
    title,
    automatic: false,
    from: null,
    to: null,
    points: 80,
    photos: 20,
    days: 2,
    bbox: null,
    cover: null,
    stats,
  };
  return { trip, days: [day("2026-05-01", START), day("2026-05-02", START + 24 * HOUR)], stops: [], gaps: [], seq: 80 };
}

let browser: Browser;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let file: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const webp = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#286" } })
    .webp()
    .toBuffer();
  const uri = `data:image/webp;base64,${webp.toString("base64")}`;
  const pictures = new Map(
    points().flatMap(({ id, image }) => (image && id !== "point-4" ? [[id, uri] as const] : [])),
  );
  file = path.join(folder.path, "trip.html");
  await writeFile(file, pageOf({ reply: reply(), points: points(), pictures }));
  browser = await launchChromium({ executable: toolPath("CHROMIUM_BIN") });
});
afterAll(async () => {
  await browser.close();
  await folder.remove();
});

async function open(options: Parameters<Browser["newPage"]>[0] = {}): Promise<{ page: Page; trouble: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  const trouble: string[] = [];
  page.on("console", (message) => void (message.type() === "error" && trouble.push(message.text())));
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("request", (request) => void (/^https?:/.test(request.url()) && trouble.push(request.url())));
  await page.goto(`file://${file}`);
  return { page, trouble };
}

test("the file opens without a server: nothing is asked for, nothing fails, and its policy allows nothing else", async () => {
  const { page, trouble } = await open();
  expect(await page.title()).toBe("Glen & <b>coast</b>");
  expect(await page.locator("h1").innerText()).toBe("Glen & <b>coast</b>");
  await page.evaluate(() => fetch("https://example.com/").catch(() => null));
  expect(trouble.some((text) => text.includes("Content Security Policy"))).toBe(true);
  expect(trouble.filter((text) => !text.includes("Content Security Policy") && !text.includes("connect-src"))).toEqual(
    [],
  );
});

test("map, days, profile and photos are there without scripts", async () => {
  const { page } = await open({ javaScriptEnabled: false });
  expect(await page.locator("#map .line").count()).toBe(2);
  expect(await page.locator("#map .gap").count()).toBe(1);
  expect(await page.locator("#map .dot").count()).toBe(20);
  expect(await page.locator(".days li").allInnerTexts()).toEqual([
    expect.stringContaining("Friday, 1 May 2026"),
    expect.stringContaining("09:00 to 15:30"),
  ]);
  expect(await page.locator(".photos img").count()).toBe(19);
  expect(await page.locator(".none").innerText()).toBe("the picture could not be read");
  expect(await page.locator(".zoom").isVisible()).toBe(false);
});

test("a day that is chosen fills the map and stands out; chosen again, the whole trip is back", async () => {
  const { page, trouble } = await open();
  const box = () => page.locator("#map").getAttribute("viewBox");
  const whole = await box();
  await page.locator("[data-choose='1']").click();
  expect(await box()).not.toBe(whole);
  expect(await page.locator("#map .line.dim").getAttribute("data-day")).toBe("0");
  await page.locator("[data-choose='1']").click();
  expect((await box())!.split(" ").map(Number)).toEqual(whole!.split(" ").map(Number));
  expect(await page.locator(".dim").count()).toBe(0);
  expect(trouble).toEqual([]);
});

test("the map is moved by dragging and zoomed by wheel and buttons, around the pointer", async () => {
  const { page } = await open();
  const view = async () =>
    (await page.locator("#map").getAttribute("viewBox"))!.split(" ").map(Number) as [number, number, number, number];
  const [, , width] = await view();
  await page.locator("#closer").click();
  const [x, , zoomed] = await view();
  expect(zoomed).toBeLessThan(width);
  await page.mouse.move(400, 400);
  await page.mouse.down();
  await page.mouse.move(500, 400);
  await page.mouse.up();
  expect((await view())[0]).toBeLessThan(x);
  await page.mouse.wheel(0, 4_000);
  await expect.poll(async () => (await view())[2]).toBeGreaterThan(width);
});

test("the profile tells way and height under the pointer, and shows the place on the map", async () => {
  const { page } = await open();
  await page.locator("#profile").hover();
  expect(await page.locator("#reading").innerText()).toMatch(/^\d+\.\d km · \d+ m$/);
  expect(await page.locator("#here").isVisible()).toBe(true);
});

test("photos are shown large, from the list, the map and by keyboard", async () => {
  const { page } = await open();
  const caption = page.locator("dialog figcaption");
  await page.locator("[data-open='0']").click();
  expect(await caption.innerText()).toBe("Friday, 1 May 2026, 09:00 · 57.0000° N, 5.0000° W · 100 m");
  await page.keyboard.press("ArrowRight");
  expect(await caption.innerText(), "the one whose picture is missing is passed over").toContain("10:20");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  expect(await caption.innerText(), "before the first comes the last").toContain("Saturday, 2 May 2026, 15:00");
  await page.keyboard.press("Escape");
  expect(await page.locator("dialog").isVisible()).toBe(false);
  await page.locator("#map .dot").last().click();
  expect(await caption.innerText()).toContain("Saturday, 2 May 2026");
});

test("on a phone nothing is wider than the screen", async () => {
  const { page } = await open({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
});

test("lines of many points are simplified, days and gaps are not, and profiles keep their heights", () => {
  const [first] = points() as [Point];
  const many = Array.from({ length: 50_000 }, (_, index): Point => ({
    ...first,
    id: `p${index}`,
    takenAt: new Date(START + index * 1_000).toISOString(),
    lat: 57 + index / 100_000,
    lng: -5 + Math.sin(index / 2_000) / 10,
    elevation: index === 31_000 ? 900 : 100,
  }));
  const layout = layOut(many, reply().days);
  expect(layout.shape.length).toBeLessThan(5_000);
  expect([layout.shape[0], layout.shape.at(-1)]).toEqual([0, 49_999]);
  const samples = samplesOf(layout.spots);
  expect(samples.length).toBeLessThan(2_000);
  expect(Math.max(...samples.map(({ elevation }) => elevation))).toBe(900);
});

test("a trip over the antimeridian stays in one piece, and one without points says so", () => {
  const fiji = [179.9, -179.9].map((lng, index): Point => ({ ...points()[index]!, lat: -17, lng }));
  const { spots, metersAUnit } = layOut(fiji, reply().days);
  const meters = (spots[1]!.x - spots[0]!.x) * metersAUnit;
  expect(meters).toBeGreaterThan(20_000);
  expect(meters).toBeLessThan(22_500);
  expect(pageOf({ reply: reply(), points: [], pictures: new Map() })).toContain("This trip has no points.");
});
