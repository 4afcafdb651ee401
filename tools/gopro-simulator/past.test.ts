import exifr from "exifr";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLogger } from "#lib/service/logs.ts";
import { temporaryFolder } from "#lib/testing/process.ts";
import { type Card, openCard } from "./card.ts";
import { createDrive } from "./drive.ts";
import type { History } from "./history.ts";
import { openPast } from "./past.ts";
import { createRoute } from "./route.ts";
import { startSimulator } from "./simulator.ts";

const route = createRoute();
const drive = createDrive(route);
const NOW = Date.parse("2026-07-15T11:30:00Z");
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const open = (card: Card, now = NOW) =>
  openPast({ stateDir: folder.path, card, route, drive, model: "HERO13", days: 1, seed: 1, now, size: [16, 12] });
const times = (card: Card) => card.list().map(({ createdS }) => createdS);

/** A card that stops the writing when it holds so many pictures. */
function stoppingAt(card: Card, count: number): { card: Card; signal: AbortSignal } {
  const stop = new AbortController();
  const add: Card["add"] = async (...picture) => {
    const file = await card.add(...picture);
    if (card.list().length === count) stop.abort();
    return file;
  };
  return { card: { ...card, add }, signal: stop.signal };
}
const secondsOf = ({ pictures }: History) => pictures.map(({ takenAt }) => Math.floor(takenAt.getTime() / 1_000));

test("pictures of the days before lie on the card under their times, with places and the zone of the route", async () => {
  const { card, signal } = stoppingAt(await openCard(folder.path), 6);
  const { history, write } = await open(card);
  expect(await write(signal)).toBe(6);
  expect(times(card)).toEqual(secondsOf(history).slice(0, 6));
  const { takenAt, distance } = history.pictures[5]!;
  const tags = (await exifr.parse(await readFile(card.list()[5]!.path), { reviveValues: false })) as Record<
    string,
    unknown
  >;
  const local = new Date(takenAt.getTime() + 3_600_000).toISOString().slice(0, 19);
  expect(tags["DateTimeOriginal"]).toBe(local.replaceAll("-", ":").replace("T", " "));
  expect(tags["OffsetTimeOriginal"]).toBe("+01:00");
  const place = route.at(distance);
  expect(Number(tags["latitude"])).toBeCloseTo(place.lat, 3);
  expect(Number(tags["longitude"])).toBeCloseTo(place.lng, 3);
});

test("what was interrupted goes on with the same story at the next start, and nothing is taken twice", async () => {
  const first = stoppingAt(await openCard(folder.path), 4);
  const begun = await open(first.card);
  expect(await begun.write(first.signal)).toBe(4);

  const second = stoppingAt(await openCard(folder.path), 9);
  const resumed = await open(second.card, NOW + 3_600_000);
  expect(resumed.history).toEqual(begun.history);
  expect(await resumed.write(second.signal)).toBe(5);
  expect(times(second.card)).toEqual(secondsOf(begun.history).slice(0, 9));
});

test("a card that has pictures gets no others", async () => {
  const card = await openCard(folder.path);
  await card.add(Buffer.from("a picture"), new Date(NOW));
  const { history, write } = await open(card);
  expect(history.pictures).toEqual([]);
  expect(await write(new AbortController().signal)).toBe(0);
});

test("a file that says something else is refused by its name", async () => {
  await writeFile(path.join(folder.path, "history.json"), '{"days":"many"}');
  await expect(open(await openCard(folder.path))).rejects.toThrow("history.json does not say");
});

test("the camera answers before they are all written, and drives on from where they end", async () => {
  const simulator = await startSimulator(
    {
      ...{ HOST: "127.0.0.1", PORT: 0, LOG_LEVEL: "silent", STATE_DIR: folder.path, SIM_SPEED: 1, SIM_HISTORY_DAYS: 1 },
      ...{ CAPTURE_WIDTH: 32, CAPTURE_HEIGHT: 24, BUSY_MS: 5 },
    },
    createLogger({ name: "test", level: "silent" }),
  );
  expect((await fetch(`${simulator.url}/readyz`)).status).toBe(200);
  const early = simulator.card.pictures;
  await simulator.camera.take();
  const live = await exifr.gps(await readFile(simulator.card.list().at(-1)!.path));
  await simulator.close();
  const { history } = await open(simulator.card);
  expect(early).toBeLessThan(history.pictures.length);
  const end = route.at(history.distance + 250);
  expect(live.latitude).toBeCloseTo(end.lat, 2);
  expect(live.longitude).toBeCloseTo(end.lng, 2);
});
