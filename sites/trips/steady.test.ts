import { expect, test } from "vitest";
import { evenly } from "./panels/days.tsx";
import { linesOf } from "./panels/gallery.tsx";
import { waitMs } from "./refresh.ts";
import { replyOf } from "./testing/figures.ts";
import { aPoint } from "./testing/points.ts";
import { versionBeside } from "./use-trip-map.ts";

const photos = (count: number) => Array.from({ length: count }, (_, i) => aPoint({ id: `p${i}` }));
const rows = (...counts: number[]) =>
  linesOf(new Map(counts.map((count, day) => [day, photos(count)]))).flatMap((line) =>
    line.kind === "photos" ? [line.photos.map(({ id }) => id).join(" ")] : [`day ${line.index}`],
  );

test("a photo that arrives goes to the top row of its day, and no other row of the gallery changes", () => {
  expect(rows(4)).toEqual(["day 0", "p3", "p2 p1 p0"]);
  expect(rows(5)).toEqual(["day 0", "p4 p3", "p2 p1 p0"]);
  expect(rows(7)).toEqual(["day 0", "p6", "p5 p4 p3", "p2 p1 p0"]);
});

test("of days that are over, the last row is the short one", () => {
  expect(rows(4, 1)).toEqual(["day 1", "p0", "day 0", "p3 p2 p1", "p0"]);
});

test("the photos in a day's row stay there while others come", () => {
  for (let count = 1; count < 200; count++) {
    const [before, after] = [evenly(photos(count), 12), evenly(photos(count + 1), 12)];
    expect(after.length).toBeLessThanOrEqual(12);
    const kept = after.filter(({ id }) => before.some((photo) => photo.id === id));
    expect(kept.length).toBeGreaterThanOrEqual(after.length - 1);
  }
});

test("figures are asked for two seconds after a change, and then no more often than every ten", () => {
  expect(waitMs(50_000, null)).toBe(2_000);
  expect(waitMs(50_000, 48_000)).toBe(8_000);
  expect(waitMs(50_000, 10_000)).toBe(2_000);
});

test("tiles have another version when a day beside the held one changes, and the same when only that one does", () => {
  const on = (day: number, minute: number) =>
    aPoint({ id: `${day}-${minute}`, takenAt: `2026-05-0${day}T12:0${minute}:00Z` });
  const version = (...points: ReturnType<typeof on>[]) =>
    versionBeside(replyOf("t", "T", points, points.length).days, "2026-05-02");
  const before = version(on(1, 0), on(2, 0));
  expect(version(on(1, 0), on(2, 0), on(2, 1))).toBe(before);
  expect(version(on(1, 0), on(1, 1), on(2, 0))).not.toBe(before);
});
