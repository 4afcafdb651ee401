import { afterAll, beforeAll, expect, test } from "vitest";
import { type Messaging, openMessaging } from "#lib/messaging/connection.ts";
import { ensureStream } from "#lib/messaging/stream.ts";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import { TRIPS_STREAM, TRIPS_SUBJECTS } from "#lib/schemas/trips/v1/stream.ts";
import { type NatsServer, startNats } from "#lib/testing/nats.ts";
import { lastSequence, publishPhoto } from "./events.ts";

let nats: NatsServer;
let messaging: Messaging;
beforeAll(async () => {
  nats = await startNats();
  messaging = await openMessaging({ url: nats.url, name: "test" });
  await ensureStream(messaging, { name: TRIPS_STREAM, subjects: TRIPS_SUBJECTS, duplicateWindowMs: 100 });
});
afterAll(async () => {
  await messaging.close();
  await nats.close();
});

const photo = (id: string): Photo => ({
  id,
  takenAt: "2026-05-01T10:20:30.000Z",
  lat: 57,
  lng: -5,
  elevation: null,
  image: null,
  camera: "gopro",
  tags: [],
  exposure: { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null },
});
const DAY_MS = 86_400_000;
const forgotten = () => new Promise((resolve) => setTimeout(resolve, 400));

test("a photo is not doubled when the stream has forgotten its id since the first try", async () => {
  const since = { seq: await lastSequence(messaging), ms: Date.now() - DAY_MS };
  const first = await publishPhoto(messaging, photo("a"), null);
  await publishPhoto(messaging, photo("b"), null);
  await forgotten();
  expect(await publishPhoto(messaging, photo("a"), since)).toEqual({ seq: first.seq, duplicate: true });
  expect(await lastSequence(messaging)).toBe(first.seq + 1);
});

test("a photo whose first try never arrived is published, however long ago that was", async () => {
  const since = { seq: await lastSequence(messaging), ms: Date.now() - DAY_MS };
  await publishPhoto(messaging, photo("c"), null);
  expect(await publishPhoto(messaging, photo("d"), since)).toEqual({ seq: since.seq + 2, duplicate: false });
});
