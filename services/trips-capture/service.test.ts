import { randomFillSync } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "#lib/testing/process.ts";
import { type Rig, startRig } from "./testing/rig.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const setFaults = (faults: Partial<Rig["simulator"]["camera"]["faults"]>) => {
  rig.simulator.camera.faults = { ...rig.simulator.camera.faults, ...faults };
};
const takeWith = async (faults: Partial<Rig["simulator"]["camera"]["faults"]>) => {
  const before = rig.simulator.camera.faults;
  setFaults(faults);
  await rig.simulator.camera.take();
  rig.simulator.camera.faults = before;
};
const copyOfLast = async () => readFile(rig.simulator.card.list().at(-1)!.path);
const spool = () => readdir(path.join(rig.stateDir, "spool"));

test("bad pictures are kept aside, each with its reason, stored where they have a name, and good ones go on", async () => {
  const { card } = rig.simulator;
  const clock = (instant: string) => ({ clockOffsetS: Math.round((Date.parse(instant) - Date.now()) / 1000) });
  await takeWith({ gpsLock: false });
  await takeWith({ zeroPlace: true });
  await takeWith({ noExif: true });
  await takeWith({ cutPictures: true });
  await takeWith(clock("2014-12-31T00:00:00Z"));
  await takeWith({ clockOffsetS: 2 * 86_400 });
  await takeWith({ gpsLock: false, timeZoneUnset: true });
  await card.add(Buffer.from("<html>no picture</html>"), new Date());
  await takeWith({});
  const service = rig.start();
  await eventually("all are settled", async () => (await rig.overview()).counts.failed === 8);
  const { failed, counts } = await rig.settled(1);
  expect(counts).toMatchObject({ done: 1, failed: 8 });
  const reasons = Object.fromEntries(
    failed.map(({ name, reason, key }) => [name, `${key ? "stored" : "kept"}: ${reason}`]),
  );
  expect(reasons).toEqual({
    "GOPR0001.JPG": "stored: no GPS fix",
    "GOPR0002.JPG": expect.stringMatching(/^stored: .*0, 0/),
    "GOPR0003.JPG": expect.stringMatching(/^stored: it says nothing/),
    "GOPR0004.JPG": expect.stringMatching(/^stored: the file ends/),
    "GOPR0005.JPG": expect.stringMatching(/^stored: taken before 2015/),
    "GOPR0006.JPG": expect.stringMatching(/^stored: taken before 2015 or after today/),
    "GOPR0007.JPG": expect.stringMatching(/^stored: no /),
    "GOPR0008.JPG": expect.stringMatching(/^kept: it is no JPEG/),
  });
  expect(await rig.events()).toHaveLength(1);
  expect(await spool()).toEqual(["8"]);
  expect(await rig.metrics()).toMatch(/trips_capture_queue_photos\{state="failed",service="trips-capture"\} 8/);
  expect(await service.stop("SIGTERM")).toBe(0);
});

test("the same bytes under other names are one point, also after the card was formatted", async () => {
  const { card } = rig.simulator;
  await rig.simulator.camera.take();
  const bytes = await copyOfLast();
  await card.add(bytes, new Date(Date.now() + 60_000));
  rig.start();
  await rig.settled(2);
  await card.format();
  await card.add(bytes, new Date(Date.now() + 120_000));
  await takeWith({});
  await rig.settled(4);
  const events = await rig.events();
  expect(events.map(({ name }) => name)).toEqual(["GOPR0001.JPG", "GOPR0002.JPG"]);
});

test("groups are taken member by member, raw files stay on the card, and what is published leaves it only when asked", async () => {
  await takeWith({ burst: 3 });
  rig.simulator.camera.settings.set(125, 1);
  await takeWith({});
  const first = rig.start();
  await rig.settled(4);
  expect(rig.simulator.card.pictures).toBe(4);
  await first.stop("SIGTERM");
  rig.start({ DELETE_AFTER_UPLOAD: "true" });
  await eventually("the card is cleared", () => rig.simulator.card.pictures === 0);
  expect(rig.simulator.card.list().map(({ name }) => name)).toEqual(["GOPR0004.GPR"]);
  expect(await rig.events()).toHaveLength(4);
});

test("a photo of 200 MB arrives whole, over a connection that breaks", async () => {
  await rig.simulator.camera.take();
  const picture = await copyOfLast();
  await rig.simulator.card.format();
  const padding = randomFillSync(Buffer.alloc(200_000_000));
  const app = Buffer.alloc(4);
  const segments = [picture.subarray(0, 2)];
  for (let at = 0; at < padding.length; at += 65_000) {
    const body = padding.subarray(at, at + 65_000);
    app.writeUInt16BE(0xffef, 0);
    app.writeUInt16BE(body.length + 2, 2);
    segments.push(Buffer.from(app), body);
  }
  const large = Buffer.concat([
    picture.subarray(0, 2 + 2 + picture.readUInt16BE(4)),
    ...segments.slice(1),
    picture.subarray(4 + picture.readUInt16BE(4)),
  ]);
  await rig.simulator.card.add(large, new Date());
  setFaults({ truncateDownloads: 2 });
  rig.start();
  await rig.settled(1, 60_000);
  const [event] = await rig.events();
  expect(event!.image!.bytes).toBe(large.length);
  expect(await rig.stored(event!.image!.key)).toBe(event!.image!.sha256);
});

test("a full spool stops taking over, says so, and goes on when the store is back", async () => {
  for (let taken = 0; taken < 12; taken++) await rig.simulator.camera.take();
  await rig.s3.stop();
  const sizes = rig.simulator.card.list().map(({ bytes }) => bytes);
  await rig.simulator.card.add(Buffer.concat([await copyOfLast(), Buffer.alloc(1_000_000)]), new Date(0));
  rig.start({ SPOOL_MAX_MB: "1" });
  const held = await eventually("the spool is full", async () => {
    const { reports, states } = await rig.overview();
    const holds = (reports["holds"]?.value ?? {}) as Record<string, string>;
    return states.downloaded > 0 && holds["spool"] ? { holds, states } : null;
  });
  expect(held.holds["spool"]).toContain("SPOOL_MAX_MB");
  expect(held.states.discovered).toBeGreaterThanOrEqual(sizes.length - 1);
  expect(await rig.metrics()).toMatch(/trips_capture_held\{by="spool",service="trips-capture"\} 1/);
  await rig.s3.start();
  await rig.settled(13);
  expect(await rig.events()).toHaveLength(13);
});

test("with less free space than it may use nothing is taken over, and nothing is lost", async () => {
  await rig.simulator.camera.take();
  const short = rig.start({ SPOOL_MIN_FREE_MB: "99999999" });
  const status = await eventually("the disk is called full", async () => {
    const said = await rig.command(["status"]);
    return said.output.includes("SPOOL_MIN_FREE_MB") && said;
  });
  expect(status).toMatchObject({ status: 1, output: expect.stringContaining("make room on it") });
  await short.stop("SIGTERM");
  rig.start();
  await rig.settled(1);
});

test("a card that is taken out and put back loses nothing", async () => {
  setFaults({ truncateDownloads: 1_000 });
  for (let taken = 0; taken < 3; taken++) await rig.simulator.camera.take();
  rig.start();
  await eventually("a download fails", async () => (await rig.overview()).waiting.length > 0);
  setFaults({ truncateDownloads: 0, storage: "removed" });
  await rig.command(["retry", "--all"]);
  await eventually("the files are missed", async () =>
    (await rig.overview()).waiting.some(({ reason }) => reason?.includes("cannot be read (removed)")),
  );
  expect((await rig.overview()).counts.failed).toBe(0);
  setFaults({ storage: "ok" });
  await rig.command(["retry", "--all"]);
  await rig.settled(3);
});
