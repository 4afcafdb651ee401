import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Messaging, openMessaging } from "#lib/messaging/connection.ts";
import type { Objects } from "#lib/objects/objects.ts";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import { type NatsServer, startNats } from "#lib/testing/nats.ts";
import { eventually, freePort, type Program, startProgram, temporaryFolder } from "#lib/testing/process.ts";
import { type S3Server, startS3 } from "#lib/testing/s3.ts";
import { openDerived } from "./derived.ts";
import { setUpLibvips } from "./render.ts";
import { openBucket, photo, type Service, startService, store } from "./testing.ts";
import { HOLDS_MS } from "./visibility.ts";

const OWNER = { authorization: "Bearer key-of-the-owner" };
const [HOME, FAR] = [
  { lat: 57.5, lng: -4.2 },
  { lat: 55, lng: -3 },
];

let nats: NatsServer;
let s3: S3Server;
let objects: Objects;
let messaging: Messaging;
let api: { readonly url: string; readonly start: () => Promise<void>; stop: () => Promise<unknown> };
const services: Service[] = [];

beforeAll(async () => {
  setUpLibvips();
  [nats, s3] = await Promise.all([startNats(), startS3()]);
  objects = openBucket(s3);
  await objects.ensureBucket();
  messaging = await openMessaging({ url: nats.url, name: "test" });
  api = await tripsApi();
  await api.start();
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});
afterAll(async () => {
  await api?.stop();
  await messaging?.close();
  await Promise.all([nats?.close(), s3?.close()]);
});

/** The real one: its bundle where Bazel names it, else its sources. */
async function tripsApi(): Promise<typeof api> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const own = Object.entries(process.env).filter(([name]) => name.startsWith("JS_BINARY__"));
  let program: Program | undefined;
  return {
    url,
    async start() {
      program = startProgram(process.execPath, [process.env["TRIPS_API_MAIN"] ?? "services/trips-api/main.ts"], {
        env: {
          ...Object.fromEntries(own),
          ...{ PORT: String(port), LOG_LEVEL: "warn", NATS_URL: nats.url, API_KEYS: "key-of-the-owner" },
          ...{ S3_ENDPOINT: s3.endpoint, S3_REGION: s3.region },
          ...{ S3_ACCESS_KEY_ID: s3.accessKeyId, S3_SECRET_ACCESS_KEY: s3.secretAccessKey },
        },
      });
      const ready = async () => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) })).ok;
      await eventually("trips-api is ready", ready).catch((cause: Error) => {
        throw new Error(`trips-api did not start:\n${program?.output()}`, { cause });
      });
    },
    stop: async () => program?.stop(),
  };
}

let number = 0;
/** Stores a picture and tells of it as capture does; resolves when trips-api knows of it. */
async function taken(place: { lat: number; lng: number }): Promise<{ id: string; key: string }> {
  const bytes = await photo(64, 48, ++number).jpeg().toBuffer();
  const key = await store(objects, bytes);
  const id = key.slice(10, 42);
  const event: Photo = {
    ...{ id, takenAt: `2026-05-01T10:${String(number).padStart(2, "0")}:00Z`, ...place, elevation: null },
    image: { key, width: 64, height: 48, bytes: bytes.length },
    ...{ camera: "hero11", tags: [] },
    exposure: { iso: null, shutter: null, aperture: null, focalLength35mm: null, ev: null },
  };
  await messaging.jetstream.publish("trips.v1.photo.hero11", JSON.stringify(event));
  await eventually("the point is known", async () => (await owner(`/api/points/${id}`)).ok);
  return { id, key };
}
const owner = (path: string, method = "GET", body?: object) =>
  fetch(`${api.url}${path}`, {
    method,
    headers: { ...OWNER, ...(body ? { "content-type": "application/json" } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(5_000),
  });
const start = async (options: Parameters<typeof startService>[1] = {}) => {
  const service = await startService(objects, { visibilityUrl: api.url, originals: true, ...options });
  services.push(service);
  return service;
};
const status = async (service: Service, path: string, headers: Record<string, string> = {}) =>
  (await fetch(service.url + path, { headers, signal: AbortSignal.timeout(20_000) })).status;
const asked = async (service: Service, result: string) => {
  const { values } = await service.metrics.getSingleMetric("images_visibility_total")!.get();
  return values.find(({ labels }) => labels["result"] === result)?.value ?? 0;
};
/** A clock that a test moves on. */
const clock = () => {
  let ms = 0;
  return { now: () => ms, pass: (more: number) => void (ms += more) };
};

test("a picture that no point has is not there, although the bucket has it", async () => {
  const key = await store(objects, await photo(64, 48, 1_000).jpeg().toBuffer());
  expect(await status(await start(), `/thumb/${key}`)).toBe(404);
  expect(await status(await start({ visibilityUrl: undefined as never }), `/thumb/${key}`), "nobody asks").toBe(200);
});

test("a deleted point takes its picture with it, out of the kept ones and from who has it already", async () => {
  const { id, key } = await taken(FAR);
  const [folder, time] = [await temporaryFolder(), clock()];
  const service = await start({ derived: await openDerived(folder.path, 1e6), now: time.now });
  const first = await fetch(`${service.url}/display/${key}`);
  expect(first.status).toBe(200);
  const known = { "if-none-match": first.headers.get("etag")! };
  expect(await status(service, `/display/${key}`, known)).toBe(304);

  expect((await owner(`/api/points/${id}`, "DELETE")).ok).toBe(true);
  await eventually("it is deleted", async () => (await owner(`/api/points/${id}`)).status === 404);
  expect(await status(service, `/display/${key}`), "what was said holds for a while").toBe(200);
  time.pass(HOLDS_MS);
  const paths = ["thumb", "display", "original"].map((size) => `/${size}/${key}`);
  for (const path of paths) expect([path, await status(service, path)]).toEqual([path, 404]);
  expect(await status(service, `/display/${key}`, known)).toBe(404);
  await folder.remove();
});

test("a privacy zone hides its pictures, and a share shows only its own, to nobody's shared cache", async () => {
  const [home, far] = [await taken(HOME), await taken(FAR)];
  const zone = { ...HOME, radiusM: 500 };
  expect((await owner("/api/settings", "PUT", { zones: [zone], delayS: 0 })).ok).toBe(true);
  const link = { trip: null, from: null, to: null, delayS: 0, zones: [{ ...FAR, radiusM: 500 }] };
  const given = await owner("/api/shares", "POST", { ...link, expiresAt: "2099-01-01T00:00:00Z" });
  expect(given.status).toBe(201);
  const { token } = (await given.json()) as { token: string };
  const service = await start();
  await eventually("the zone holds", async () => (await fetch(`${api.url}/api/images/${home.key}`)).status === 404);
  expect([await status(service, `/thumb/${home.key}`), await status(service, `/thumb/${far.key}`)]).toEqual([404, 200]);
  expect(await status(service, `/thumb/${far.key}?share=${token}`), "the share hides it").toBe(404);
  expect(await status(service, `/thumb/${far.key}?share=made-up`), "an unknown share").toBe(404);

  expect((await owner("/api/settings", "PUT", { zones: [], delayS: 0 })).ok).toBe(true);
  await eventually("it is over", async () => (await fetch(`${api.url}/api/images/${home.key}`)).status === 200);
  const shared = await fetch(`${(await start()).url}/thumb/${home.key}?share=${token}`);
  expect([shared.status, shared.headers.get("cache-control")]).toEqual([200, "private, max-age=31536000, immutable"]);
});

test("when trips-api does not answer nothing is shown that is not known, and it is told when to come again", async () => {
  const [{ key }, other] = [await taken(FAR), await taken(FAR)];
  const time = clock();
  const service = await start({ now: time.now });
  expect(await status(service, `/thumb/${key}`)).toBe(200);
  await api.stop();
  expect(await status(service, `/thumb/${key}`), "known for a while").toBe(200);
  const refused = await fetch(`${service.url}/thumb/${other.key}`);
  expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("cache-control")]).toEqual([
    503,
    "2",
    "no-store",
  ]);
  expect(await refused.json()).toMatchObject({ error: { code: "visibility_unknown" } });
  time.pass(HOLDS_MS);
  expect(await status(service, `/thumb/${key}`)).toBe(503);
  expect(await asked(service, "unknown")).toBe(2);
  await api.start();
  expect(await status(service, `/thumb/${key}`), "a failure is not remembered").toBe(200);
});

test("equal questions at the same time are one, and what was said is not asked again", async () => {
  const { key } = await taken(FAR);
  const service = await start();
  await Promise.all(Array.from({ length: 10 }, () => status(service, `/thumb/${key}`)));
  await status(service, `/display/${key}`);
  expect(await asked(service, "shown")).toBe(1);
  expect(await asked(service, "remembered")).toBeGreaterThan(0);
});
