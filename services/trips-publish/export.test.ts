import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identityOf } from "#lib/photos/identity.ts";
import { preparePhoto } from "#lib/photos/prepare.ts";
import { HEIC } from "#lib/photos/testing/heic.ts";
import { glencoe, jpegWith } from "#lib/photos/testing/jpegs.ts";
import { startProgram, temporaryFolder, toolPath } from "#lib/testing/process.ts";
import { launchChromium } from "#tools/chromium/browser.ts";

/** The bundle that the image has: the one place where a page's script, WebAssembly and native packages come together. */
const BUNDLE = path.resolve("services/trips-publish/app/main.mjs");

let server: Server;
let api: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const answers = new Map<string, { type: string; body: string | Uint8Array }>();

beforeAll(async () => {
  folder = await temporaryFolder();
  server = createServer((request, response) => {
    const answer = answers.get(request.url ?? "");
    response.writeHead(answer ? 200 : 404, { "content-type": answer?.type ?? "application/json" });
    response.end(answer?.body ?? '{"error":{"code":"not_found","message":"There is no such trip."}}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  api = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  await fillApi();
});
afterAll(async () => {
  server.close();
  await folder.remove();
});

/** Answers as trips-api does for a trip of one photo. */
async function fillApi(): Promise<void> {
  const bytes = await jpegWith(glencoe());
  const prepared = await preparePhoto(bytes, { camera: "one", source: "import" }, Date.now());
  if (prepared.kind !== "photo") throw new Error(prepared.message);
  const { photo } = prepared;
  const zeros = { meters: 0, movingMs: 0, stoppedMs: 0, elapsedMs: 0, filtered: { jump: 0, accuracy: 0, clock: 0 } };
  const unknown = {
    ascentM: null,
    descentM: null,
    maxSpeedMps: null,
    avgMovingSpeedMps: null,
    minElevation: null,
    maxElevation: null,
  };
  const stats = { ...zeros, ...unknown };
  const [from, to] = [photo.takenAt, photo.takenAt];
  const day = {
    date: "2026-05-01",
    zone: "Europe/London",
    offsetMinutes: 60,
    from,
    to,
    points: 1,
    photos: 1,
    stats,
    firstId: photo.id,
    lastId: photo.id,
    spark: [],
  };
  const trip = {
    id: "north",
    title: "North",
    automatic: false,
    from,
    to,
    points: 1,
    photos: 1,
    days: 1,
    bbox: null,
    cover: null,
    stats,
  };
  const json = (value: unknown) => ({ type: "application/json", body: JSON.stringify(value) });
  answers.set("/api/trips/north", json({ trip, days: [day], stops: [], gaps: [], seq: 1 }));
  answers.set("/api/points?trip=north", json({ points: [{ ...photo, seq: 1 }], seq: 1 }));
  answers.set(`/api/images/${photo.image!.key}`, { type: "image/jpeg", body: bytes });
  answers.set("/api/trips/north/export.gpx", { type: "application/gpx+xml", body: "<gpx/>" });
}

async function run(...args: string[]) {
  const env = { ...process.env, TRIPS_API_URL: api, BUILD_WORKING_DIRECTORY: folder.path };
  const program = startProgram(process.execPath, [BUNDLE, ...args], { env });
  return { status: await program.exited, output: program.output() };
}

test("a trip is written as one page that works in a browser", async () => {
  expect(await run("export", "north", "--format", "html", "--out", "north.html")).toEqual({ status: 0, output: "" });
  const browser = await launchChromium({ executable: toolPath("CHROMIUM_BIN") });
  try {
    const page = await browser.newPage();
    const trouble: string[] = [];
    page.on("pageerror", (error) => trouble.push(error.message));
    page.on("console", (message) => void (message.type() === "error" && trouble.push(message.text())));
    await page.goto(`file://${path.join(folder.path, "north.html")}`);
    await page.locator("[data-open='0']").click();
    expect(await page.locator("dialog figcaption").innerText()).toContain("Friday, 1 May 2026, 11:20");
    expect(trouble).toEqual([]);
  } finally {
    await browser.close();
  }
});

test("other formats are those of trips-api, and go to standard output where no file is told", async () => {
  expect(await run("export", "north", "--format", "gpx")).toEqual({ status: 0, output: "<gpx/>" });
  expect(await run("export", "north", "--out", "north.gpx")).toMatchObject({ status: 0 });
  expect(await readFile(path.join(folder.path, "north.gpx"), "utf8")).toBe("<gpx/>");
});

test("a trip that is not there, and a file that cannot be written, are told, and leave nothing half written", async () => {
  expect(await run("export", "south", "--format", "html")).toMatchObject({
    status: 1,
    output: expect.stringContaining("no such trip"),
  });
  expect(await run("export", "north", "--out", "nowhere/north.gpx")).toMatchObject({
    status: 1,
    output: expect.stringContaining("nowhere/north.gpx could not be written"),
  });
});

test("the bundle reads every kind of picture", async () => {
  const photos = path.join(folder.path, "photos");
  await mkdir(photos);
  await writeFile(path.join(photos, "a.heic"), HEIC);
  const { status, output } = await run("photos", photos, "--dry-run", "--json");
  expect(output).toContain(identityOf(HEIC, "heic").key);
  expect(status).toBe(0);
});
