import { afterEach, beforeEach, expect, test } from "vitest";
import { createLogger } from "#lib/service/logs.ts";
import { freePort, temporaryFolder } from "#lib/testing/process.ts";
import { type Simulator, startSimulator } from "#tools/gopro-simulator/simulator.ts";
import { type CameraClient, openCameraClient } from "./camera.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let simulator: Simulator;
let client: CameraClient;

beforeEach(async () => {
  folder = await temporaryFolder();
  simulator = await startSimulator(
    {
      HOST: "127.0.0.1",
      PORT: 0,
      LOG_LEVEL: "silent",
      STATE_DIR: folder.path,
      SIM_SPEED: 20,
      CAPTURE_WIDTH: 64,
      CAPTURE_HEIGHT: 48,
      BUSY_MS: 50,
    },
    createLogger({ name: "test", level: "silent" }),
  );
  client = openCameraClient(simulator.url, { patience: { pollMs: 5, retryMs: 5, idleMs: 10_000 } });
});
afterEach(async () => {
  await simulator.close();
  await folder.remove();
});

test("two pictures in a row are both on the card: the client waits while the camera is busy", async () => {
  await client.takePicture();
  await client.takePicture();
  expect((await client.list()).map(({ name }) => name)).toEqual(["GOPR0001.JPG", "GOPR0002.JPG"]);
});

test("a download that is cut off is resumed and has every byte", async () => {
  await client.takePicture();
  const [file] = await client.list();
  const whole = await client.download(file!);
  simulator.camera.faults = { ...simulator.camera.faults, truncateDownloads: 2 };
  expect(Buffer.from(await client.download(file!)).equals(Buffer.from(whole))).toBe(true);
});

test("a camera that ignores Range is read from the start again", async () => {
  await client.takePicture();
  const [file] = await client.list();
  simulator.camera.faults = { ...simulator.camera.faults, truncateDownloads: 1, ignoreRange: true };
  expect((await client.download(file!)).length).toBe(file!.bytes);
});

test("a download that stays short is an error after some tries, never a short picture", async () => {
  await client.takePicture();
  const [file] = await client.list();
  simulator.camera.faults = { ...simulator.camera.faults, truncateDownloads: 1_000, ignoreRange: true };
  await expect(client.download(file!)).rejects.toMatchObject({ code: "truncated" });
});

test("the length is checked against the list, also when the camera announces another", async () => {
  await client.takePicture();
  const [file] = await client.list();
  await expect(client.download({ ...file!, bytes: file!.bytes + 1 })).rejects.toMatchObject({ name: "CameraError" });
  expect((await client.download({ ...file!, bytes: 0 })).length).toBe(file!.bytes);
});

test("errors say what is wrong: gone, refused, unreachable", async () => {
  const absent = { folder: "100GOPRO", name: "GOPR0009.JPG", createdS: 1, bytes: 1 };
  await expect(client.download(absent)).rejects.toMatchObject({ code: "gone" });
  simulator.camera.faults = { ...simulator.camera.faults, unknownError: true };
  await expect(client.list()).rejects.toMatchObject({
    code: "refused",
    message: expect.stringContaining("Unknown error"),
  });
  const nobody = openCameraClient(`http://127.0.0.1:${await freePort()}`);
  await expect(nobody.keepAlive()).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("CAMERA_URL"),
  });
});

test("the clock is set to the second, with its zone", async () => {
  const now = new Date("2026-05-01T10:20:30Z");
  await client.setClock(now, -210);
  expect(simulator.camera.clock().zoneMinutes).toBe(-210);
  expect(Math.abs(simulator.camera.clock().now.getTime() - now.getTime())).toBeLessThan(2_000);
});
