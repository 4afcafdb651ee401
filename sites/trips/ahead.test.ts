import { expect, test } from "vitest";
import { ahead } from "./ahead.ts";
import { replyOf } from "./testing/figures.ts";
import { aPoint } from "./testing/points.ts";
import { trackOf } from "./track.ts";

const image = { key: "photos/aa/aa.jpg", width: 4, height: 3, bytes: 1 };
const at = (minute: number, lat: number, seq: number, day = "2026-05-01") =>
  aPoint({
    id: `p${seq}`,
    seq,
    takenAt: `${day}T12:${String(minute).padStart(2, "0")}:00.000Z`,
    lat,
    image: seq % 2 === 0 ? image : null,
  });
const known = [at(0, 57.5, 1), at(1, 57.51, 2)];
const reply = replyOf("t", "T", known, 2);
const seen = (...more: ReturnType<typeof at>[]) => ahead(reply, trackOf([...known, ...more], reply.days));

test("what the server has counted already is left as it said it", () => {
  expect(seen()).toBe(reply);
});

test("points that arrived since are added to counts, distance and times, of the trip and of its last day", () => {
  const more = [at(2, 57.52, 3), at(3, 57.53, 4)];
  const { trip, days } = seen(...more);
  const whole = replyOf("t", "T", [...known, ...more], 4);
  expect(trip).toMatchObject({ points: 4, photos: 2, to: more[1]!.takenAt });
  for (const one of [trip, days[0]!]) {
    expect(one.stats.meters).toBeCloseTo(whole.trip.stats.meters, 6);
    expect(one.stats.movingMs).toBe(180_000);
    expect(one.points).toBe(4);
  }
});

test("time in which the camera stands is not time of moving", () => {
  const { stats } = seen(at(9, 57.51, 3)).trip;
  expect([stats.movingMs, stats.stoppedMs]).toEqual([60_000, 480_000]);
});

test("a gap adds neither distance nor time", () => {
  const { stats, points } = seen(at(59, 57.9, 3)).trip;
  expect(stats.meters).toBeCloseTo(reply.trip.stats.meters, 6);
  expect([points, stats.movingMs]).toEqual([3, 60_000]);
});

test("a point that comes late, between others, waits for the server", () => {
  expect(ahead(reply, trackOf([known[0]!, at(0, 57.505, 3), known[1]!], reply.days))).toBe(reply);
});

test("a day that the server does not know yet is not counted to the one before", () => {
  const { trip, days } = seen(at(0, 57.52, 3, "2026-05-02"));
  expect(trip.points).toBe(3);
  expect(days).toBe(reply.days);
});
