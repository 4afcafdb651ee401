import { expect, test } from "vitest";
import { parseDigest, parseStats, parseTrip, parseTrips } from "./answers.ts";
import { replyOf, summaryOf } from "./testing/figures.ts";
import { aPoint } from "./testing/points.ts";

const points = [aPoint({ id: "a" }), aPoint({ id: "b", takenAt: "2026-05-01T12:10:00Z", lat: 57.51 })];
const trip = replyOf("t", "Coast", points, 7);

test("a trip and a list of trips are read as the server sends them", () => {
  expect(parseTrip(JSON.parse(JSON.stringify(trip)))).toEqual(trip);
  const trips = [summaryOf("t", "Coast", points), summaryOf("e", "Empty", [])];
  expect(parseTrips({ trips, seq: 7 })).toEqual({ trips, seq: 7 });
});

test("anything else is refused as a whole: half a trip would show wrong figures", () => {
  for (const wrong of [null, [], "x", {}, { trips: [{ id: "t" }], seq: 1 }]) expect(parseTrips(wrong)).toBeNull();
  for (const wrong of [null, { ...trip, seq: -1 }, { ...trip, days: [{ date: "x" }] }, { ...trip, stops: [1] }])
    expect(parseTrip(wrong)).toBeNull();
});

test("fingerprints and the service's state are read, or refused", () => {
  const digest = { seq: 3, sha256: "ab" };
  expect(parseDigest(digest)).toEqual(digest);
  expect(parseStats({ points: 2, seq: 3, unreadable: 1, digest, viewers: 1 })).toEqual({
    points: 2,
    seq: 3,
    unreadable: 1,
    digest,
  });
  expect([parseDigest({ seq: "3", sha256: "ab" }), parseStats({ points: 2, seq: 3, digest })]).toEqual([null, null]);
});
