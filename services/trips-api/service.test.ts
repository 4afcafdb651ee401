import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ensureStream } from "#lib/messaging/stream.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { eventually } from "#lib/testing/process.ts";
import type { Running } from "./service.ts";
import { photoOf } from "./testing/points.ts";
import { ask, metricOf, startWorld, watch, type World } from "./testing/running.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

const get = async (service: Running, path: string) => (await ask(service, path)).body;
const readAll = async (key: string) => {
  const found = await world.objects.get(key);
  return (
    found && new Uint8Array(await new Response(found.body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
  );
};
const listed = () =>
  eventually("a snapshot is listed", async () => {
    const bytes = await readAll("snapshots/trips.json");
    return bytes && (JSON.parse(Buffer.from(bytes).toString()).snapshots as { key: string; seq: number }[]);
  });

test("what is published while it starts is neither lost nor doubled, whoever watches and from wherever", async () => {
  await world.publishPhotos(0, 400);
  const publishing = world.publishPhotos(400, 1_200);
  const service = await world.startReady();
  const viewer = watch(service, "?after=0");
  await publishing;
  await eventually("the viewer has all", () => viewer.of("point").length >= 1_200);
  const seen = viewer.of("point").map(({ seq }) => seq);
  expect(seen).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
  const { points } = (await get(service, "/api/points")) as { points: Point[] };
  expect(points.map(({ seq }) => seq)).toEqual(seen);
  viewer.socket.close();
});

test("replicas that started at other times, one from a snapshot, agree on the digest", async () => {
  await world.publishPhotos(0, 300);
  await world.publish(`deletion.${photoOf(7).id}`, { id: photoOf(7).id });
  await world.publish("photo.hero11", { ...photoOf(9), lat: 1 });
  const first = await world.startReady({ SNAPSHOT_EVENTS: 100 });
  await listed();
  await world.publishPhotos(300, 350);
  await world.publish(`deletion.${photoOf(8).id}`, { id: photoOf(8).id });
  await world.publish(`deletion.${photoOf(320).id}`, { id: photoOf(320).id });
  const second = await world.startReady();
  await world.publishPhotos(350, 360);
  const digestAtEnd = async (service: Running) => {
    await eventually("all is folded", async () => (await get(service, "/api/digest")).seq === 364);
    return get(service, "/api/digest");
  };
  const digest = await digestAtEnd(first);
  expect(await digestAtEnd(second)).toEqual(digest);
  await world.objects.remove("snapshots/trips.json");
  expect(await digestAtEnd(await world.startReady())).toEqual(digest);
  expect(await get(second, "/api/points")).toEqual(await get(first, "/api/points"));
  expect((await get(second, "/api/points?after=2&limit=3")).points).toEqual(
    (await get(first, "/api/points?after=2&limit=3")).points,
  );
  expect(await metricOf(second, "trips_api_snapshot_seq")).toBe(302);
  await eventually("what it held is hashed anew", async () => (await metricOf(second, "trips_api_rechecks_total")) > 0);
  expect(world.failures).toEqual([]);
});

test("a snapshot that is damaged, or is of a stream that was made anew, is told and not used", async () => {
  await world.publishPhotos(0, 120);
  const writer = await world.startReady({ SNAPSHOT_EVENTS: 100 });
  const [snapshot] = await listed();
  const digest = await get(writer, "/api/digest");
  await world.stop(writer);
  const bytes = (await readAll(snapshot!.key))!;
  bytes[bytes.length - 5]! ^= 1;
  await world.objects.put(snapshot!.key, bytes, "application/octet-stream");
  const damaged = await world.startReady();
  expect(await metricOf(damaged, "trips_api_snapshots_refused_total")).toBe(1);
  expect(await get(damaged, "/api/digest")).toEqual(digest);
  await world.stop(damaged);

  bytes[bytes.length - 5]! ^= 1;
  await world.objects.put(snapshot!.key, bytes, "application/octet-stream");
  await world.messaging.manager.streams.delete("TRIPS");
  await ensureStream(world.messaging, { name: "TRIPS", subjects: ["trips.v1.>"] });
  await world.publishPhotos(500, 630);
  const anew = await world.startReady();
  expect(await metricOf(anew, "trips_api_snapshots_refused_total")).toBe(1);
  expect((await get(anew, "/api/stats")).points).toBe(130);
});

test("the state at any point of history is shown, with what was deleted since and without what came later", async () => {
  await world.publishPhotos(0, 20);
  await world.publish(`deletion.${photoOf(3).id}`, { id: photoOf(3).id });
  await world.publishPhotos(20, 30);
  const service = await world.startReady();
  const at = async (seq: number) => (await get(service, `/api/points?seq=${seq}`)).points.length;
  expect([await at(0), await at(1), await at(20), await at(21), await at(31)]).toEqual([0, 1, 20, 19, 29]);
  expect((await get(service, `/api/points/${photoOf(3).id}?seq=20`)).seq).toBe(4);
  expect((await fetch(`${service.url}/api/points/${photoOf(3).id}`)).status).toBe(404);
  expect((await get(service, "/api/trips?seq=10")).trips[0].points).toBe(10);
  expect((await get(service, "/api/digest?seq=31")).sha256).toBe((await get(service, "/api/digest")).sha256);
  expect((await get(service, "/api/digest?seq=30")).sha256).not.toBe((await get(service, "/api/digest")).sha256);
  expect((await fetch(`${service.url}/api/points?seq=32`)).status).toBe(404);
});

test("past states are made one at a time, and who asks for too many at once is refused", async () => {
  await world.publishPhotos(0, 40);
  const service = await world.startReady();
  const asked = Array.from({ length: 30 }, (_, seq) => ask(service, `/api/digest?seq=${seq + 1}`));
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect([...new Set(statuses)].sort()).toEqual([200, 503]);
  expect((await ask(service, "/api/digest?seq=30")).status).toBe(200);
});

test("poisoned events are skipped, counted and shown", async () => {
  await world.publish("photo.hero11", "{");
  await world.publish("photo.hero11", { ...photoOf(1), takenAt: "2026-02-31T25:00:00Z" });
  await world.publish("photo.hero11", { ...photoOf(1), takenAt: "2026-13-31T10:00:00Z" });
  await world.publish("trip.x", { id: "x".repeat(100) });
  await world.publish("unheard.of", {});
  await world.publish("photo.hero11", `{"nested":${"[".repeat(50_000)}${"]".repeat(50_000)}}`);
  await world.publish("photo.hero11", { ...photoOf(1), unknown: "left out" });
  const service = await world.startReady();
  expect(await get(service, "/api/stats")).toMatchObject({ points: 1, unreadable: 6, seq: 7 });
  const { total, events } = await get(service, "/api/unreadable");
  expect([total, events.map(({ seq }: { seq: number }) => seq)]).toEqual([6, [6, 5, 4, 3, 2, 1]]);
  expect(events.at(-1)).toMatchObject({
    subject: "trips.v1.photo.hero11",
    reason: expect.stringContaining("not JSON"),
  });
  expect((await get(service, "/api/points")).points[0]).not.toHaveProperty("unknown");
});

test("the restart of NATS is outlived, and the store of pictures may be away", async () => {
  await world.publishPhotos(0, 10);
  await world.s3.stop();
  const service = await world.startReady({ SNAPSHOT_EVENTS: 5 });
  await world.nats.stop("SIGKILL");
  expect((await get(service, "/api/stats")).points).toBe(10);
  await world.nats.start();
  await eventually("published", () => world.publish("photo.hero11", photoOf(10)), 30_000);
  await eventually("folded", async () => (await get(service, "/api/stats")).points === 11, 30_000);
  await world.s3.start();
  expect(world.failures).toEqual([]);
});
