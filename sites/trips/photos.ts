import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Track } from "./track.ts";

/** The photos of a trip, as the gallery shows them. */
export interface Photos {
  /** By time. */
  readonly all: readonly Point[];
  readonly byDay: ReadonlyMap<number, readonly Point[]>;
  /** Tags with how many photos have each, the most frequent first. */
  readonly tags: ReadonlyMap<string, number>;
}

/** The photos of a track: its points with a picture, or with a tag where one is asked for. A track without pictures shows its points. */
export function photosOf({ points, day }: Track, tag: string | null): Photos {
  const pictured = points.some(({ image }) => image !== null);
  const all: Point[] = [];
  const byDay = new Map<number, Point[]>();
  const counts = new Map<string, number>();
  points.forEach((point, i) => {
    if (pictured && point.image === null) return;
    for (const name of point.tags) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (tag !== null && !point.tags.includes(tag)) return;
    all.push(point);
    const of = byDay.get(day[i]!);
    if (of) of.push(point);
    else byDay.set(day[i]!, [point]);
  });
  return { all, byDay, tags: new Map([...counts].sort((a, b) => b[1] - a[1])) };
}

const instant = ({ takenAt }: Point): number => Date.parse(takenAt);

/** Where a point stands among photos, counted from 0; for one that is none of them, where the next later one stands. */
export function placeAmong(photos: readonly Point[], point: Point): number {
  let [low, high] = [0, photos.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instant(photos[middle]!) < instant(point)) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < photos.length && instant(photos[at]!) === instant(point); at++)
    if (photos[at]!.id === point.id) return at;
  return low;
}

/** The photo before (`-1`) or after (`1`) a point in time; undefined at the ends. */
export function neighbour(photos: readonly Point[], point: Point, step: -1 | 1): Point | undefined {
  const at = placeAmong(photos, point);
  const own = photos[at]?.id === point.id;
  return photos[step === -1 ? at - 1 : own ? at + 1 : at];
}
