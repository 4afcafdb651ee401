import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { glencoe, jpegWith, sexagesimal } from "#lib/photos/testing/jpegs.ts";
import type { PointsReply } from "#lib/schemas/trips/v1/api.ts";
import { eventually, temporaryFolder } from "#lib/testing/process.ts";
import { readTracks } from "#lib/tracks/formats/read.ts";
import { getJson, prepareSystem, type System, untilReady } from "./system.ts";

/** Tags of EXIF: when a picture was taken, and where. */
const [DATE, LATITUDE, LONGITUDE] = [36_867, 2, 4];
const KEY = "the-key";
/** A walk through Glencoe, a picture each ten minutes, over two days. */
const WALK = Array.from({ length: 8 }, (_, index) => ({
  at: Date.parse(`2026-05-0${index < 4 ? 1 : 2}T10:00:00Z`) + (index % 4) * 600_000,
  lat: 56.68 - index * 0.002,
  lng: -5.1 + index * 0.004,
}));

let system: System;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: Record<string, string>;

beforeAll(async () => {
  system = await prepareSystem({ api: { API_KEYS: KEY, PUBLIC_URL: "https://trips.example.org/trips" } });
  await system.api.start();
  await untilReady(system.api);
  env = { ...system.env, TRIPS_API_URL: system.api.url };
  folder = await temporaryFolder();
  const photos = path.join(folder.path, "photos");
  await mkdir(photos);
  for (const { at, lat, lng } of WALK) {
    const exif = glencoe({
      exif: { [DATE]: new Date(at + 3_600_000).toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ") },
      gps: { [LATITUDE]: sexagesimal(lat), [LONGITUDE]: sexagesimal(lng) },
    });
    await writeFile(path.join(photos, `${at}.jpg`), await jpegWith(exif));
  }
  expect(await system.run("publish", ["photos", photos], env)).toMatchObject({ status: 0 });
  const named = { title: "Glen & Coe", from: "2026-05-01T00:00:00Z", to: "2026-05-03T00:00:00Z" };
  const answer = await fetch(`${system.api.url}/api/trips/glencoe`, {
    method: "PUT",
    headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
    body: JSON.stringify(named),
  });
  expect(answer.status).toBe(200);
  await eventually("the walk is known", async () => {
    const { points } = await getJson<PointsReply>(`${system.api.url}/api/points?trip=glencoe`);
    return points.length === WALK.length;
  });
});
afterAll(async () => {
  await system?.close();
  await folder?.remove();
});

async function exported(format: string): Promise<Buffer> {
  const out = path.join(folder.path, `glencoe.${format}`);
  expect(await system.run("publish", ["export", "glencoe", "--format", format, "--out", out], env)).toEqual({
    status: 0,
    output: "",
  });
  return readFile(out);
}

test.each(["gpx", "geojson", "kml"])(
  "the walk comes back out of its %s, with days, times, heights and photos",
  async (format) => {
    const reading = await readTracks(await exported(format));
    if (reading.kind === "refused") throw new Error(reading.message);
    const { tracks, waypoints } = reading;
    const places = tracks.flatMap(({ segments }) => segments.flat());
    expect(tracks).toHaveLength(2);
    expect(places).toHaveLength(WALK.length);
    for (const [index, { at, lat, lng }] of WALK.entries()) {
      expect(Math.floor(places[index]!.atMs! / 1000) * 1000).toBe(at);
      expect(places[index]!.lat).toBeCloseTo(lat, 4);
      expect(places[index]!.lng).toBeCloseTo(lng, 4);
      expect(places[index]!.elevation).toBeCloseTo(152.3, 1);
    }
    const { points } = await getJson<PointsReply>(`${system.api.url}/api/points?trip=glencoe`);
    expect(waypoints.map(({ href }) => href)).toEqual(
      points.map(({ image }) => `https://trips.example.org/trips/api/images/${image!.key}`),
    );
  },
  60_000,
);

test("the page holds every photo, names the trip, and asks for nothing from anywhere", async () => {
  const page = (await exported("html")).toString("utf8");
  expect(page).toContain("<h1>Glen &#38; Coe</h1>");
  expect(page.match(/data:image\/webp;base64,/g)).toHaveLength(WALK.length);
  expect(page).toContain("default-src 'none'; img-src data:");
  expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/);
});

test("a trip that is not there is told", async () => {
  expect(await system.run("publish", ["export", "ben-nevis"], env)).toEqual({
    status: 1,
    output: expect.stringContaining("was refused with 404"),
  });
});
