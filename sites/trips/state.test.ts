import { expect, test } from "vitest";
import type { LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import { initialState, neighbour, reduce, type TripState } from "./state.ts";
import { aPoint } from "./testing/points.ts";

const at = (id: string, second: number, seq: number) =>
  aPoint({ id, seq, takenAt: `2026-05-01T12:00:${String(second).padStart(2, "0")}Z` });
const ids = ({ points }: TripState) => points.map(({ id }) => id).join("");
const fold = (state: TripState, ...messages: LiveMessage[]) =>
  messages.reduce((now, message) => reduce(now, { type: "message", message }), state);
const loaded = reduce(initialState, {
  type: "loaded",
  points: [at("c", 30, 3), at("a", 10, 1), at("b", 20, 2)],
  seq: 3,
});

test("loaded photos stand in the order in which they were taken", () => {
  expect(ids(loaded)).toBe("abc");
  expect(loaded).toMatchObject({ loaded: true, seq: 3, arrived: null });
});

test("instants are compared as times: one without a fraction is before the same second with one", () => {
  const points = [
    aPoint({ id: "late", takenAt: "2026-05-01T12:00:00.5Z" }),
    aPoint({ id: "early", takenAt: "2026-05-01T12:00:00Z" }),
  ];
  expect(reduce(initialState, { type: "loaded", points, seq: 2 }).points[0]!.id).toBe("early");
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
  expect(ids(reduce(gone, { type: "loaded", points: [at("a", 10, 1), at("b", 20, 2)], seq: 6 }))).toBe("a");
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

test("neighbours in time end at the first and the last photo", () => {
  expect(neighbour(loaded, "b", 1)?.id).toBe("c");
  expect(neighbour(loaded, "a", -1)).toBeUndefined();
  expect(neighbour(loaded, "c", 1)).toBeUndefined();
  expect(neighbour(loaded, "nobody", 1)).toBeUndefined();
});

test("folding a stream from the start and loading it give the same trip", () => {
  const messages: LiveMessage[] = [
    { type: "point", seq: 1, point: at("a", 10, 1) },
    { type: "point", seq: 2, point: at("x", 5, 2) },
    { type: "point", seq: 3, point: at("b", 20, 3) },
    { type: "deletion", seq: 4, id: "x" },
  ];
  const direct = reduce(initialState, { type: "loaded", points: [at("a", 10, 1), at("b", 20, 3)], seq: 4 });
  const folded = fold(initialState, ...messages);
  expect([folded.points, folded.seq]).toEqual([direct.points, direct.seq]);
});
