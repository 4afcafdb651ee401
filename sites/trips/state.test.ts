import { expect, test } from "vitest";
import type { Heard } from "./points.ts";
import { initialState, reduce, type TripState } from "./state.ts";
import { replyOf } from "./testing/figures.ts";
import { aPoint } from "./testing/points.ts";

const at = (id: string, second: number, seq: number) =>
  aPoint({ id, seq, takenAt: `2026-05-01T12:00:${String(second).padStart(2, "0")}Z` });
const ids = ({ points }: TripState) => points.map(({ id }) => id).join("");
const fold = (state: TripState, ...messages: Heard[]) =>
  messages.reduce((now, message) => reduce(now, { type: "heard", messages: [message] }), state);
const load = (state: TripState, points: TripState["points"], seq: number, only: string | null = null) =>
  reduce(state, { type: "loaded", trips: [], detail: replyOf("t", "T", points, seq), only, points, seq });
const loaded = load(initialState, [at("c", 30, 3), at("a", 10, 1), at("b", 20, 2)], 3);

test("loaded photos stand in the order in which they were taken", () => {
  expect(ids(loaded)).toBe("abc");
  expect(loaded).toMatchObject({ loaded: true, seq: 3, arrived: null });
});

test("instants are compared as times: one without a fraction is before the same second with one", () => {
  const points = [
    aPoint({ id: "late", takenAt: "2026-05-01T12:00:00.5Z" }),
    aPoint({ id: "early", takenAt: "2026-05-01T12:00:00Z" }),
  ];
  expect(load(initialState, points, 2).points[0]!.id).toBe("early");
});

test("a new photo goes where its time puts it, also when it comes late", () => {
  const next = fold(
    loaded,
    { type: "point", seq: 4, point: at("e", 50, 4) },
    { type: "point", seq: 5, point: at("d", 25, 5) },
  );
  expect(ids(next)).toBe("abdce");
  expect(next.arrived?.id).toBe("d");
});

test("a photo that is sent again with a later sequence replaces the first and pulses no second time", () => {
  const next = fold(loaded, { type: "point", seq: 4, point: { ...at("b", 20, 4), tags: ["again"] } });
  expect(ids(next)).toBe("abc");
  expect(next.byId.get("b")?.tags).toEqual(["again"]);
  expect(next.arrived).toBeNull();
});

test("what is folded in already changes nothing", () => {
  expect(fold(loaded, { type: "point", seq: 3, point: at("z", 1, 3) })).toBe(loaded);
});

test("a deleted photo goes and stays away", () => {
  const gone = fold(loaded, { type: "deletion", seq: 4, id: "b" });
  expect(ids(gone)).toBe("ac");
  expect(ids(fold(gone, { type: "point", seq: 5, point: at("b", 20, 5) }))).toBe("ac");
  expect(ids(load(gone, [at("a", 10, 1), at("b", 20, 2)], 6))).toBe("a");
});

test("deleting a photo that was never seen only moves the sequence on", () => {
  const next = fold(loaded, { type: "deletion", seq: 9, id: "never" });
  expect(ids(next)).toBe("abc");
  expect(next.seq).toBe(9);
});

test("viewers are counted from the greeting on; an answer to a ping changes nothing", () => {
  const greeted = fold(loaded, { type: "hello", seq: 3, viewers: 2 });
  expect(greeted.viewers).toBe(2);
  expect(fold(greeted, { type: "viewers", count: 5 }).viewers).toBe(5);
  expect(fold(greeted, { type: "pong" })).toBe(greeted);
});

test("folding a stream from the start and loading it give the same trip", () => {
  const messages: Heard[] = [
    { type: "point", seq: 1, point: at("a", 10, 1) },
    { type: "point", seq: 2, point: at("x", 5, 2) },
    { type: "point", seq: 3, point: at("b", 20, 3) },
    { type: "deletion", seq: 4, id: "x" },
  ];
  const direct = load(initialState, [at("a", 10, 1), at("b", 20, 3)], 4);
  const empty = load(initialState, [], 0);
  const oneByOne = fold(empty, ...messages);
  const atOnce = reduce(empty, { type: "heard", messages });
  expect([oneByOne.points, oneByOne.seq]).toEqual([direct.points, direct.seq]);
  expect([atOnce.points, atOnce.seq, atOnce.byId, atOnce.deleted]).toEqual([
    oneByOne.points,
    oneByOne.seq,
    oneByOne.byId,
    oneByOne.deleted,
  ]);
});

test("a point of another trip is not shown, but counts as a change: the trips must be asked for again", () => {
  const next = fold(loaded, { type: "point", seq: 4, point: { ...at("z", 40, 4), trip: "other" } });
  expect(ids(next)).toBe("abc");
  expect([loaded.changes, next.changes]).toEqual([0, 1]);
  expect(next.elsewhere).toBe(1);
  expect(fold(loaded, { type: "trip", seq: 4 }).changes).toBe(1);
  expect(fold(loaded, { type: "viewers", count: 4 }, { type: "trip", seq: 3 }).changes).toBe(0);
});

test("a point of the shown trip says nothing of other trips; a trip's new name and a deletion somewhere else do", () => {
  expect(fold(loaded, { type: "point", seq: 4, point: at("d", 40, 4) }).elsewhere).toBe(0);
  expect(fold(loaded, { type: "deletion", seq: 4, id: "a" }).elsewhere).toBe(0);
  expect(fold(loaded, { type: "deletion", seq: 4, id: "never" }).elsewhere).toBe(1);
  expect(fold(loaded, { type: "trip", seq: 4 }).elsewhere).toBe(1);
});

test("new figures of the shown trip stand in the list of trips too", () => {
  const listed = { ...loaded, trips: [loaded.detail!.trip] };
  const detail = replyOf("t", "T", [at("a", 10, 1)], 4);
  const next = reduce(listed, { type: "refreshed", trips: null, detail });
  expect(next.trips.map(({ points }) => points)).toEqual([1]);
});

test("where one day of many is held, only points of that day are added", () => {
  const on = (id: string, date: string, seq: number) => aPoint({ id, seq, takenAt: `${date}T12:00:00Z` });
  const all = [on("a", "2026-05-01", 1), on("b", "2026-05-02", 2)];
  const detail = replyOf("t", "T", all, 2);
  const held = reduce(initialState, {
    type: "loaded",
    trips: [],
    detail,
    only: "2026-05-01",
    points: [all[0]!],
    seq: 2,
  });
  const next = fold(
    held,
    { type: "point", seq: 3, point: on("c", "2026-05-02", 3) },
    { type: "point", seq: 4, point: { ...on("d", "2026-05-01", 4), takenAt: "2026-05-01T13:00:00Z" } },
  );
  expect(ids(next)).toBe("ad");
});

test("many messages that come out of order in one frame end up in the order of time", () => {
  const many = Array.from({ length: 2_000 }, (_, i) =>
    aPoint({
      id: `m${i}`,
      seq: i + 1,
      takenAt: new Date(Date.UTC(2026, 4, 1) + ((i * 7919) % 2_000) * 1000).toISOString(),
    }),
  );
  const messages: Heard[] = many.map((point) => ({ type: "point", seq: point.seq, point }));
  const next = reduce(load(initialState, [], 0), { type: "heard", messages });
  expect(next.points.map(({ takenAt }) => takenAt)).toEqual(many.map(({ takenAt }) => takenAt).sort());
});
