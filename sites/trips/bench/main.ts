import type { Browser } from "playwright-core";
import { launchChromium } from "#tools/chromium/browser.ts";
import { type Backend, startBackend } from "../testing/backend.ts";
import { largeTrip } from "./large-trip.ts";

const POINTS = 500_000;
const DAYS = 30;
/** A map with the trip may take so many times as long for a frame as one without. */
const LIMIT = 1.5;
const VIEWS = { country: "46.5,2.5,5.2", region: "46.2,2.2,8.5", town: "46.1,2.1,12.5" };

if (process.argv.includes("--help")) {
  console.log(`usage: bench [VIEW ...]

Opens the built site with a trip of ${POINTS} points and with an empty one, moves both maps the same way, and prints the time between frames
as a ratio. Views: ${Object.keys(VIEWS).join(", ")}; all unless told. Without a graphics card the browser draws on the processor: the ratio counts, not the milliseconds.`);
  process.exit(0);
}

async function serve(dist: string, large: boolean): Promise<Backend> {
  if (!large) {
    const backend = await startBackend(dist);
    const trip = largeTrip(2, 1);
    for (const point of trip.ofDay(trip.reply.days[0]!.date)) backend.add(point);
    return backend;
  }
  const trip = largeTrip(POINTS, DAYS);
  const { seq } = trip.reply;
  return startBackend(dist, {
    answer: (path, query) => {
      if (path === "trips") return { trips: [trip.reply.trip], seq };
      if (path === "trips/large") return trip.reply;
      if (path === "points") return { points: trip.ofDay(query.get("day") ?? ""), seq };
      const [, z, x, y] = /^tiles\/large\/(\d+)\/(\d+)\/(\d+)\.mvt$/.exec(path) ?? [];
      return z === undefined ? undefined : (trip.tile(Number(z), Number(x), Number(y)) ?? new Uint8Array());
    },
  });
}

const sorted = (values: number[]): number[] => values.toSorted((a, b) => a - b);
const at = (values: number[], share: number): number => sorted(values)[Math.floor(values.length * share)] ?? NaN;

/** ms between frames while the map is dragged about. */
async function framesOf(browser: Browser, url: string, view: string): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 640 } });
  page.setDefaultTimeout(120_000);
  await page.goto(`${url}?view=${view}`);
  await page.waitForSelector("#map-view[data-photos]", { state: "attached" });
  await page.waitForTimeout(1_500);
  await page.evaluate(
    `globalThis.frames_ = []; (function tick(now) { frames_.push(now); requestAnimationFrame(tick); })(performance.now())`,
  );
  await page.mouse.move(640, 300);
  await page.mouse.down();
  for (let step = 0; step < 40; step++) {
    await page.mouse.move(640 + 160 * Math.sin(step / 9), 300 + 120 * Math.cos(step / 7));
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
  await page.mouse.up();
  const times = await page.evaluate<number[]>("frames_");
  await page.close();
  return times.slice(1).map((time, i) => time - times[i]!);
}

const dist = process.env["SITE_DIST"] ?? "";
const browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
const [empty, large] = [await serve(dist, false), await serve(dist, true)];
let over = false;
const wanted = process.argv.slice(2);
for (const [name, view] of Object.entries(VIEWS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const [bare, full] = [await framesOf(browser, empty.url, view), await framesOf(browser, large.url, view)];
  const ratio = at(full, 0.5) / at(bare, 0.5);
  over ||= ratio > LIMIT;
  const said = (values: number[]) => `median ${at(values, 0.5).toFixed(1)} ms, p95 ${at(values, 0.95).toFixed(1)} ms`;
  console.log(`${name.padEnd(8)} ${said(full)} with ${POINTS} points; ${said(bare)} with none`);
  console.log(`${" ".repeat(8)} ${ratio.toFixed(2)} × (limit ${LIMIT} ×) ${ratio > LIMIT ? "over" : "ok"}`);
}
await browser.close();
await Promise.all([empty.close(), large.close()]);
process.exitCode = over ? 1 : 0;
