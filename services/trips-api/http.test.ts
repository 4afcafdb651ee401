import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { eventually } from "#lib/testing/process.ts";
import { addressOf } from "./limits.ts";
import { encodingOf } from "./sending.ts";
import { photoOf } from "./testing/points.ts";
import { API_KEY, ask, startWorld, watch, type World } from "./testing/running.ts";
import { readTile } from "./testing/vector-tile.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => world.reset());
afterAll(() => world.close());

const publishAt = (number: number, lng: number, minute: number, more = {}) =>
  world.publish("photo.hero11", {
    ...photoOf(number),
    ...{ lat: 57.4, lng, takenAt: new Date(Date.UTC(2026, 4, 1, 10, minute)).toISOString(), speedMps: undefined },
    ...more,
  });
const TRIP = "auto-2026-05-01";
const tilePath = (z: number, lng: number, lat: number) => {
  const x = Math.floor(((lng + 180) / 360) * 2 ** z);
  const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z);
  return `/api/tiles/${TRIP}/${z}/${x}/${y}.mvt`;
};

test("who has an answer already is told so, until something changes", async () => {
  await publishAt(1, -4.2, 0);
  const service = await world.startReady();
  for (const path of [
    "/api/points",
    "/api/trips",
    `/api/trips/${TRIP}`,
    tilePath(14, -4.2, 57.4),
    "/api/points?limit=1",
  ]) {
    const first = await fetch(service.url + path);
    await first.arrayBuffer();
    const etag = first.headers.get("etag")!;
    const again = async () => (await fetch(service.url + path, { headers: { "if-none-match": etag } })).status;
    expect([first.status, await again()], path).toEqual([200, 304]);
    const owner = { authorization: `Bearer ${API_KEY}`, "if-none-match": etag };
    expect((await fetch(service.url + path, { headers: owner })).status, `${path} of another view`).toBe(200);
    const number = (await ask(service, "/api/stats")).body.seq + 1;
    await publishAt(number, -4.2, number);
    await eventually("it has changed", async () => (await again()) === 200);
  }
});

test("long answers are compressed as the client likes", async () => {
  await world.publishPhotos(0, 300);
  const service = await world.startReady();
  const unpackers = { zstd: zstdDecompressSync, br: brotliDecompressSync, gzip: gunzipSync };
  const plain = Buffer.from(
    await (await fetch(`${service.url}/api/points`, { headers: { "accept-encoding": "identity" } })).arrayBuffer(),
  );
  for (const [name, unpack] of Object.entries(unpackers)) {
    const { request } = await import("node:http");
    const [encoding, bytes] = await new Promise<[string | undefined, Buffer]>((resolve) =>
      request(`${service.url}/api/points`, { headers: { "accept-encoding": name } }, async (response) => {
        resolve([response.headers["content-encoding"], Buffer.concat(await response.toArray())]);
      }).end(),
    );
    expect(encoding).toBe(name);
    expect(bytes.length).toBeLessThan(plain.length / 3);
    expect(unpack(bytes).equals(plain)).toBe(true);
  }
  expect(["gzip, br", "zstd;q=0, gzip", "*", "identity", undefined].map(encodingOf)).toEqual([
    ...["br", "gzip", "zstd"],
    ...[null, null],
  ]);
});

test("a trip's points can be had by day, only photos, and page by page", async () => {
  await publishAt(1, -4.2, 0);
  await publishAt(2, -4.21, 10, { image: null });
  await publishAt(3, -4.22, 24 * 60);
  const service = await world.startReady();
  const ids = async (query: string) =>
    (await ask(service, `/api/points?${query}`)).body.points.map(({ id }: { id: string }) =>
      [1, 2, 3].find((n) => photoOf(n).id === id),
    );
  expect(await ids(`trip=${TRIP}&day=2026-05-01`)).toEqual([1, 2]);
  expect(await ids(`trip=${TRIP}&photos=only`)).toEqual([1, 3]);
  expect(await ids(`trip=${TRIP}&limit=2`)).toEqual([1, 2]);
  expect(await ids(`trip=${TRIP}&after=2`)).toEqual([3]);
  expect(await ids("trip=other")).toEqual([]);
  expect((await ask(service, "/api/points?day=2026-05-01")).status).toBe(400);
});

test("tiles hold the line by days and gaps, simplified from afar and exact from near", async () => {
  const lngs = Array.from({ length: 200 }, (_, index) => -4.215 + index * 0.00002 * (index % 2 ? 1 : 0.98));
  for (const [index, lng] of lngs.entries()) {
    await publishAt(index, lng, 0, {
      lat: 57.4 + (index % 2) * 0.00002,
      takenAt: new Date(Date.UTC(2026, 4, 1, 10, 0, index * 5)).toISOString(),
      image: index === 100 ? photoOf(1).image : null,
    });
  }
  await publishAt(900, -4.1, 120);
  const service = await world.startReady();
  const tile = async (z: number) => {
    const response = await fetch(service.url + tilePath(z, -4.21, 57.4));
    expect(response.headers.get("content-type")).toBe("application/vnd.mapbox-vector-tile");
    return readTile(new Uint8Array(await response.arrayBuffer()));
  };
  const near = await tile(14);
  const far = await tile(6);
  const lineIn = (layers: typeof near) => layers["route"]!.find(({ properties }) => !properties["gap"])!;
  const placesIn = (layers: typeof near) => lineIn(layers).lines.flat().length;
  expect(near["points"]).toHaveLength(200);
  expect(placesIn(near)).toBeGreaterThan(190);
  expect(placesIn(far)).toBeLessThan(5);
  expect(far["points"]!.length).toBeLessThan(10);
  expect(far["points"]!.filter(({ properties }) => properties["photo"] === 1)).toHaveLength(2);
  expect(lineIn(far).properties).toEqual({ date: "2026-05-01", dayIndex: 0, gap: false });
  expect(far["route"]!.filter(({ properties }) => properties["gap"])).toHaveLength(1);
  expect(near["points"]![0]!.properties["id"]).toBe(photoOf(0).id);
  expect((await fetch(service.url + tilePath(14, 10, 10))).status).toBe(204);
  expect((await fetch(`${service.url}/api/tiles/${TRIP}/15/0/0.mvt`)).status).toBe(400);
  expect((await fetch(`${service.url}/api/tiles/none/1/0/0.mvt`)).status).toBe(404);
});

test("a trip is exported as GPX, GeoJSON and KML, with links to its pictures", async () => {
  await publishAt(1, -4.2, 0);
  await publishAt(2, -4.21, 1);
  const service = await world.startReady({ PUBLIC_URL: "https://example.org/trips/" });
  const types = {
    gpx: "application/gpx+xml",
    geojson: "application/geo+json",
    kml: "application/vnd.google-earth.kml+xml",
  };
  for (const [format, type] of Object.entries(types)) {
    const { status, headers, body } = await ask(service, `/api/trips/${TRIP}/export.${format}`);
    expect([status, headers.get("content-type")?.split(";")[0]]).toEqual([200, type]);
    expect(headers.get("content-disposition")).toBe(`attachment; filename="${TRIP}.${format}"`);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    expect(text).toContain(`https://example.org/trips/api/images/${photoOf(1).image!.key}`);
  }
  expect((await ask(service, `/api/trips/${TRIP}/export.exe`)).status).toBe(400);
  expect((await ask(service, "/api/trips/none/export.gpx")).status).toBe(404);
});

test("the API describes itself, and its page needs nothing from elsewhere", async () => {
  const service = await world.startReady();
  const { body } = await ask(service, "/api/openapi.json");
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(["/points", "/trips/{id}", "/shares", "/settings", "/digest"]),
  );
  expect(body.paths["/points"].get.responses["200"].content["application/json"].schema.properties).toHaveProperty(
    "points",
  );
  expect(body.paths["/settings"].put.security).toEqual([{ key: [] }]);
  expect((await fetch(`${service.url}/api/docs`, { redirect: "manual" })).headers.get("location")).toBe("docs/");
  const page = await ask(service, "/api/docs/");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'; script-src 'self'");
  expect(page.body).toContain("<title>API of trips</title>");
  const scripts = [...(page.body as string).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
  expect(scripts.length).toBeGreaterThan(3);
  for (const link of scripts) {
    expect(link).toMatch(/^\.\/static\//);
    expect((await fetch(new URL(link, `${service.url}/api/docs/`))).status, link).toBe(200);
  }
});

test("who asks too much is refused for a while, and health is not counted", async () => {
  const service = await world.startReady({ REQUESTS_PER_MINUTE: 5 });
  const statuses = [];
  for (let count = 0; count < 7; count++) statuses.push((await ask(service, "/api/stats")).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  expect((await ask(service, "/api/stats")).body.error.code).toBe("too_many_requests");
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
});

test("an address has so many sockets and a socket so many messages", async () => {
  const service = await world.startReady({ SOCKETS_PER_ADDRESS: 2 });
  const [first, second] = [watch(service), watch(service)];
  await eventually("both are in", () => first.of("hello")[0] && second.of("hello")[0]);
  expect(await watch(service).closed).toBe(1008);
  first.socket.close();
  await first.closed;
  const third = watch(service);
  await eventually("there is a place again", () => third.of("hello")[0]);
  for (let count = 0; count < 61; count++) third.socket.send('{"type":"ping"}');
  expect(await third.closed).toBe(1008);
  expect(third.of("pong")).toHaveLength(60);
  second.socket.close();
});

test("the address of whoever asks is what the outermost of our proxies saw; what he says himself counts for nothing", () => {
  const request = {
    headers: { "x-forwarded-for": "6.6.6.6, 1.2.3.4, 10.0.0.1" },
    socket: { remoteAddress: "10.0.0.2" },
  };
  expect([0, 1, 2].map((proxies) => addressOf(request, proxies))).toEqual(["10.0.0.2", "10.0.0.1", "1.2.3.4"]);
  expect(addressOf({ headers: {}, socket: {} }, 1)).toBe("unknown");
});

test("viewers hear the digest after hello and when it changes, and it is the one of the API", async () => {
  await publishAt(1, -4.2, 0);
  const service = await world.startReady();
  const viewer = watch(service, `?trip=${TRIP}`);
  await eventually("the first digest", () => viewer.of("digest").length === 1);
  await publishAt(2, -4.21, 1);
  await publishAt(3, -4.21, 2, { trip: "other" });
  await eventually("the next digest", () => viewer.of("digest").at(-1)?.seq === 3);
  const { type: _, ...digest } = viewer.of("digest").at(-1)!;
  expect((await ask(service, "/api/digest")).body).toEqual(digest);
  expect(viewer.of("point").map(({ seq }) => seq)).toEqual([2]);
  viewer.socket.close();
});
