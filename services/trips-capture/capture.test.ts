import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "#lib/testing/process.ts";
import { createTurbo } from "./turbo.ts";
import { type Rig, startRig } from "./testing/rig.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const setFaults = (faults: Partial<Rig["simulator"]["camera"]["faults"]>) => {
  rig.simulator.camera.faults = { ...rig.simulator.camera.faults, ...faults };
};
const pictures = () => rig.simulator.card.pictures;

test("pictures are taken by interval, not while the owner paused, and again after resume", async () => {
  const service = rig.start({ CAPTURE_INTERVAL_S: "0.2" });
  await eventually("some pictures", () => pictures() >= 3);
  expect((await rig.command(["pause"])).status).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 700));
  const paused = pictures();
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(pictures()).toBe(paused);
  expect((await rig.command(["resume"])).status).toBe(0);
  await eventually("more pictures", () => pictures() > paused + 1);
  expect(await service.stop("SIGTERM")).toBe(0);
  expect((await rig.command(["status"])).output).toContain("published");
});

test("a camera that only says Unknown error is waited for; what it took before and takes after is all there", async () => {
  rig.start({ CAPTURE_INTERVAL_S: "0.3" });
  await eventually("some pictures", () => pictures() >= 2);
  setFaults({ unknownError: true });
  await eventually("recognised", async () => (await rig.command(["status"])).output.includes("Camera: unknown error"));
  const before = pictures();
  setFaults({ unknownError: false });
  await eventually("pictures again", () => pictures() > before + 1, 60_000);
  await eventually("all of them published", async () => (await rig.overview()).counts.done >= before + 1, 60_000);
});

test("heat and a full card hold capture, and the metrics say so", async () => {
  setFaults({ overheated: true });
  rig.start({ CAPTURE_INTERVAL_S: "0.2" });
  await eventually("held", async () => /trips_capture_held\{by="capture"[^}]*\} 1/.test(await rig.metrics()));
  await eventually("hot", async () => /trips_capture_camera_overheated\{[^}]*\} 1/.test(await rig.metrics()));
  expect(pictures()).toBe(0);
});

test("by distance the next picture is due when the car has driven it", async () => {
  rig.start({
    CAPTURE_DISTANCE_M: "300",
    CAPTURE_MIN_INTERVAL_S: "0.1",
    CAPTURE_MAX_INTERVAL_S: "2",
  });
  await eventually("pictures", () => pictures() >= 6, 60_000);
  const events = await eventually("events", async () => {
    const seen = await rig.events();
    return seen.length >= 6 && seen;
  });
  const gaps = events.slice(1).map(({ takenAt }, index) => Date.parse(takenAt) - Date.parse(events[index]!.takenAt));
  expect(Math.max(...gaps.slice(0, 1))).toBeGreaterThanOrEqual(1_900);
  expect(Math.min(...gaps.slice(2))).toBeLessThan(1_900);
});

test("turbo transfer is on while much waits and off while a picture is taken", async () => {
  const { camera } = rig.simulator;
  const turbo = createTurbo({ turbo: async (on) => void (camera.turbo = on) }, 5);
  await turbo.offload(4);
  expect(camera.turbo).toBe(false);
  await turbo.offload(5);
  expect(camera.turbo).toBe(true);
  const pressed = await turbo.whileOff(async () => {
    await turbo.offload(9);
    return camera.shutter();
  });
  expect(pressed).toBe("taken");
  await turbo.offload(3);
  expect(camera.turbo).toBe(false);
  await turbo.offload(9);
  expect(camera.turbo).toBe(true);
  expect(camera.shutter()).toBe("busy");
  await camera.idle();
  expect(camera.shutter()).toBe("turbo");
  await turbo.offload(0);
  expect(camera.turbo).toBe(false);
});
