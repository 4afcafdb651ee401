import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLogger } from "#lib/service/logs.ts";
import { freePort, temporaryFolder } from "#lib/testing/process.ts";
import { type Simulator, startSimulator } from "#tools/gopro-simulator/simulator.ts";
import { type CameraClient, openCameraClient } from "./camera.ts";
import { cameraAddress } from "./address.ts";

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
  client = openCameraClient(cameraAddress(simulator.url), { patience: { pollMs: 5, retryMs: 5, idleMs: 10_000 } });
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

const target = () => path.join(folder.path, "photo.part");
const setFaults = (faults: Partial<Simulator["camera"]["faults"]>) => {
  simulator.camera.faults = { ...simulator.camera.faults, ...faults };
};
async function picture() {
  await client.takePicture();
  const file = (await client.list()).at(-1)!;
  const stored = await readFile((await simulator.card.find(`${file.folder}/${file.name}`))!.path);
  return { file, stored, sha256: createHash("sha256").update(stored).digest("hex") };
}

test("a download has every byte, its length and its hash", async () => {
  const { file, stored, sha256 } = await picture();
  expect(await client.download(file, target())).toEqual({ bytes: file.bytes, sha256, resumedAt: 0 });
  expect(await readFile(target())).toEqual(stored);
});

test("a download that breaks off goes on where it ended, also in a later process", async () => {
  const { file, stored, sha256 } = await picture();
  setFaults({ truncateDownloads: 2 });
  expect(await client.download(file, target())).toMatchObject({ sha256 });
  await writeFile(target(), stored.subarray(0, 1_000));
  expect(await client.download(file, target())).toMatchObject({ sha256, resumedAt: 1_000 });
});

test("a camera that ignores Range is read from the start again", async () => {
  const { file, stored, sha256 } = await picture();
  setFaults({ ignoreRange: true });
  await writeFile(target(), stored.subarray(0, 1_000));
  expect(await client.download(file, target())).toEqual({ bytes: file.bytes, sha256, resumedAt: 0 });
});

test("a camera that stops honouring Range while it is read costs nothing but the bytes again", async () => {
  const { file, stored, sha256 } = await picture();
  await client.download(file, path.join(folder.path, "first"));
  setFaults({ ignoreRange: true });
  await writeFile(target(), stored.subarray(0, 1_000));
  expect(await client.download(file, target())).toMatchObject({ sha256 });
});

test("a download that stays short is an error after some tries, never a short picture", async () => {
  const { file } = await picture();
  setFaults({ shortDownloads: 1_000 });
  await expect(client.download(file, target())).rejects.toMatchObject({ code: "truncated" });
});

test("the length is that of the list, or of the file where the list tells none", async () => {
  const { file, sha256 } = await picture();
  await expect(client.download({ ...file, bytes: file.bytes + 1 }, target())).rejects.toMatchObject({
    code: "truncated",
  });
  await writeFile(target(), Buffer.alloc(file.bytes + 1));
  expect(await client.download({ ...file, bytes: 0 }, target())).toMatchObject({ bytes: file.bytes, sha256 });
});

test("errors say what is wrong: gone, refused, unreachable", async () => {
  const absent = { folder: "100GOPRO", name: "GOPR0009.JPG", createdS: 1, bytes: 1 };
  await expect(client.download(absent, target())).rejects.toMatchObject({ code: "gone" });
  simulator.camera.faults = { ...simulator.camera.faults, unknownError: true };
  await expect(client.list()).rejects.toMatchObject({
    code: "unknown",
    message: expect.stringContaining("Unknown error"),
  });
  const nobody = openCameraClient(cameraAddress(`http://127.0.0.1:${await freePort()}`));
  await expect(nobody.keepAlive()).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("CAMERA"),
  });
});

test("the clock is set to the second, with its zone", async () => {
  const now = new Date("2026-05-01T10:20:30Z");
  await client.setClock(now, -210);
  expect(simulator.camera.clock().zoneMinutes).toBe(-210);
  expect(Math.abs(simulator.camera.clock().now.getTime() - now.getTime())).toBeLessThan(2_000);
});

test("the clock that was set is read back", async () => {
  const now = new Date("2026-05-01T10:20:30Z");
  await client.setClock(now, 345);
  const clock = (await client.clock())!;
  expect(clock.zoneMinutes).toBe(345);
  expect(Math.abs(clock.now.getTime() - now.getTime())).toBeLessThan(2_000);
});

test("a deleted file is off the card, and deleting it again is fine", async () => {
  const { file } = await picture();
  await client.remove(file);
  expect(await client.list()).toEqual([]);
  await client.remove(file);
});

test("settings are taken, and one that the camera does not know is refused", async () => {
  await client.set(125, 1);
  expect((await client.vitals()).output).toBe(1);
  await expect(client.set(9_999, 1)).rejects.toMatchObject({ code: "refused" });
});

test("a camera in the home network gets user and password", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(request.headers.authorization ? 200 : 401).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  await openCameraClient(cameraAddress(url, { user: "gopro", password: "s3cret" })).keepAlive();
  await expect(openCameraClient(cameraAddress(url)).keepAlive()).rejects.toThrow("CAMERA_USER");
  expect(seen).toEqual([`Basic ${Buffer.from("gopro:s3cret").toString("base64")}`, undefined]);
  server.close();
});
