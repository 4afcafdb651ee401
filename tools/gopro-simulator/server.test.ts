import { afterEach, beforeEach, expect, test } from "vitest";
import { createLogger } from "#lib/service/logs.ts";
import { temporaryFolder } from "#lib/testing/process.ts";
import { type Simulator, startSimulator } from "./simulator.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let simulator: Simulator;

const start = () =>
  startSimulator(
    {
      HOST: "127.0.0.1",
      PORT: 0,
      LOG_LEVEL: "silent",
      STATE_DIR: folder.path,
      SIM_SPEED: 20,
      CAPTURE_WIDTH: 64,
      CAPTURE_HEIGHT: 48,
      BUSY_MS: 20,
    },
    createLogger({ name: "test", level: "silent" }),
  );

beforeEach(async () => {
  folder = await temporaryFolder();
  simulator = await start();
});
afterEach(async () => {
  await simulator.close();
  await folder.remove();
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(simulator.url + path, { headers });
interface Answer {
  status: Record<number, number>;
  media: { d: string; fs: Record<"n" | "cre" | "mod" | "s", string>[] }[];
}
const json = async (path: string) => (await (await get(path)).json()) as Answer;
const setFaults = (faults: object) =>
  fetch(`${simulator.url}/simulator/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(faults),
  });
async function takeOne() {
  expect((await get("/gopro/camera/shutter/start")).status).toBe(200);
  await simulator.camera.idle();
}

test("after the shutter the camera is busy and encoding until the picture is on the card", async () => {
  expect((await json("/gopro/camera/state")).status).toMatchObject({ 8: 0, 10: 0, 33: 0, 38: 0, 68: 1 });
  expect(await json("/gopro/camera/shutter/start")).toEqual({});
  expect(simulator.camera.state()).toMatchObject({ busy: true, encoding: true });
  expect((await get("/gopro/camera/shutter/start")).status).toBe(409);
  await simulator.camera.idle();
  expect((await json("/gopro/camera/state")).status).toMatchObject({ 8: 0, 10: 0, 38: 1 });
});

test("every leaf of the media list is a string, and the file has the length that it says", async () => {
  await takeOne();
  const { media } = await json("/gopro/media/list");
  expect(media).toEqual([
    {
      d: "100GOPRO",
      fs: [
        {
          n: "GOPR0001.JPG",
          cre: expect.stringMatching(/^\d{10}$/),
          mod: expect.stringMatching(/^\d{10}$/),
          s: expect.stringMatching(/^\d+$/),
        },
      ],
    },
  ]);
  const file = await get("/videos/DCIM/100GOPRO/GOPR0001.JPG");
  expect((await file.arrayBuffer()).byteLength).toBe(Number(media[0]!.fs[0]!.s));
});

test("the last picture is 204 on an empty card, and named afterwards", async () => {
  expect((await get("/gopro/media/last_captured")).status).toBe(204);
  await takeOne();
  expect(await json("/gopro/media/last_captured")).toEqual({ folder: "100GOPRO", file: "GOPR0001.JPG" });
  expect(await json("/gopro/media/info?path=100GOPRO/GOPR0001.JPG")).toMatchObject({ ct: "4", raw: "0" });
});

test("a deleted file is gone, and deleting or asking for what is not there is refused", async () => {
  await takeOne();
  expect((await get("/gopro/media/delete/file?path=100GOPRO/GOPR0001.JPG")).status).toBe(200);
  expect((await get("/gopro/media/delete/file?path=100GOPRO/GOPR0001.JPG")).status).toBe(400);
  expect((await get("/videos/DCIM/100GOPRO/GOPR0001.JPG")).status).toBe(404);
  expect((await get("/videos/DCIM/..%2f..%2fcamera.json/GOPR0001.JPG")).status).toBe(400);
});

test("the clock can be set with its zone", async () => {
  await get("/gopro/camera/set_date_time?date=2026_05_01&time=12_30_00&tzone=120&dst=0");
  expect(simulator.camera.clock().zoneMinutes).toBe(120);
  expect(Math.abs(simulator.camera.clock().now.getTime() - Date.parse("2026-05-01T10:30:00Z"))).toBeLessThan(2_000);
  expect(await json("/gopro/camera/get_date_time")).toMatchObject({ date: "2026_5_1", tzone: 120, dst: 0 });
  expect((await get("/gopro/camera/set_date_time?date=soon&time=12_30_00")).status).toBe(400);
});

test("a download goes on from a byte, unless the camera ignores Range", async () => {
  await takeOne();
  const path = "/videos/DCIM/100GOPRO/GOPR0001.JPG";
  const whole = new Uint8Array(await (await get(path)).arrayBuffer());
  const rest = await get(path, { range: "bytes=100-" });
  expect(rest.status).toBe(206);
  expect(rest.headers.get("content-range")).toBe(`bytes 100-${whole.length - 1}/${whole.length}`);
  expect(new Uint8Array(await rest.arrayBuffer())).toEqual(whole.slice(100));
  expect((await get(path, { range: `bytes=${whole.length}-` })).status).toBe(416);
  await setFaults({ ignoreRange: true });
  expect((await get(path, { range: "bytes=100-" })).status).toBe(200);
});

test("faults: cut downloads, unknown errors, no fix", async () => {
  await takeOne();
  await setFaults({ truncateDownloads: 1 });
  const cut = await get("/videos/DCIM/100GOPRO/GOPR0001.JPG");
  expect(cut.status).toBe(200);
  await expect(cut.arrayBuffer()).rejects.toThrow();
  expect((await get("/videos/DCIM/100GOPRO/GOPR0001.JPG")).ok).toBe(true);

  await setFaults({ unknownError: true, gpsLock: false });
  const failed = await get("/gopro/camera/keep_alive");
  expect([failed.status, await failed.json()]).toEqual([500, { error: "Unknown error" }]);
  await setFaults({ unknownError: false });
  expect((await json("/gopro/camera/state")).status[68]).toBe(0);
  expect((await setFaults({ nonsense: 1 })).status).toBe(400);
});

test("without keep-alive the camera falls asleep, until it is woken", async () => {
  await setFaults({ sleepAfterS: 0.05 });
  await new Promise((resolve) => setTimeout(resolve, 120));
  await expect(get("/gopro/camera/keep_alive")).rejects.toThrow();
  await setFaults({ sleepAfterS: 60 });
  await fetch(`${simulator.url}/simulator/wake`, { method: "POST" });
  expect((await get("/gopro/camera/keep_alive")).ok).toBe(true);
});

test("the card and the place on the route outlive a restart", async () => {
  await takeOne();
  await simulator.close();
  simulator = await start();
  await takeOne();
  const { media } = await json("/gopro/media/list");
  expect(media[0]!.fs.map(({ n }) => n)).toEqual(["GOPR0001.JPG", "GOPR0002.JPG"]);
});
