import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identityOf } from "#lib/photos/identity.ts";
import { glencoe, jpegWith } from "#lib/photos/testing/jpegs.ts";
import { eventually } from "#lib/testing/process.ts";
import { type Platform, startMuteProxy, startPlatform } from "./testing/platform.ts";

let platform: Platform;
let photos: string;

beforeEach(async () => {
  platform = await startPlatform();
  photos = path.join(platform.folder, "photos");
  await mkdir(photos);
});
afterEach(() => platform.close());

/** Writes pictures that differ; returns their ids and keys. */
async function take(count: number): Promise<{ id: string; key: string }[]> {
  const taken = [];
  for (let number = 0; number < count; number++) {
    const bytes = await jpegWith(glencoe({ image: { 0x010e: `picture ${number}` } }));
    await writeFile(path.join(photos, `${number}.jpg`), bytes);
    taken.push(identityOf(bytes, "jpeg"));
  }
  return taken;
}

/** Every picture is in the stream once, and its object is in the store. */
async function expectAll(taken: readonly { id: string; key: string }[]): Promise<void> {
  expect((await platform.published()).sort()).toEqual(taken.map(({ id }) => id).sort());
  for (const { key } of taken) expect(await platform.objects.head(key)).not.toBeNull();
}

test("killed between the store and the stream, the next run publishes what was stored", async () => {
  const taken = await take(1);
  const proxy = await startMuteProxy(Number(new URL(platform.nats.url).port));
  const program = platform.start(["photos", photos], { NATS_URL: `nats://127.0.0.1:${proxy.port}` });
  await eventually("the bucket is there", () => platform.objects.head("none").then(() => true));
  await eventually("the stream is there", () => platform.published().then(() => true));
  proxy.mute();
  await eventually("the object is there", () => platform.objects.head(taken[0]!.key));
  await program.stop("SIGKILL");
  proxy.close();
  expect(await platform.published()).toEqual([]);

  expect(await platform.run(["photos", photos])).toMatchObject({
    status: 0,
    output: expect.stringContaining("1 published"),
  });
  await expectAll(taken);
});

test("killed again and again in the middle of its work, every picture is published exactly once", async () => {
  const taken = await take(90);
  let kills = 0;
  for (let ended: number | NodeJS.Signals = "SIGKILL"; ended === "SIGKILL";) {
    const program = platform.start(["photos", photos, "--concurrency", "3", "--json"]);
    const some = eventually("some are published", () => program.output().split('"published"').length > 4);
    ended = await Promise.race([program.exited, some.then(() => program.stop("SIGKILL"))]);
    if (ended === "SIGKILL") kills++;
  }
  expect(kills).toBeGreaterThan(2);
  expect(await platform.run(["status", "--json"])).toMatchObject({
    status: 0,
    output: expect.stringContaining('"done":90'),
  });
  await expectAll(taken);
});

test("with the store gone in the middle the rest waits, is told, and comes with the next run", async () => {
  const taken = await take(60);
  const program = platform.start(["photos", photos, "--tries", "1", "--concurrency", "1"]);
  await eventually("the first object is there", () => platform.objects.head(taken[0]!.key));
  await platform.s3.stop();
  expect(await program.exited).toBe(75);
  const status = await platform.run(["status"]);
  expect(status).toMatchObject({ status: 75, output: expect.stringContaining("Check S3_ENDPOINT") });
  await platform.s3.start();
  expect((await platform.run(["photos", photos])).status).toBe(0);
  await expectAll(taken);
});

test("with the stream gone in the middle nothing is lost and nothing doubled", async () => {
  const taken = await take(40);
  const program = platform.start(["photos", photos, "--tries", "8", "--concurrency", "4"]);
  await eventually("some are published", async () => (await platform.published()).length > 3);
  await platform.nats.stop("SIGKILL");
  await sleep(1_000);
  await platform.nats.start();
  expect(await program.exited).toBe(0);
  await expectAll(taken);
});

test("nobody at home: the command says where it looked, and how to go on", async () => {
  await take(1);
  await platform.nats.stop();
  const run = await platform.run(["photos", photos]);
  expect(run).toMatchObject({ status: 75, output: expect.stringContaining("Check NATS_URL") });
  await platform.nats.start();
  expect((await platform.run(["photos", photos])).status).toBe(0);
});

test("with a full disk the run fails and says so; with room again it goes on, with nothing lost", async () => {
  const taken = await take(200);
  const full = await platform.runWithFullDisk(["photos", photos], 24);
  expect(full.status).toBe(1);
  expect(full.output).toMatch(/disk|full|database/i);
  expect((await platform.run(["photos", photos])).status).toBe(0);
  await expectAll(taken);
});
