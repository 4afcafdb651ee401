import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import WebSocket from "ws";
import { openMessaging } from "#lib/messaging/connection.ts";
import { publishEvent } from "#lib/messaging/events.ts";
import type { PointsReply } from "#lib/schemas/trips/v1/api.ts";
import { DeletionSchema, deletionSubject } from "#lib/schemas/trips/v1/deletion.ts";
import type { LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import { PhotoSchema, photoSubject } from "#lib/schemas/trips/v1/photo.ts";
import { eventually } from "#lib/testing/process.ts";
import { picturesOnCard } from "./facts.ts";
import { getJson, pause, prepareSystem, type System, untilReady } from "./system.ts";

let system: System;
beforeEach(async () => {
  system = await prepareSystem();
});
afterEach(() => system.close());

interface QueueReply {
  counts: Record<"pending" | "uploading" | "done" | "failed", number>;
  failed: { name: string; reason: string; key: string | null }[];
}
const queue = () => getJson<QueueReply>(`${system.capture.url}/api/queue`);
const points = () => getJson<PointsReply>(`${system.api.url}/api/points`);
const setFaults = (faults: object) =>
  fetch(`${system.camera.url}/simulator/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(faults),
  });

function watch(after?: number): { messages: LiveMessage[]; socket: WebSocket } {
  const query = after === undefined ? "" : `?after=${after}`;
  const socket = new WebSocket(`${system.api.url.replace("http", "ws")}/api/live${query}`);
  const messages: LiveMessage[] = [];
  socket.on("message", (data) => void messages.push(JSON.parse(String(data)) as LiveMessage));
  socket.on("error", () => {});
  return { messages, socket };
}

test("a photo that the camera takes arrives at a viewer, with its picture", async () => {
  await system.camera.start();
  await system.api.start();
  await untilReady(system.api);
  const viewer = watch();
  await eventually("hello", () => viewer.messages[0]);
  expect(viewer.messages[0]).toEqual({ type: "hello", seq: 0, viewers: 1 });

  await system.capture.start();
  const change = await eventually("a point arrives", () => viewer.messages.find((message) => message.type === "point"));
  const { point } = change;
  expect(point).toMatchObject({ seq: 1, camera: "gopro", tags: [], image: { width: 256, height: 192 } });
  expect(point.lat).toBeCloseTo(57.48, 1);
  expect(point.lng).toBeCloseTo(-4.22, 0);
  expect(point.elevation).toBeGreaterThan(0);
  expect(Math.abs(Date.parse(point.takenAt) - Date.now())).toBeLessThan(30_000);
  expect(point.exposure).toMatchObject({
    aperture: 2.5,
    focalLength35mm: 16,
    iso: expect.any(Number),
    ev: expect.any(Number),
  });

  const image = await fetch(`${system.api.url}/api/images/${point.image!.key}`);
  const bytes = new Uint8Array(await image.arrayBuffer());
  expect([image.status, image.headers.get("content-type"), bytes.length]).toEqual([
    200,
    "image/jpeg",
    point.image!.bytes,
  ]);
  expect(point.image!.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  viewer.socket.close();
});

test("capture is killed in the middle of its queue and nothing is lost or doubled", async () => {
  await system.camera.start();
  await system.capture.start();
  await eventually("some photos are done", async () => (await queue()).counts.done >= 2);
  await system.s3.stop();
  await eventually("photos wait", async () => (await queue()).counts.pending >= 2);
  await system.capture.stop("SIGKILL");
  await system.s3.start();
  await system.capture.start();
  await eventually("all are done", async () => (await queue()).counts.done >= 6, 30_000);
  expect(await system.capture.stop("SIGTERM")).toBe(0);

  await system.api.start();
  await untilReady(system.api);
  const ids = (await points()).points.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const finalRun = system.capture.output();
  expect(finalRun).toContain('"msg":"stopped"');
  await system.capture.start();
  const taken = await picturesOnCard(system.camera.url);
  await eventually(
    "every picture on the card is a point",
    async () => {
      const reply = await getJson<PointsReply>(`${system.api.url}/api/points?filter=off`);
      const known = new Set(reply.points.map(({ image }) => image?.sha256));
      return taken.every((sha256) => known.has(sha256));
    },
    60_000,
  );
});

test("a restart of NATS loses nothing, and a viewer who returns gets what it missed", async () => {
  for (const part of [system.camera, system.api, system.capture]) await part.start();
  await untilReady(system.api);
  const first = watch();
  await eventually("a point arrives", () => first.messages.some(({ type }) => type === "point"));
  first.socket.close();
  const seen = first.messages.findLast((message) => message.type === "point")!.seq;

  await system.nats.stop("SIGKILL");
  await pause(1_000);
  await system.nats.start();
  const second = watch(seen);
  await eventually(
    "more points arrive after the restart",
    () => second.messages.filter(({ type }) => type === "point").length >= 4,
    30_000,
  );
  const seqs = second.messages.flatMap((message) => (message.type === "point" ? [message.seq] : []));
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => seen + 1 + index));
  second.socket.close();
});

test("broken cameras cost time, never photos", async () => {
  await system.camera.start();
  await setFaults({ truncateDownloads: 1, gpsLock: false });
  await system.capture.start();
  await eventually("a photo without a fix is kept aside", async () => (await queue()).counts.failed >= 1);
  const [kept] = (await queue()).failed;
  expect(kept).toMatchObject({ reason: "no GPS fix", key: expect.stringMatching(/^photos\//) });

  await setFaults({ gpsLock: true, unknownError: true });
  await eventually("the camera is missed", async () => (await fetch(`${system.capture.url}/readyz`)).status === 503);
  await setFaults({ unknownError: false });
  await eventually("photos are published again", async () => (await queue()).counts.done >= 2);
  const metrics = await (await fetch(`${system.capture.url}/metrics`)).text();
  expect(metrics).toMatch(/trips_capture_queue_photos\{state="published",service="trips-capture"\} [1-9]/);
});

test("one photo published twice is one point, and a deleted one stays deleted", async () => {
  await system.api.start();
  await untilReady(system.api);
  const messaging = await openMessaging({ url: system.nats.url, name: "test" });
  const photo: Photo = {
    id: "a1",
    takenAt: "2026-05-01T10:00:00.000Z",
    lat: 57.5,
    lng: -4.2,
    elevation: null,
    image: null,
    camera: "gopro",
    tags: [],
    exposure: { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null },
  };
  const publish = (id = photo.id) =>
    publishEvent(messaging, { subject: photoSubject(photo), id, schema: PhotoSchema, value: photo });
  expect((await publish()).duplicate).toBe(false);
  expect((await publish()).duplicate).toBe(true);
  await eventually("one point is there", async () => (await points()).points.length === 1);

  const deletion = { id: photo.id };
  await publishEvent(messaging, {
    subject: deletionSubject(deletion),
    id: "d1",
    schema: DeletionSchema,
    value: deletion,
  });
  await publish("published-again");
  await eventually("all three are folded", async () => (await points()).seq === 3);
  expect((await points()).points).toEqual([]);
  await messaging.close();
});
