import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "#lib/testing/process.ts";
import { photoOf } from "./testing/points.ts";
import { API_KEY, ask, startWorld, watch, type World } from "./testing/running.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

const owner = { key: API_KEY };
const hour = 3_600_000;
const later = () => new Date(Date.now() + hour).toISOString();
const publishAt = (id: string, takenAt: string, lat = 57.4, more = {}) =>
  world.publish("photo.hero11", { ...photoOf(1), id, takenAt, lat, lng: -4.2, image: null, ...more });
const idsOf = (points: { id: string }[]) => points.map(({ id }) => id);

test("writes need a key: without one, with a wrong one, and where none is configured they are refused", async () => {
  const service = await world.startReady();
  const body = { title: "T", from: "2026-05-01T00:00:00Z", to: null };
  const statusOf = async (key?: string) =>
    (await ask(service, "/api/trips/t", { method: "PUT", body, ...(key === undefined ? {} : { key }) })).status;
  expect([await statusOf(), await statusOf("wrong"), await statusOf(API_KEY)]).toEqual([401, 401, 200]);
  expect((await ask(service, "/api/points", { key: "wrong" })).status).toBe(401);
  const closed = await world.startReady({ API_KEYS: undefined } as object);
  expect((await ask(closed, "/api/trips/t", { method: "PUT", body, key: API_KEY })).body.error.code).toBe("read_only");
  for (const [method, path] of [
    ["DELETE", "/api/trips/t"],
    ["DELETE", "/api/points/t"],
    ["POST", "/api/shares"],
    ["GET", "/api/shares"],
    ["DELETE", "/api/shares/t"],
    ["PUT", "/api/settings"],
    ["GET", "/api/settings"],
  ] as const) {
    const sent = method === "POST" || method === "PUT" ? { body: {} } : {};
    expect((await ask(service, path, { method, ...sent })).status, `${method} ${path}`).toBe(401);
  }
});

test("a trip is named, changed and forgotten, on all replicas, and viewers are told", async () => {
  await publishAt("a", "2026-05-01T10:00:00Z");
  const [one, two] = [await world.startReady(), await world.startReady()];
  const viewer = watch(two);
  await eventually("hello", () => viewer.of("hello")[0]);
  const body = { title: "Highlands", from: "2026-05-01T00:00:00Z", to: "2026-05-03T00:00:00Z" };
  expect((await ask(one, "/api/trips/highlands", { ...owner, method: "PUT", body })).status).toBe(200);
  expect((await ask(one, "/api/trips/highlands")).body.trip).toMatchObject({ title: "Highlands", points: 1 });
  await eventually("the viewer of the other replica hears it", () => viewer.of("trip")[0]?.trip.title === "Highlands");
  expect((await ask(two, "/api/points/a")).body.trip).toBe("highlands");
  expect((await ask(one, "/api/trips/highlands", { ...owner, method: "DELETE" })).status).toBe(204);
  expect((await ask(one, "/api/trips/highlands")).status).toBe(404);
  const backwards = { ...body, to: "2026-04-01T00:00:00Z" };
  expect((await ask(one, "/api/trips/x", { ...owner, method: "PUT", body: backwards })).status).toBe(400);
  viewer.socket.close();
});

test("a deleted point is gone for ever, everywhere", async () => {
  await publishAt("a", "2026-05-01T10:00:00Z");
  const service = await world.startReady();
  const viewer = watch(service);
  await eventually("hello", () => viewer.of("hello")[0]);
  expect((await ask(service, "/api/points/a", { ...owner, method: "DELETE" })).status).toBe(204);
  expect((await ask(service, "/api/points/a")).status).toBe(404);
  await eventually("the viewer hears it", () => viewer.of("deletion")[0]?.id === "a");
  expect((await ask(service, "/api/points/a", { ...owner, method: "DELETE" })).status).toBe(404);
  viewer.socket.close();
});

test("a link shows its trip and window and nothing else, until it is revoked; its token is nowhere kept", async () => {
  await publishAt("a", "2026-05-01T10:00:00Z");
  await publishAt("b", "2026-05-01T12:00:00Z", 57.5);
  await publishAt("other", "2026-05-20T12:00:00Z");
  const service = await world.startReady({ READS: "shared" });
  expect((await ask(service, "/api/points")).status).toBe(401);
  const body = { trip: "auto-2026-05-01", from: "2026-05-01T11:00:00Z", expiresAt: later() };
  const made = (await ask(service, "/api/shares", { ...owner, method: "POST", body })).body;
  const share = `share=${made.token}`;
  expect(idsOf((await ask(service, `/api/points?${share}`)).body.points)).toEqual(["b"]);
  expect((await ask(service, `/api/points?${share}&seq=3`)).body.points).toHaveLength(1);
  expect((await ask(service, `/api/points/a?${share}`)).status).toBe(404);
  expect((await ask(service, `/api/trips?${share}`)).body.trips).toMatchObject([{ id: body.trip, points: 1 }]);
  expect((await ask(service, `/api/trips/auto-2026-05-20?${share}`)).status).toBe(404);
  expect((await ask(service, `/api/stats?${share}`)).body).toMatchObject({
    points: 1,
    firstAt: "2026-05-01T12:00:00.000Z",
  });
  expect((await ask(service, `/api/trips/${body.trip}/export.gpx?${share}`)).body).not.toContain("57.4");
  expect((await ask(service, "/api/points?share=guess")).status).toBe(403);
  expect((await ask(service, "/api/shares", owner)).body.shares).toEqual([made.share]);
  expect(JSON.stringify(made.share)).not.toContain("tokenSha256");

  const viewer = watch(service, `?${share}&after=0`);
  await eventually("its one point", () => viewer.of("point").length === 1);
  expect((await ask(service, `/api/shares/${made.share.id}`, { ...owner, method: "DELETE" })).status).toBe(204);
  expect(await viewer.closed).toBe(1008);
  expect(viewer.of("point").map(({ point }) => point.id)).toEqual(["b"]);
  expect((await ask(service, `/api/points?${share}`)).status).toBe(410);
});

test("a link ends at its time", async () => {
  const service = await world.startReady();
  const expiresAt = new Date(Date.now() + 1_000).toISOString();
  const { token } = (await ask(service, "/api/shares", { ...owner, method: "POST", body: { expiresAt } })).body;
  expect((await ask(service, `/api/points?share=${token}`)).status).toBe(200);
  await eventually("it is over", async () => (await ask(service, `/api/points?share=${token}`)).status === 410);
  const past = { expiresAt: "2020-01-01T00:00:00Z" };
  expect((await ask(service, "/api/shares", { ...owner, method: "POST", body: past })).status).toBe(400);
});

test("settings hide places from everybody at once, also from those who watch, in tiles, exports and pictures", async () => {
  const key = "photos/aa/aaaaaaaa-0000-5000-8000-000000000001.jpg";
  await world.objects.put(key, Buffer.from("jpeg"), "image/jpeg");
  const image = { key, width: 1, height: 1, bytes: 4 };
  await publishAt("aaaaaaaa-0000-5000-8000-000000000001", "2026-05-01T10:00:00Z", 57.4, { image });
  await publishAt("b", "2026-05-01T10:10:00Z", 57.5);
  const service = await world.startReady();
  const tile = "/api/tiles/auto-2026-05-01/14/8000/4954.mvt";
  const tileAt = (lat: number) => {
    const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
    return `/api/tiles/auto-2026-05-01/14/${Math.floor(((-4.2 + 180) / 360) * 2 ** 14)}/${Math.floor(y * 2 ** 14)}.mvt`;
  };
  expect([(await ask(service, tileAt(57.4))).status, (await ask(service, tile)).status]).toEqual([200, 204]);
  expect((await ask(service, `/api/images/${key}`)).status).toBe(200);
  const viewer = watch(service);
  await eventually("hello", () => viewer.of("hello")[0]);
  const settings = { zones: [{ lat: 57.4, lng: -4.2, radiusM: 1_000 }], delayS: 0 };
  expect((await ask(service, "/api/settings", { ...owner, method: "PUT", body: settings })).status).toBe(200);
  await eventually("the viewer is told to load again", () => viewer.of("reload")[0]);
  await publishAt("c", "2026-05-01T10:20:00Z", 57.401);
  await publishAt("d", "2026-05-01T10:30:00Z", 57.6);
  await eventually("the viewer gets what is outside", () => viewer.of("point").length === 1);
  expect(viewer.of("point")[0]!.point.id).toBe("d");
  expect(idsOf((await ask(service, "/api/points")).body.points)).toEqual(["b", "d"]);
  expect((await ask(service, "/api/points", owner)).body.points).toHaveLength(4);
  expect((await ask(service, tileAt(57.4))).status).toBe(204);
  expect((await ask(service, `/api/images/${key}`)).status).toBe(404);
  expect((await ask(service, `/api/images/${key}`, owner)).status).toBe(200);
  expect((await ask(service, "/api/trips/auto-2026-05-01/export.geojson")).body).not.toContain("57.40");
  expect((await ask(service, "/api/settings", owner)).body).toEqual(settings);
  const wrong = { zones: [{ lat: 100, lng: 0, radiusM: 1 }], delayS: 0 };
  expect((await ask(service, "/api/settings", { ...owner, method: "PUT", body: wrong })).status).toBe(400);
  viewer.socket.close();
});

test("a delay holds points back for viewers, who get them in time and in order", async () => {
  const service = await world.startReady();
  const settings = { zones: [], delayS: 6 };
  await ask(service, "/api/settings", { ...owner, method: "PUT", body: settings });
  const viewer = watch(service);
  await eventually("hello", () => viewer.of("hello")[0]);
  await publishAt("old", new Date(Date.now() - hour).toISOString());
  await publishAt("new", new Date().toISOString(), 57.41);
  await eventually("what is old enough", () => viewer.of("point").length === 1);
  expect(idsOf((await ask(service, "/api/points")).body.points)).toEqual(["old"]);
  await eventually("the other one, later", () => viewer.of("point").length === 2);
  expect(viewer.of("point").map(({ point }) => point.id)).toEqual(["old", "new"]);
  viewer.socket.close();
});
