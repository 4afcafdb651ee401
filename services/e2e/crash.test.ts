import { expect, test } from "vitest";
import type { Digest, PointsReply } from "#lib/schemas/trips/v1/api.ts";
import { eventually } from "#lib/testing/process.ts";
import { eventsOf, picturesIn, picturesOnCard } from "./facts.ts";
import { getJson, type Part, pause, prepareSystem, untilReady } from "./system.ts";

/** Another order of mishaps, and other moments, for another number. */
const SEED = Number(process.env["CRASH_SEED"] ?? 20_260_501);
const PICTURES_A_MISHAP = 4;

/** Numbers from 0 to 1 (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(list: readonly T[], chance: () => number): T[] {
  return list
    .map((value) => ({ value, at: chance() }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value);
}

interface Mishap {
  readonly name: string;
  end(): Promise<unknown>;
  begin(): Promise<unknown>;
}

const killed = (name: string, part: Part): Mishap => ({
  name,
  end: () => part.stop("SIGKILL"),
  begin: () => part.start(),
});

test(`every program is killed, stream and store are restarted, and every photo is there once (CRASH_SEED=${SEED})`, async () => {
  const chance = chances(SEED);
  const system = await prepareSystem({
    camera: {
      SIM_SEED: String(SEED),
      SIM_FAULTS: JSON.stringify({ chaos: 0.05 }),
      CAPTURE_WIDTH: "64",
      CAPTURE_HEIGHT: "48",
    },
    capture: { CAPTURE_INTERVAL_S: "0", SCAN_INTERVAL_S: "0.25" },
    api: { SNAPSHOT_EVENTS: "10" },
  });
  try {
    const { nats, s3, camera, capture, api, env } = system;
    const second = await system.part("api", { ...env, SNAPSHOT_EVENTS: "10" });
    const images = await system.part("images", { ...env, AVIF: "false", ENCODES: "1", QUEUE: "1000" });
    const systems = [{ name: "trips", title: "Trips", about: "", site: null, api: api.url, images: images.url }];
    const door = await system.part("door", { SYSTEMS: JSON.stringify(systems) });
    for (const part of [camera, api, second, images, door, capture]) await part.start();

    const take = (count: number) =>
      fetch(`${camera.url}/simulator/pictures`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ count }),
      });
    const mishaps: Mishap[] = [
      ...[1, 2, 3].map((time) => killed(`capture ${time}`, capture)),
      ...[1, 2].map((time) => killed(`api ${time}`, api)),
      killed("second api", second),
      killed("images", images),
      killed("door", door),
      ...[1, 2].map((time) => ({ name: `nats ${time}`, end: () => nats.stop("SIGKILL"), begin: () => nats.start() })),
      ...[1, 2].map((time) => ({ name: `s3 ${time}`, end: () => s3.stop(), begin: () => s3.start() })),
    ];
    for (const mishap of shuffled(mishaps, chance)) {
      const taken = take(PICTURES_A_MISHAP);
      await pause(chance() * 500);
      await mishap.end();
      await pause(chance() * 500);
      await mishap.begin();
      expect((await taken).status, mishap.name).toBe(200);
    }
    const total = mishaps.length * PICTURES_A_MISHAP;

    await fetch(`${camera.url}/simulator/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ chaos: 0 }),
    });
    const onCard = await picturesOnCard(camera.url);
    expect(new Set(onCard).size).toBe(total);
    type QueueReply = { counts: Record<string, number>; waiting: unknown; failed: unknown };
    let queue: QueueReply | undefined;
    await eventually(
      "every photo is published",
      async () => {
        queue = await getJson<QueueReply>(`${capture.url}/api/queue`);
        return queue.counts["done"] === total;
      },
      60_000,
    ).catch((cause) => {
      throw new Error(`The queue has ${JSON.stringify(queue)}`, { cause });
    });

    const events = await eventsOf(nats.url);
    expect(events.map(({ image }) => image!.sha256!).sort()).toEqual([...onCard].sort());
    const stored = await picturesIn(s3);
    expect([...stored]).toEqual(expect.arrayContaining(events.map(({ image }) => [image!.key, image!.sha256])));
    expect(stored.size).toBe(total);

    const digests: Digest[] = [];
    for (const replica of [api, second]) {
      await untilReady(replica);
      const { points } = await eventually("all points are folded", async () => {
        const reply = await getJson<PointsReply>(`${replica.url}/api/points?filter=off`);
        return reply.seq === total && reply;
      });
      expect(points.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
      digests.push(await getJson<Digest>(`${replica.url}/api/digest`));
    }
    expect(digests[0]).toEqual(digests[1]);

    for (const { image } of events) {
      const thumb = await fetch(`${door.url}/trips/images/thumb/${image!.key}`, { headers: { accept: "image/webp" } });
      expect([image!.key, thumb.status, thumb.headers.get("content-type")]).toEqual([image!.key, 200, "image/webp"]);
      expect((await thumb.arrayBuffer()).byteLength).toBeGreaterThan(0);
    }
  } finally {
    await system.close();
  }
});
