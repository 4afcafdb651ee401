import { expect, test } from "vitest";
import { lanesOf } from "./map/overlap.ts";
import { dotData, photoData, routeData, stopData } from "./map/sources.ts";
import { neighbour, photosOf, placeAmong } from "./photos.ts";
import { replyOf } from "./testing/figures.ts";
import { aPoint } from "./testing/points.ts";
import { msAt, placeAt, positionAt, timelineOf } from "./timeline.ts";
import { boundsOf, indexAlong, profileOf, trackOf } from "./track.ts";

type Fields = Partial<Parameters<typeof aPoint>[0]>;
const minute = (m: number, fields: Fields = {}) =>
  aPoint({ id: `p${m}`, takenAt: new Date(Date.UTC(2026, 4, 1, 12, m)).toISOString(), lat: 57 + m / 1000, ...fields });
const tracked = (points: ReturnType<typeof aPoint>[]) => trackOf(points, replyOf("t", "T", points, 1).days);
const image = { key: "photos/00/0.jpg", width: 4, height: 3, bytes: 1 };

test("the way is the sum of the legs", () => {
  const track = tracked([minute(0), minute(10), minute(20)]);
  expect(track.along[2]).toBeCloseTo(2224, -1);
});

test("over a gap in time or place nothing is counted, and the map draws it as one", () => {
  const track = tracked([minute(0), minute(45), minute(46, { lng: 20 })]);
  expect([...track.gap]).toEqual([0, 1, 1]);
  expect(track.along[2]).toBe(0);
  expect(routeData(track).features.map(({ properties }) => properties.gap)).toEqual([true]);
});

test("each point belongs to the local day of its place, and a later one opens a new day before the server names it", () => {
  const points = [minute(0), minute(60 * 12), minute(60 * 24)];
  const days = replyOf("t", "T", points.slice(0, 2), 1).days;
  expect([...trackOf(points, days).day]).toEqual([0, 1, 1]);
  const far = minute(60 * 40);
  expect([...trackOf([...points, far], days).day]).toEqual([0, 1, 1, 2]);
  expect([...trackOf(points, []).day]).toEqual([0, 0, 0]);
});

test("the route is one line for each stretch of a day, and over the date line it goes the short way", () => {
  const points = [minute(0, { lng: 179.9 }), minute(1, { lng: -179.9 }), minute(2, { lng: -179.8 })];
  const [line, ...more] = routeData(tracked(points)).features;
  expect(more).toEqual([]);
  expect(line!.geometry.coordinates.map(([lng]) => Math.round(lng! * 10) / 10)).toEqual([179.9, 180.1, 180.2]);
});

test("days on the same road lie beside each other, crossings do not, and one day never leaves its middle", () => {
  const along = (day: number, lat: number, back = false) =>
    Array.from({ length: 21 }, (_, i) =>
      minute(day * 1440 + i, { lat: lat + 0.0001, lng: -4 + (back ? 20 - i : i) * 0.002 }),
    );
  const crossing = Array.from({ length: 21 }, (_, i) => minute(3 * 1440 + i, { lat: 56.99 + i * 0.001, lng: -3.98 }));
  const track = tracked([...along(0, 57), ...along(1, 57, true), ...along(2, 58), ...crossing]);
  const lanes = lanesOf(track);
  const ofDay = (day: number) => new Set([...lanes].filter((_, i) => track.day[i] === day && !track.gap[i] && i > 0));
  expect([0, 1, 2, 3].map((day) => [...ofDay(day)])).toEqual([[0], [1], [0], [0]]);
  const thereAndBack = [
    ...along(0, 57),
    ...along(0, 57, true).map((point, i) => ({ ...point, id: `b${i}`, takenAt: minute(30 + i).takenAt })),
  ];
  expect(Math.max(...lanesOf(tracked(thereAndBack)))).toBe(0);
});

test("a trip without elevations has no profile; one with them keeps its summits when it is thinned", () => {
  const flat = tracked([minute(0, { elevation: null }), minute(5, { elevation: null })]);
  expect(profileOf(flat, 10)).toEqual([]);
  const points = Array.from({ length: 100 }, (_, m) => minute(m / 10, { id: `e${m}`, elevation: m === 42 ? 900 : 10 }));
  const places = profileOf(tracked(points), 10);
  expect(places.length).toBeLessThanOrEqual(11);
  expect(places.find(({ elevation }) => elevation === 900)?.index).toBe(42);
});

test("a place along the way leads to the nearest point", () => {
  const track = tracked([minute(0), minute(10), minute(20)]);
  expect([-5, 300, 800, 5_000].map((meters) => indexAlong(track, meters))).toEqual([0, 0, 1, 2]);
});

test("dots keep their distance at each zoom, but for noise, which is always seen", () => {
  const points = [minute(0), minute(1), minute(2, { noise: ["jump"] }), minute(3)];
  const zooms = dotData(tracked(points)).features.map(({ properties }) => properties.zoom);
  expect([zooms[0], zooms[2], zooms[3]]).toEqual([0, 0, 0]);
  expect(zooms[1]).toBeGreaterThan(8);
});

test("only points with a picture are photos on the map, and in playback those that were passed", () => {
  const track = tracked([minute(0, { image }), minute(1), minute(2, { image })]);
  expect(photoData(track).features.map(({ properties }) => properties.i)).toEqual([0, 2]);
  expect(photoData(track, track.times[1]).features.length).toBe(1);
});

test("stops say how long they were", () => {
  const stop = { from: "2026-05-01T12:00:00Z", to: "2026-05-01T12:45:00Z", lat: 1, lng: 2, ms: 45 * 60_000 };
  expect(stopData([stop]).features[0]!.properties.label).toBe("45 min");
});

test("bounds hold all points, and there are none without points", () => {
  expect(boundsOf([])).toBeNull();
  expect(boundsOf([minute(0), minute(10)])).toEqual([-4.2, 57, -4.2, 57.01]);
});

test("playback skips gaps but for a moment, and goes evenly between points", () => {
  const track = tracked([minute(0), minute(10), minute(100), minute(110)]);
  const timeline = timelineOf(track);
  expect([...timeline.reached].map((ms) => ms / 60_000)).toEqual([0, 10, 11, 21]);
  const middle = positionAt(track, placeAt(timeline, 5 * 60_000));
  expect(middle.lat).toBeCloseTo(57.005, 6);
  expect(middle.heading).toBeCloseTo(0, 3);
  expect(middle.instant).toBe(track.times[0]! + 5 * 60_000);
  expect(positionAt(track, placeAt(timeline, 10.5 * 60_000)).lat).toBe(track.points[1]!.lat);
  expect(positionAt(track, placeAt(timeline, 1e12)).lat).toBe(track.points[3]!.lat);
});

test("an instant of the trip and its place in playback lead to each other", () => {
  const track = tracked([minute(0), minute(10), minute(100), minute(110)]);
  const timeline = timelineOf(track);
  for (const ms of [0, 60_000, 599_000, 640_000, 1_200_000]) {
    const { instant } = positionAt(track, placeAt(timeline, ms));
    expect(msAt(track, timeline, instant)).toBeCloseTo(ms, 0);
  }
});

test("photos are those with a picture, or with the tag that was asked for; a track without any shows its points", () => {
  const track = tracked([minute(0, { image, tags: ["sea"] }), minute(1), minute(2, { image, tags: ["sea", "sun"] })]);
  expect(photosOf(track, null).all.map(({ id }) => id)).toEqual(["p0", "p2"]);
  expect(photosOf(track, "sun").all.map(({ id }) => id)).toEqual(["p2"]);
  expect([...photosOf(track, "sun").tags]).toEqual([
    ["sea", 2],
    ["sun", 1],
  ]);
  expect(photosOf(tracked([minute(0), minute(1)]), null).all.length).toBe(2);
});

test("one steps from photo to photo, also from a point between them, and ends at the first and the last", () => {
  const [a, b, c] = [minute(0), minute(10), minute(20)];
  const photos = [a!, b!, c!];
  expect(neighbour(photos, b!, 1)?.id).toBe("p20");
  expect(neighbour(photos, a!, -1)).toBeUndefined();
  expect(neighbour(photos, c!, 1)).toBeUndefined();
  expect(neighbour(photos, minute(5), 1)?.id).toBe("p10");
  expect(neighbour(photos, minute(5), -1)?.id).toBe("p0");
  expect(placeAmong([a!, minute(10, { id: "x" }), b!], b!)).toBe(2);
});
