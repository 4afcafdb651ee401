import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort, temporaryFolder } from "#lib/testing/process.ts";
import { runCommand } from "./commands.ts";
import { openQueue, type Queue } from "./store.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let queue: Queue;
beforeEach(async () => {
  folder = await temporaryFolder();
  queue = openQueue(folder.path);
});
afterEach(async () => {
  queue.close();
  await folder.remove();
});

async function run(...args: string[]) {
  let [out, err, status] = ["", "", 0];
  await runCommand(args, {
    env: { STATE_DIR: folder.path },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    exit: (value) => void (status = value),
  });
  return { out, err, status };
}
const file = (number: number) => ({ folder: "100GOPRO", name: `GOPR000${number}.JPG`, createdS: number, bytes: 10 });

test("--help names every command and the exit statuses", async () => {
  const { out, status } = await run("--help");
  for (const word of ["run", "status", "retry", "pause", "resume", "doctor", "Exit status"])
    expect(out).toContain(word);
  expect(status).toBe(0);
});

test("what is not understood is status 2, a photo that is not there status 3", async () => {
  expect(await run("frobnicate")).toMatchObject({ status: 2, err: expect.stringContaining("--help") });
  expect(await run("status", "--nonsense")).toMatchObject({ status: 2 });
  expect(await run("retry", "first")).toMatchObject({ status: 2 });
  expect(await run("retry")).toMatchObject({ status: 2 });
  expect(await run("retry", "7")).toMatchObject({ status: 3 });
  expect(await run("doctor")).toMatchObject({ status: 2, err: expect.stringContaining("NATS_URL") });
});

test("status shows states, the oldest photo, last errors and what was kept aside, as text and as JSON", async () => {
  queue.add([file(1), file(2)]);
  const first = queue.begin("download", Date.now())!;
  queue.fail(first.id, "no GPS fix", { key: "photos/x" });
  queue.retry(queue.begin("download", Date.now())!.id, "download", "the camera is away", Date.now() + 5_000);
  const { out, status } = await run("status");
  expect(status).toBe(1);
  expect(out).toContain("1 100GOPRO/GOPR0001.JPG (failed): no GPS fix");
  expect(out).toContain("2 100GOPRO/GOPR0002.JPG (discovered): the camera is away");
  expect(JSON.parse((await run("status", "--json")).out)).toMatchObject({
    states: { discovered: 1, failed: 1 },
    counts: { pending: 1, failed: 1 },
    oldest: { id: 2 },
  });
});

test("status of a service without trouble is 0", async () => {
  expect(await run("status")).toMatchObject({ status: 0, out: expect.stringContaining("none yet") });
});

test("retry, pause and resume change the queue beside whoever works on it", async () => {
  queue.add([file(1), file(2)]);
  const { id } = queue.begin("download", Date.now())!;
  queue.fail(id, "no GPS fix");
  expect((await run("retry", String(id))).status).toBe(0);
  expect(queue.counts().discovered).toBe(2);
  expect((await run("pause", "2")).out).toContain("is paused");
  expect(queue.counts()).toMatchObject({ discovered: 1, paused: 1 });
  await run("pause");
  expect((await run("status")).out).toContain("PAUSED");
  expect((await run("resume")).out).toContain("1 photos were paused");
  expect((await run("status")).out).not.toContain("PAUSED");
  expect(queue.counts().discovered).toBe(2);
});

test("doctor tries each part by itself and says what to do", async () => {
  const nobody = `127.0.0.1:${await freePort()}`;
  const env = {
    STATE_DIR: folder.path,
    CAMERA: `http://${nobody}`,
    NATS_URL: `nats://${nobody}`,
    S3_ENDPOINT: `http://${nobody}`,
    S3_ACCESS_KEY_ID: "x",
    S3_SECRET_ACCESS_KEY: "hunter2",
  };
  let [out, status] = ["", 0];
  const terminal = { env, out: (text: string) => void (out += text), err: () => undefined };
  await runCommand(["doctor"], { ...terminal, exit: (value) => void (status = value) });
  expect(status).toBe(1);
  for (const line of [/^ok {3}host clock/m, /^ok {3}disk/m, /^FAIL camera /m, /^FAIL NATS/m, /^FAIL S3/m])
    expect(out).toMatch(line);
  expect(out).toContain("→ start the server with JetStream");
  expect(out).not.toContain("hunter2");
});
