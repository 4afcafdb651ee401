import { expect, test } from "vitest";
import { parseMessage, parsePoint, parsePoints } from "./points.ts";
import { aPoint } from "./testing/points.ts";

const point = aPoint({
  id: "a",
  seq: 7,
  image: { key: "photos/ab/cd.jpg", width: 4, height: 3, bytes: 9 },
  tags: ["x"],
});

test("a point of the api comes through as it is, without fields that this page does not know", () => {
  expect(parsePoint({ ...point, later: true })).toEqual(point);
});

test("what is not a point is none", () => {
  for (const wrong of [
    null,
    [],
    {},
    { ...point, lat: 91 },
    { ...point, takenAt: "soon" },
    { ...point, seq: "7" },
    { ...point, id: 1 },
  ]) {
    expect(parsePoint(wrong)).toBeNull();
  }
});

test("a point without picture, elevation or exposure is still one", () => {
  const { image, elevation, exposure, tags, ...rest } = point;
  expect(parsePoint(rest)).toMatchObject({ image: null, elevation: null, exposure: { iso: null }, tags: [] });
  expect([image, elevation, exposure, tags]).toHaveLength(4);
});

test("points that cannot be read are left out; an answer of another shape is none", () => {
  expect(parsePoints({ points: [point, { id: 3 }], seq: 9 })).toEqual({ points: [point], seq: 9 });
  expect(parsePoints({ error: { code: "x", message: "y" } })).toBeNull();
});

test("live messages are read by their type; unknown and broken ones are passed over", () => {
  expect(parseMessage(JSON.stringify({ type: "hello", seq: 3, viewers: 2 }))).toEqual({
    type: "hello",
    seq: 3,
    viewers: 2,
  });
  expect(parseMessage(JSON.stringify({ type: "point", seq: 7, point }))).toEqual({ type: "point", seq: 7, point });
  expect(parseMessage(JSON.stringify({ type: "deletion", seq: 8, id: "a" }))).toEqual({
    type: "deletion",
    seq: 8,
    id: "a",
  });
  expect(parseMessage(JSON.stringify({ type: "viewers", count: 3 }))).toEqual({ type: "viewers", count: 3 });
  expect(parseMessage('{"type":"pong"}')).toEqual({ type: "pong" });
  for (const text of ["", "{", "null", '{"type":"point","seq":1}', '{"type":"weather","seq":1}'])
    expect(parseMessage(text)).toBeNull();
});
