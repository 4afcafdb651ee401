import { expect, test } from "vitest";
import type { Photo } from "#lib/schemas/trips/v1/photo.ts";
import type { Trip } from "#lib/schemas/trips/v1/trip.ts";
import { localDayOf } from "./local-day.ts";
import { findPoints } from "./points.ts";
import { createReader } from "./reader.ts";
import { createTripStore } from "./store.ts";
import { photoOf } from "./testing/points.ts";
import { OWNER_VIEW, publicView, type View } from "./view.ts";

const NOW = Date.parse("2026-06-01T00:00:00Z");

/** A store that is filled point by point; positions are given in metres north of Inverness. */
function world(now = NOW) {
  const store = createTripStore();
  const reader = createReader(store, () => now);
  const add = (id: string, takenAt: string, more: Partial<Photo> & { meters?: number } = {}) => {
    const { meters = 0, ...rest } = more;
    const place = { lat: Math.round((57.4 + meters / 111_195) * 1e5) / 1e5, lng: -4.2, elevation: null };
    const photo = { ...photoOf(1), ...place, id, takenAt, speedMps: undefined, dop: undefined, image: null, ...rest };
    store.apply({ kind: "photo", seq: store.seq + 1, photo: photo as Photo });
  };
  const define = (trip: Trip) => store.apply({ kind: "trip", seq: store.seq + 1, trip });
  const remove = (id: string) => store.apply({ kind: "deletion", seq: store.seq + 1, id });
  const ids = (view: View = OWNER_VIEW, query = {}) => {
    const page = findPoints(reader, view, { noise: false, photosOnly: false, ...query });
    return [...page.texts()].map((text) => (JSON.parse(text) as { id: string }).id);
  };
  const tripIds = () => reader.trips(OWNER_VIEW).map(({ detail }) => detail.reply.trip.id);
  const trip = (id: string, view = OWNER_VIEW) => reader.trip(view, id)!.detail.reply;
  return { store, reader, add, define, remove, ids, tripIds, trip };
}

test("points are trips of their own where the pause between them is longer than 72 hours", () => {
  const { add, tripIds } = world();
  add("a", "2026-05-01T10:00:00Z");
  add("b", "2026-05-04T10:00:00Z");
  add("c", "2026-05-07T10:00:01Z");
  expect(tripIds()).toEqual(["auto-2026-05-07", "auto-2026-05-01"]);
  add("between", "2026-05-06T10:00:00Z");
  expect(tripIds()).toEqual(["auto-2026-05-01"]);
});

test("a deletion divides an automatic trip again", () => {
  const { add, remove, tripIds } = world();
  for (const [index, day] of ["01", "03", "05"].entries()) add(`p${index}`, `2026-05-${day}T10:00:00Z`);
  expect(tripIds()).toHaveLength(1);
  remove("p1");
  expect(tripIds()).toHaveLength(2);
});

test("a point belongs to the trip it names, else to the first whose window and cameras fit, else to an automatic one", () => {
  const { add, define, trip, tripIds } = world();
  const window = { from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" };
  define({ id: "wide", title: "Wide", from: "2026-04-30T00:00:00Z", to: null, cameras: ["dash"] });
  define({ id: "b", title: "B", ...window });
  define({ id: "a", title: "A", ...window });
  add("1", "2026-05-01T10:00:00Z", { camera: "dash" });
  add("2", "2026-05-01T11:00:00Z");
  add("3", "2026-05-01T12:00:00Z", { camera: "dash", trip: "named" });
  add("4", "2026-05-03T12:00:00Z");
  expect(["wide", "a", "b", "named"].map((id) => trip(id).trip.points)).toEqual([1, 1, 0, 1]);
  expect(trip("a").trip).toMatchObject({ title: "A", automatic: false });
  expect(trip("auto-2026-05-03").trip).toMatchObject({ title: "3 May 2026", automatic: true, points: 1 });
  define({ id: "a", title: "A", ...window, deleted: true });
  expect(trip("b").trip.points).toBe(1);
  expect(tripIds()).not.toContain("a");
});

test("days are those of the place: a night drive changes the date at local midnight", () => {
  const { add, trip } = world();
  add("a", "2026-05-01T22:30:00Z");
  add("b", "2026-05-01T22:50:00Z", { meters: 10_000 });
  add("c", "2026-05-01T23:10:00Z", { meters: 20_000 });
  const { days, trip: summary } = trip("auto-2026-05-01");
  expect(days).toMatchObject([
    { date: "2026-05-01", zone: "Europe/London", offsetMinutes: 60, points: 2, firstId: "a", lastId: "b" },
    { date: "2026-05-02", zone: "Europe/London", points: 1, firstId: "c" },
  ]);
  expect(summary.stats.meters).toBeCloseTo(20_000, -2);
  expect(days[0]!.stats.meters).toBeCloseTo(10_000, -2);
});

test("a local day has 23, 24 or 25 hours", () => {
  const hours = (instant: string) =>
    (localDayOf(Date.parse(instant), 51.5, 0).endsAt - Date.parse(instant)) / 3_600_000;
  expect(hours("2026-03-29T00:00:00Z")).toBe(23);
  expect(hours("2026-05-31T23:00:00Z")).toBe(24);
  expect(hours("2026-10-24T23:00:00Z")).toBe(25);
  expect(localDayOf(Date.parse("2026-05-01T12:00:00Z"), 27.7, 85.3)).toMatchObject({ offsetMinutes: 345 });
  expect(localDayOf(Date.parse("2026-05-01T08:00:00Z"), 30, -140)).toMatchObject({
    date: "2026-04-30",
    offsetMinutes: -540,
  });
});

test("who travels west over midnight goes on with his day", () => {
  const { add, trip } = world();
  add("a", "2026-05-01T20:00:00Z", { lat: 52.2, lng: 21 });
  add("b", "2026-05-01T22:05:00Z", { lat: 51.5, lng: -0.1 });
  add("c", "2026-05-01T23:05:00Z", { lat: 51.5, lng: -0.1 });
  expect(trip("auto-2026-05-01").days.map(({ date, points }) => [date, points])).toEqual([
    ["2026-05-01", 2],
    ["2026-05-02", 1],
  ]);
});

test("noise is left out, counted, and shown with the filter off; what is asked for by sequence is whole", () => {
  const { add, ids, trip, reader } = world();
  add("a", "2026-05-01T10:00:00Z");
  add("far", "2026-05-01T10:00:30Z", { meters: 100_000 });
  add("b", "2026-05-01T10:01:00Z", { meters: 500 });
  add("vague", "2026-05-01T10:02:00Z", { meters: 1_000, accuracyM: 900 });
  add("c", "2026-05-01T10:03:00Z", { meters: 2_000 });
  add("old", "1970-01-02T00:00:00Z");
  expect(trip("auto-2026-05-01").trip.stats).toMatchObject({ filtered: { jump: 1, accuracy: 1, clock: 0 } });
  expect(ids()).toEqual(["a", "b", "c"]);
  expect(ids(OWNER_VIEW, { noise: true })).toEqual(["old", "a", "far", "b", "vague", "c"]);
  const page = findPoints(reader, OWNER_VIEW, { after: 1, noise: false, photosOnly: false });
  const noise = [...page.texts()].map((text) => JSON.parse(text)).map((point) => [point.id, point.noise]);
  expect(noise).toEqual([
    ["old", ["clock"]],
    ["far", ["jump"]],
    ["b", undefined],
    ["vague", ["accuracy"]],
    ["c", undefined],
  ]);
  expect(reader.trips(OWNER_VIEW)).toHaveLength(1);
});

test("over a gap nobody knows the way: it is told and counts for nothing", () => {
  const { add, trip } = world();
  add("a", "2026-05-01T10:00:00Z");
  add("b", "2026-05-01T10:01:00Z", { meters: 1_000 });
  add("c", "2026-05-01T12:00:00Z", { meters: 40_000 });
  const { gaps, trip: summary } = trip("auto-2026-05-01");
  expect(gaps).toMatchObject([{ fromId: "b", toId: "c", ms: 119 * 60_000 }]);
  expect(summary.stats.meters).toBeCloseTo(1_000, -1);
});

test("a box over the antimeridian is the narrow one", () => {
  const { add, trip } = world();
  add("a", "2026-05-01T10:00:00Z", { lat: -17, lng: 179.5 });
  add("b", "2026-05-01T18:00:00Z", { lat: -17.5, lng: -179.5 });
  expect(trip("auto-2026-05-01").trip.bbox).toEqual([179.5, -17.5, -179.5, -17]);
});

test("a box west of Greenwich stays there, whatever rounding does", () => {
  const { add, trip } = world();
  add("a", "2026-05-01T10:00:00Z", { lat: 57.45, lng: -5.86293 });
  add("b", "2026-05-01T18:00:00Z", { lat: 57.61, lng: -4.24144 });
  expect(trip("auto-2026-05-01").trip.bbox).toEqual([-5.86293, 57.45, -4.24144, 57.61]);
});

test("what lies in a privacy zone is in nothing that others see", () => {
  const { add, store, ids, trip, reader } = world();
  add("home", "2026-05-01T10:00:00Z", { image: photoOf(1).image });
  add("a", "2026-05-01T10:10:00Z", { meters: 5_000 });
  add("b", "2026-05-01T10:20:00Z", { meters: 9_000 });
  const settings = { zones: [{ lat: 57.4, lng: -4.2, radiusM: 500 }], delayS: 0 };
  store.apply({ kind: "settings", seq: store.seq + 1, settings });
  const view = publicView(store.settings);
  expect([ids(view), ids(OWNER_VIEW)]).toEqual([
    ["a", "b"],
    ["home", "a", "b"],
  ]);
  const seen = trip("auto-2026-05-01", view);
  expect([seen.trip.from, seen.trip.photos, seen.trip.cover]).toEqual(["2026-05-01T10:10:00.000Z", 0, null]);
  expect(seen.trip.bbox![1]).toBeGreaterThan(57.44);
  expect(seen.trip.stats.meters).toBeCloseTo(4_000, -2);
  expect(reader.sees(view, store.table.find("home"))).toBe("never");
});

test("a point that is held back is not passed over: the sequence stays before it until it is shown", () => {
  let now = Date.parse("2026-05-01T10:10:00Z");
  const store = createTripStore();
  const reader = createReader(store, () => now);
  const photo = (id: string, takenAt: string) => ({ ...photoOf(1), id, takenAt });
  store.apply({ kind: "photo", seq: 1, photo: photo("a", "2026-05-01T10:00:00Z") });
  store.apply({ kind: "photo", seq: 2, photo: photo("b", "2026-05-01T10:09:00Z") });
  store.apply({ kind: "photo", seq: 3, photo: photo("late", "2026-05-01T09:50:00Z") });
  const view = { ...OWNER_VIEW, key: "held", delayMs: 300_000 };
  const page = (after?: number) => {
    const { texts, seq } = findPoints(reader, view, { after, noise: false, photosOnly: false }, now);
    return [[...texts()].map((text) => (JSON.parse(text) as { id: string }).id), seq];
  };
  expect(page()).toEqual([["late", "a"], 1]);
  now += 300_000;
  expect(page(1)).toEqual([["late", "b"], 3]);
});
