import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "#lib/testing/process.ts";
import { BOUNDARIES } from "./failpoint.ts";
import { killedAt, type Rig, startRig } from "./testing/rig.ts";

let rig: Rig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const setFaults = (faults: Partial<Rig["simulator"]["camera"]["faults"]>) => {
  rig.simulator.camera.faults = { ...rig.simulator.camera.faults, ...faults };
};

/** Every picture that the card ever held is one event of the stream and one object with its bytes. */
async function everyPhotoOnce(taken: number): Promise<void> {
  const events = await rig.events();
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(events).toHaveLength(taken);
  for (const { image } of events) expect(await rig.stored(image!.key)).toBe(image!.sha256);
}

test("killed at every step, each photo is in the store and in the stream exactly once", async () => {
  const options = { DELETE_AFTER_UPLOAD: "true" };
  let [taken, aside] = [0, 0];
  for (const boundary of BOUNDARIES) {
    await rig.simulator.camera.take();
    taken++;
    if (boundary === "store: kept aside") {
      setFaults({ gpsLock: false });
      await rig.simulator.camera.take();
      setFaults({ gpsLock: true });
      aside++;
    }
    const service = rig.start({ ...options, ...killedAt(boundary) });
    expect([boundary, await service.exited]).toEqual([boundary, "SIGKILL"]);
    expect(service.output()).toContain(`killed at: ${boundary}`);
  }
  rig.start(options);
  const { failed } = await eventually("all are off the card", async () => {
    const overview = await rig.overview();
    return overview.states.deleted === taken && overview;
  });
  expect(failed).toMatchObject([{ reason: "no GPS fix", key: expect.stringMatching(/^photos\//) }]);
  expect(rig.simulator.card.pictures).toBe(aside);
  await everyPhotoOnce(taken);
});

test("the camera fails in every way it can, at random, and no photo is lost or doubled", async () => {
  setFaults({ chaos: 0.2, ignoreRange: true });
  for (let taken = 0; taken < 40; taken++) await rig.simulator.camera.take();
  rig.start({ DOWNLOADS: "2" });
  await eventually("half of them arrived", async () => (await rig.overview()).counts.done >= 20, 300_000);
  setFaults({ ignoreRange: false, chaos: 0.4 });
  for (let taken = 0; taken < 20; taken++) await rig.simulator.camera.take();
  await eventually("half of the new ones arrived", async () => (await rig.overview()).counts.done >= 40, 300_000);
  setFaults({ chaos: 0 });
  await rig.settled(60, 300_000);
  await everyPhotoOnce(60);
});

test("store and stream end in the middle, again and again, while photos arrive", async () => {
  const take = async (count: number) => {
    for (let taken = 0; taken < count; taken++) await rig.simulator.camera.take();
  };
  await take(20);
  rig.start();
  for (const round of [1, 2]) {
    await eventually("some are published", async () => (await rig.overview()).counts.done >= round);
    await rig.s3.stop();
    await take(5);
    await eventually("the store is missed", async () => (await rig.overview()).reports["holds"]!.value).catch(
      () => null,
    );
    await rig.nats.stop("SIGKILL");
    await rig.s3.start();
    await take(5);
    await rig.nats.start();
  }
  await rig.settled(40, 300_000);
  await everyPhotoOnce(40);
});
