import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { preparePhoto } from "#lib/photos/prepare.ts";
import { glencoe, jpegWith, sexagesimal } from "#lib/photos/testing/jpegs.ts";
import { temporaryFolder } from "#lib/testing/process.ts";
import type { PhotoOptions } from "./command.ts";
import { openOrigins } from "./origin.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

const START = Date.parse("2026-05-01T10:00:00Z");
const told: PhotoOptions = { camera: "one", trip: null, tags: [], zone: null, tracks: [], offset: 0, elevation: [] };
/** Where the car was after some seconds: on its way north, ever faster. */
const latAt = (seconds: number) => 56 + (seconds / 3_600) ** 2 / 2;

/** Writes an hour of track, a place each 10 s. */
async function track(): Promise<string> {
  const places = Array.from({ length: 361 }, (_, index) => {
    const time = new Date(START + index * 10_000).toISOString();
    return `<trkpt lat="${latAt(index * 10).toFixed(6)}" lon="-5"><ele>${index}</ele><time>${time}</time></trkpt>`;
  });
  const file = path.join(folder.path, "drive.gpx");
  const gpx = `<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>${places.join("")}</trkseg></trk></gpx>`;
  await writeFile(file, gpx);
  return file;
}

/** Takes a picture after some seconds with a clock that is 2 h and 17 s ahead, without an offset; `placed` gives it GPS. */
function take(seconds: number, placed: boolean): Promise<Uint8Array> {
  const clock = new Date(START + seconds * 1_000 + 7_217_000)
    .toISOString()
    .slice(0, 19)
    .replaceAll("-", ":")
    .replace("T", " ");
  const { 0x9010: _, 0x9011: __, 0x9291: ___, ...exif } = glencoe().Exif as Record<number, unknown>;
  const gps = { 1: "N", 2: sexagesimal(latAt(seconds)), 3: "W", 4: sexagesimal(5) };
  return jpegWith({ ...glencoe(), Exif: { ...exif, 0x9003: clock } as never, GPS: (placed ? gps : {}) as never });
}

test("a clock that is wrong is found from photos with GPS, and mends those without", async () => {
  const files: string[] = [];
  for (const seconds of [600, 900, 1_500, 1_800, 2_200, 2_900, 3_300]) {
    files.push(path.join(folder.path, `${seconds}.jpg`));
    await writeFile(files.at(-1)!, await take(seconds, true));
  }
  const origins = await openOrigins({ ...told, tracks: [await track()], offset: "auto" }, files, "import", 1e9);
  expect(origins.found).toMatch(/off by -721[5-9](\.\d)? s/);
  const prepared = await preparePhoto(await take(2_000, false), origins.originOf({ path: "x.jpg" }), START + 1e8);
  if (prepared.kind !== "photo") throw new Error(prepared.message);
  expect(Math.abs(Date.parse(prepared.photo.takenAt) - START - 2_000_000)).toBeLessThan(3_000);
  expect(prepared.photo).toMatchObject({ lng: -5, timeSource: "assumed", name: "x.jpg" });
  expect(Math.abs(prepared.photo.lat - latAt(2_000))).toBeLessThan(0.001);
});

test("a clock that cannot be found is said so, with what to do", async () => {
  const file = path.join(folder.path, "one.jpg");
  await writeFile(file, await take(60, false));
  await expect(
    openOrigins({ ...told, tracks: [await track()], offset: "auto" }, [file], "import", 1e9),
  ).rejects.toThrow("--offset <seconds>");
});

test("a track that cannot be used is named", async () => {
  const open = (name: string) => openOrigins({ ...told, tracks: [path.join(folder.path, name)] }, [], "import", 1e9);
  await expect(open("nowhere.gpx")).rejects.toThrow("nowhere.gpx could not be read");
  await writeFile(path.join(folder.path, "page.gpx"), "<html></html>");
  await expect(open("page.gpx")).rejects.toThrow("page.gpx was refused");
});

test("heights come from the tiles that are told", async () => {
  const tile = Buffer.alloc(1_201 * 1_201 * 2);
  for (let at = 0; at < tile.length; at += 2) tile.writeInt16BE(321, at);
  await writeFile(path.join(folder.path, "N56W005.hgt"), tile);
  const { originOf } = await openOrigins({ ...told, zone: "+01:00", elevation: [folder.path] }, [], "import", 1e9);
  const prepared = await preparePhoto(await take(600, true), originOf({ path: "x.jpg" }), START + 1e8);
  if (prepared.kind !== "photo") throw new Error(prepared.message);
  expect(prepared.photo).toMatchObject({ elevation: 321, elevationSource: "dem" });
});
