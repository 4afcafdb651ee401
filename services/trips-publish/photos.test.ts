import { copyFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identityOf } from "#lib/photos/identity.ts";
import { HEIC } from "#lib/photos/testing/heic.ts";
import { glencoe, jpegWith } from "#lib/photos/testing/jpegs.ts";
import { eventually, freePort } from "#lib/testing/process.ts";
import { type Platform, startPlatform } from "./testing/platform.ts";

let platform: Platform;
beforeAll(async () => void (platform = await startPlatform()));
afterAll(() => platform.close());

let number = 0;
const fresh = (changes: Parameters<typeof glencoe>[0] = {}) =>
  jpegWith(glencoe({ ...changes, image: { 0x010e: `picture ${number++}`, ...changes.image } }));

/** A folder with these files, and a journal of its own. */
async function folderOf(name: string, files: Readonly<Record<string, Uint8Array | string>>) {
  const folder = path.join(platform.folder, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
  const env = { STATE_DIR: path.join(platform.folder, `.${name}`) };
  return { folder, env, run: (...args: string[]) => platform.run(args, env) };
}

const lines = (output: string) =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("a folder of all kinds is published once, equal pictures once, and what cannot be a point is kept aside with its reason", async () => {
  const one = await fresh();
  const { folder, run } = await folderOf("mixed", {
    "a.jpg": one,
    "copies/renamed.png": one,
    "b.heic": HEIC,
    "c.webp": await sharp(await fresh())
      .keepExif()
      .webp()
      .toBuffer(),
    "cut.jpg": one.subarray(0, one.length - 30),
    "nowhere.jpg": await jpegWith({ ...glencoe(), GPS: {} }),
    "page.jpg": "<html>",
    "._a.jpg": one,
    "empty.jpg": "",
  });
  const first = await run("photos", folder, "--json", "--trip", "north", "--tag", "car");
  expect(first.status).toBe(3);
  const results = lines(first.output);
  const byKind = (kind: string) => results.filter((result) => result["kind"] === kind);
  expect(byKind("published")).toHaveLength(3);
  expect(byKind("duplicate")).toMatchObject([
    { path: expect.stringContaining("renamed.png"), of: expect.stringContaining("a.jpg") },
  ]);
  expect(
    Object.fromEntries(byKind("aside").map(({ path: file, reason }) => [path.basename(String(file)), reason])),
  ).toEqual({
    "cut.jpg": "truncated",
    "nowhere.jpg": "no-place",
    "page.jpg": "not-a-picture",
    "empty.jpg": "not-a-picture",
  });
  expect(results.at(-1)).toMatchObject({ kind: "totals", published: 3, duplicates: 1, "kept aside": 4, waiting: 0 });

  expect(lines((await run("photos", folder, "--json", "--trip", "north", "--tag", "car")).output)).toEqual([
    expect.objectContaining({ kind: "totals", published: 0, duplicates: 0, "kept aside": 0 }),
  ]);
  const status = await run("status");
  expect(status.status).toBe(3);
  expect(status.output).toContain("nowhere.jpg: no GPS fix (no-place, 1 attempts)");
});

test("a trial publishes nothing and remembers nothing", async () => {
  const { folder, run } = await folderOf("trial", { "a.jpg": await fresh() });
  const before = (await platform.published()).length;
  expect(await run("photos", folder, "--dry-run")).toMatchObject({
    status: 0,
    output: expect.stringContaining("1 published"),
  });
  expect((await run("status", "--json")).output).toContain('"done":0');
  expect(await platform.published()).toHaveLength(before);
});

test("what was kept aside is tried again, with the options that it was told", async () => {
  const { folder, run, env } = await folderOf("again", { "cut.jpg": "" });
  const whole = await fresh();
  await writeFile(path.join(folder, "cut.jpg"), whole.subarray(0, -10));
  expect((await run("photos", folder, "--camera", "bonnet")).status).toBe(3);
  await writeFile(path.join(folder, "cut.jpg"), whole);
  expect(await platform.run(["retry", "--reason", "truncated", "--json"], env)).toMatchObject({ status: 0 });
  expect(await platform.published()).toContain(identityOf(whole, "jpeg").id);
});

test("photos without GPS are placed on a track, with an offset of the clock that is told", async () => {
  const bytes = await jpegWith({ ...glencoe({ image: { 0x010e: "tracked" } }), GPS: {} });
  const gpx = `<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
    <trkpt lat="57" lon="-5"><ele>10</ele><time>2026-05-01T11:20:00Z</time></trkpt>
    <trkpt lat="57.1" lon="-5"><ele>20</ele><time>2026-05-01T11:21:00Z</time></trkpt></trkseg></trk></gpx>`;
  const { folder, run } = await folderOf("tracked", { "a.jpg": bytes });
  const track = path.join(platform.folder, "t.gpx");
  await writeFile(track, gpx);
  expect((await run("photos", folder, "--track", track)).status).toBe(3);
  await copyFile(path.join(folder, "a.jpg"), path.join(folder, "b.jpg"));
  const dry = await run("photos", folder, "--track", track, "--offset", "3600", "--dry-run");
  expect(dry).toMatchObject({ status: 0, output: expect.stringContaining("1 published, 1 duplicates") });
});

test("a track is published as points, once, however often it is imported", async () => {
  const places = Array.from(
    { length: 50 },
    (_, index) =>
      `<trkpt lat="${57 + index / 1000}" lon="-5"><time>2026-05-03T10:${String(index).padStart(2, "0")}:00Z</time></trkpt>`,
  );
  const track = path.join(platform.folder, "points.gpx");
  await writeFile(
    track,
    `<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>${places.join("")}</trkseg></trk></gpx>`,
  );
  const before = (await platform.published()).length;
  expect(await platform.run(["import", track, "--every", "120"])).toMatchObject({
    status: 0,
    output: expect.stringContaining("25 published"),
  });
  expect(await platform.run(["import", track, "--every", "120"])).toMatchObject({
    status: 0,
    output: expect.stringContaining("25 duplicates"),
  });
  expect(await platform.published()).toHaveLength(before + 25);
  await writeFile(track, '<!DOCTYPE x [<!ENTITY a "b">]><gpx></gpx>');
  expect(await platform.run(["import", track])).toMatchObject({
    status: 3,
    output: expect.stringContaining("refused"),
  });
});

test("a picture of 200 MB is published whole, and is kept aside unread where it is beyond the limit", async () => {
  const { folder, run, env } = await folderOf("large", {});
  await mkdir(folder);
  const large = Buffer.concat([await fresh(), Buffer.alloc(200 * 1024 * 1024)]);
  await writeFile(path.join(folder, "large.jpg"), large);
  expect(await run("photos", folder, "--max-mib", "100")).toMatchObject({
    status: 3,
    output: expect.stringContaining("larger than the limit"),
  });
  expect((await platform.run(["retry"], env)).status).toBe(0);
  expect(await platform.objects.head(identityOf(large, "jpeg").key)).toMatchObject({ bytes: large.length });
});

test("a watched folder publishes what arrives, tells its health, and stops in order", async () => {
  const { folder, env } = await folderOf("drop", { "first.jpg": await fresh() });
  const port = await freePort();
  const program = platform.start(["watch", folder], { ...env, PORT: String(port) });
  const journal = async () =>
    (await (await fetch(`http://127.0.0.1:${port}/api/journal`)).json()) as {
      counts: Record<string, number>;
      reasons: Record<string, number>;
    };
  await eventually("the first is published", async () => (await journal()).counts["done"] === 1);
  await writeFile(path.join(folder, "second.jpg"), await fresh());
  await writeFile(path.join(folder, "page.jpg"), "<html>");
  await eventually("the second is published, the page kept aside", async () => {
    const { counts, reasons } = await journal();
    return counts["done"] === 2 && reasons["not-a-picture"] === 1;
  });
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toMatch(/trips_publish_files\{state="done",service="trips-publish"\} 2/);
  expect(metrics).toMatch(/trips_publish_aside_files\{reason="not-a-picture",service="trips-publish"\} 1/);
  expect(await program.stop()).toBe(0);
});

test("points are deleted and trips are named by events", async () => {
  const before = (await platform.published()).length;
  expect((await platform.run(["delete", "some-point", "another"])).status).toBe(0);
  expect((await platform.run(["trip", "set", "north", "--title", "North", "--from", "2026-05-01"])).status).toBe(0);
  expect((await platform.run(["trip", "remove", "north"])).status).toBe(0);
  expect((await platform.published()).slice(before)).toEqual(["some-point", "another", "north", "north"]);
});

test("a wrong command line, and an environment that lacks something, say so and do nothing", async () => {
  expect(await platform.run(["photos"])).toMatchObject({ status: 64, output: expect.stringContaining("--help") });
  expect(await platform.run(["photos", platform.folder], { S3_SECRET_ACCESS_KEY: "" })).toMatchObject({
    status: 2,
    output: expect.stringContaining("S3_SECRET_ACCESS_KEY is not set"),
  });
  expect(await platform.run(["--help"])).toMatchObject({ status: 0, output: expect.stringContaining("Exit status") });
});
