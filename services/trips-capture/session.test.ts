import { afterEach, beforeEach, expect, test } from "vitest";
import { createHealth } from "#lib/service/health.ts";
import { createLogger } from "#lib/service/logs.ts";
import { eventually, temporaryFolder } from "#lib/testing/process.ts";
import { type Simulator, type SimulatorConfig, startSimulator } from "#tools/gopro-simulator/simulator.ts";
import { cameraAddress } from "./address.ts";
import { openCameraClient } from "./camera.ts";
import { type CameraSession, createSession } from "./session.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let simulator: Simulator;
let stop: AbortController;
let running: Promise<void>;
const logger = createLogger({ name: "test", level: "silent" });

async function begin(camera: Partial<SimulatorConfig> = {}): Promise<CameraSession> {
  const settings = { SIM_SPEED: 20, CAPTURE_WIDTH: 32, CAPTURE_HEIGHT: 24, BUSY_MS: 5 };
  const config = { HOST: "127.0.0.1", PORT: 0, LOG_LEVEL: "silent" as const, STATE_DIR: folder.path, ...settings };
  simulator = await startSimulator({ ...config, ...camera }, logger);
  const session = createSession({
    camera: openCameraClient(cameraAddress(simulator.url), { signal: stop.signal, patience: { pollMs: 5 } }),
    health: createHealth(["camera"]),
    logger,
    limits: { raw: true, rawMinFreeKb: 1_000_000, batteryWarnPercent: 20 },
    timeZone: "America/St_Johns",
    place: () => null,
    onStatus: () => undefined,
    keepAliveMs: 10,
    vitalsEvery: 1,
  });
  running = session.run(stop.signal);
  return session;
}
const setFaults = (faults: Partial<Simulator["camera"]["faults"]>) => {
  simulator.camera.faults = { ...simulator.camera.faults, ...faults };
};

beforeEach(async () => {
  folder = await temporaryFolder();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await running;
  await simulator.close();
  await folder.remove();
});

test("a camera that is found is set up: no power down, no interval of its own, GPS, RAW, our clock and zone", async () => {
  const session = await begin();
  await eventually("the clock is set", () => simulator.camera.clock().zoneMinutes !== 60);
  expect(session.status()).toMatchObject({ mode: "ready", info: { model: "HERO13 Black" }, problem: null });
  expect(Object.fromEntries(simulator.camera.settings)).toEqual({ 59: 0, 83: 1, 125: 1, 171: 0 });
  expect([-150, -210]).toContain(simulator.camera.clock().zoneMinutes);
  expect(Math.abs(simulator.camera.clock().now.getTime() - Date.now())).toBeLessThan(2_000);
});

test("a model without GPS refuses that setting and works all the same", async () => {
  const session = await begin({ SIM_MODEL: "HERO12" });
  await eventually("it is watched", () => session.status().vitals);
  expect(session.status()).toMatchObject({ mode: "ready", vitals: { gpsLock: null } });
  expect(simulator.camera.settings.has(83)).toBe(false);
});

test("RAW falls back to JPG while the card is tight, and returns", async () => {
  const session = await begin();
  await eventually("RAW", () => simulator.camera.settings.get(125) === 1);
  setFaults({ freeKb: 900_000 });
  await eventually("JPG", () => simulator.camera.settings.get(125) === 0);
  await eventually("the owner hears of it", () => session.status().verdict?.warnings[0]?.includes("RAW is off"));
  setFaults({ freeKb: 2_000_000 });
  await eventually("RAW again", () => simulator.camera.settings.get(125) === 1);
});

test("heat holds capture until it is gone", async () => {
  const session = await begin();
  setFaults({ overheated: true, batteryPercent: 5 });
  await eventually("held", () => session.status().verdict?.holdCapture?.includes("overheated"));
  expect(session.status().verdict?.warnings).toContain("the battery is at 5 %");
  setFaults({ overheated: false });
  await eventually("free", () => session.status().verdict?.holdCapture === null);
});

test("a camera that only says Unknown error is told from one that is away, and set up again afterwards", async () => {
  const session = await begin();
  await eventually("ready", () => session.status().mode === "ready");
  setFaults({ unknownError: true });
  await eventually("recognised", () => session.status().mode === "unknown error");
  expect(session.status().problem).toContain("switch it off and on");
  setFaults({ unknownError: false, unreachable: true });
  await eventually("away", () => session.status().mode === "away");
  simulator.camera.settings.set(59, 4);
  setFaults({ unreachable: false });
  await eventually("set up again", () => session.status().mode === "ready" && simulator.camera.settings.get(59) === 0);
});

test("keep-alive keeps a camera awake that would sleep", async () => {
  const session = await begin();
  await eventually("ready", () => session.status().mode === "ready");
  setFaults({ sleepAfterS: 0.5 });
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(simulator.camera.state().asleep).toBe(false);
  expect(session.status().mode).toBe("ready");
});
