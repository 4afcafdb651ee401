import exifr from "exifr";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLogger } from "#lib/service/logs.ts";
import { temporaryFolder } from "#lib/testing/process.ts";
import { seededChance } from "./chance.ts";
import { parseFaults } from "./faults.ts";
import { type Simulator, type SimulatorConfig, startSimulator } from "./simulator.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let simulator: Simulator;

async function begin(changes: Partial<SimulatorConfig> = {}): Promise<void> {
  const config = { HOST: "127.0.0.1", PORT: 0, LOG_LEVEL: "silent" as const, STATE_DIR: folder.path };
  const picture = { SIM_SPEED: 20, CAPTURE_WIDTH: 32, CAPTURE_HEIGHT: 24, BUSY_MS: 10 };
  simulator = await startSimulator({ ...config, ...picture, ...changes }, createLogger({ name: "t", level: "silent" }));
}
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await simulator.close();
  await folder.remove();
});

const get = (path: string, init: RequestInit = {}) => fetch(simulator.url + path, init);
const post = (path: string, body: object = {}) =>
  get(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const setFaults = (faults: object) => post("/simulator/faults", faults);
const list = async () =>
  ((await (await get("/gopro/media/list")).json()) as { media: { d: string; fs: Record<string, unknown>[] }[] }).media;
const state = async () =>
  ((await (await get("/gopro/camera/state")).json()) as { status: Record<string, number> }).status;
const picture = async (name = "GOPR0001.JPG") =>
  Buffer.from(await (await get(`/videos/DCIM/100GOPRO/${name}`)).arrayBuffer());

test("a burst becomes one entry with its numbers, and a deleted member is missing from them", async () => {
  await begin({ SIM_FAULTS: '{"burst":4}' });
  await simulator.camera.take();
  await get("/gopro/media/delete/file?path=100GOPRO/G0010003.JPG");
  expect((await list())[0]!.fs).toMatchObject([{ n: "G0010001.JPG", g: "1", b: "1", l: "4", m: ["3"], t: "b" }]);
  const head = await get("/videos/DCIM/100GOPRO/G0010002.JPG", { method: "HEAD" });
  expect(Number(head.headers.get("content-length"))).toBe((await picture("G0010002.JPG")).length);
});

test("with output RAW a file of another kind lies beside the picture, and the list says so", async () => {
  await begin();
  await get("/gopro/camera/setting?setting=125&option=1");
  await simulator.camera.take();
  expect((await list())[0]!.fs).toMatchObject([{ n: "GOPR0001.JPG", raw: "1" }]);
  expect((await picture("GOPR0001.GPR")).subarray(0, 4).toString("latin1")).toBe("II*\0");
});

test("after a format names begin again", async () => {
  await begin();
  await simulator.camera.take();
  await post("/simulator/format");
  expect(await list()).toEqual([]);
  await simulator.camera.take();
  expect((await list())[0]).toMatchObject({ d: "100GOPRO", fs: [{ n: "GOPR0001.JPG" }] });
});

test("a model without GPS has neither that setting nor that status nor places", async () => {
  await begin({ SIM_MODEL: "HERO12" });
  await simulator.camera.take();
  expect((await get("/gopro/camera/setting?setting=83&option=1")).status).toBe(403);
  expect(await state()).not.toHaveProperty("68");
  expect(await exifr.gps(await picture())).toBeUndefined();
});

test("status tells heat, battery, room and the card", async () => {
  await begin();
  await setFaults({ overheated: true, batteryPercent: 3, freeKb: 5, storage: "full" });
  expect(await state()).toMatchObject({ 6: 1, 33: 1, 34: 0, 54: 5, 70: 3 });
  expect((await get("/gopro/camera/shutter/start")).status).toBe(409);
  await setFaults({ storage: "removed" });
  expect(await state()).toMatchObject({ 33: 2 });
});

test("pictures: at 0, 0, with a wrong clock, without EXIF, cut", async () => {
  await begin();
  const taken = async (faults: object) => {
    await post("/simulator/format");
    await setFaults(faults);
    await simulator.camera.take();
    return picture();
  };
  expect(await exifr.gps(await taken({ zeroPlace: true }))).toEqual({ latitude: 0, longitude: 0 });
  const wrong = await exifr.parse(await taken({ zeroPlace: false, clockOffsetS: -400_000_000 }), ["DateTimeOriginal"]);
  expect((wrong as { DateTimeOriginal: Date }).DateTimeOriginal.getTime()).toBeLessThan(Date.now() - 390_000_000_000);
  expect(await exifr.parse(await taken({ clockOffsetS: 0, noExif: true }))).toBeUndefined();
  expect((await taken({ noExif: false, cutPictures: true })).subarray(-2).toString("hex")).not.toBe("ffd9");
});

test("a download may end early in good order, and a resumed one too", async () => {
  await begin();
  await simulator.camera.take();
  const whole = await picture();
  await setFaults({ shortDownloads: 2 });
  expect((await picture()).length).toBeLessThan(whole.length);
  const rest = await get("/videos/DCIM/100GOPRO/GOPR0001.JPG", { headers: { range: "bytes=10-" } });
  expect(rest.status).toBe(206);
  expect((await rest.arrayBuffer()).byteLength).toBeLessThan(whole.length - 10);
  expect(await picture()).toEqual(whole);
});

test("while busy, commands are refused when that is switched on", async () => {
  await begin({ BUSY_MS: 300, SIM_FAULTS: '{"strictBusy":true}' });
  await get("/gopro/camera/shutter/start");
  expect((await get("/gopro/camera/setting?setting=59&option=0")).status).toBe(503);
  expect((await get("/gopro/camera/keep_alive")).status).toBe(200);
  await simulator.camera.idle();
  expect((await get("/gopro/camera/setting?setting=59&option=0")).status).toBe(200);
});

test("turbo transfer stops the shutter", async () => {
  await begin();
  await get("/gopro/media/turbo_transfer?p=1");
  expect((await get("/gopro/camera/shutter/start")).status).toBe(409);
  await get("/gopro/media/turbo_transfer?p=0");
  expect((await get("/gopro/camera/shutter/start")).status).toBe(200);
  await simulator.camera.idle();
});

test("Unknown error comes by itself, and ends by itself in one case of five or so, else by switching off and on", async () => {
  await begin();
  const heals: boolean[] = [];
  await setFaults({ unknownErrorAfterS: 0, unknownErrorForS: 0 });
  for (let time = 0; time < 200; time++) {
    simulator.camera.power();
    heals.push(!simulator.camera.confused());
  }
  const share = heals.filter(Boolean).length / heals.length;
  expect(share).toBeGreaterThan(0.1);
  expect(share).toBeLessThan(0.3);
  await setFaults({ unknownErrorAfterS: 60 });
  await post("/simulator/power");
  expect((await get("/gopro/camera/keep_alive")).status).toBe(200);
});

test("chance is the same for the same seed", async () => {
  await begin();
  const numbers = (seed: number) => Array.from({ length: 5 }, seededChance(seed));
  expect(numbers(3)).toEqual(numbers(3));
  expect(numbers(3)).not.toEqual(numbers(4));
  const many = Array.from({ length: 10_000 }, seededChance(5));
  expect(many.reduce((sum, value) => sum + value, 0) / many.length).toBeCloseTo(0.5, 1);
});

test("with chaos some requests fail, and with none all succeed", async () => {
  await begin({ SIM_SEED: 11 });
  const failures = async () => {
    let failed = 0;
    for (let asked = 0; asked < 60; asked++)
      await get("/gopro/camera/keep_alive").then(
        (answer) => (failed += answer.ok ? 0 : 1),
        () => failed++,
      );
    return failed;
  };
  expect(await failures()).toBe(0);
  await setFaults({ chaos: 0.6 });
  expect(await failures()).toBeGreaterThan(5);
});

test("faults of the environment are checked", async () => {
  await begin({ SIM_FAULTS: '{"gpsLock":false}' });
  expect(await state()).toMatchObject({ 68: 0 });
  expect(() => parseFaults('{"gpsLock":"no"}')).toThrow("SIM_FAULTS /gpsLock");
  expect(() => parseFaults('{"nonsense":1}')).toThrow("expected what POST /simulator/faults takes");
});
