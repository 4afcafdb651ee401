import type { Change } from "#lib/schemas/trips/v1/live.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import { changeOf, type TripEvent } from "./fold.ts";

/** All points of all trips in memory: what the stream says up to `seq`. */
export interface TripStore {
  /** The last sequence that was folded; 0 before the first. */
  readonly seq: number;
  /** Folds an event in; returns whether anything changed. Sequences must grow. */
  apply(event: TripEvent): boolean;
  /** Marks a sequence as seen although it held no readable event. */
  skip(seq: number): void;
  /**
   * The points after a sequence, by `takenAt`. With a limit, those with the lowest sequences,
   * and `seq` is then the last of them: ask again with it for the next page.
   */
  points(afterSeq: number, limit?: number): { points: Point[]; seq: number };
  point(id: string): Point | null;
  /** Changes after a sequence in order, at most so many; what was replaced since is left out. */
  changesAfter(seq: number, limit: number): Change[];
  stats(): { points: number; firstAt: string | null; lastAt: string | null };
}

/** Makes an empty store. */
export function createTripStore(): TripStore {
  const points = new Map<string, Point>();
  const tombstones = new Map<string, number>();
  let log: { seq: number; id: string }[] = [];
  let seq = 0;

  const current = (entry: { seq: number; id: string }): Change | null => {
    const point = points.get(entry.id);
    if (point?.seq === entry.seq) return { type: "point", seq: entry.seq, point };
    return tombstones.get(entry.id) === entry.seq ? { type: "deletion", ...entry } : null;
  };
  const advance = (to: number) => {
    if (to <= seq) throw new Error(`The stream went back from sequence ${seq} to ${to}; sequences must grow.`);
    seq = to;
  };

  return {
    get seq() {
      return seq;
    },
    apply(event) {
      advance(event.seq);
      const id = event.kind === "photo" ? event.photo.id : event.id;
      const change = changeOf(event, tombstones.has(id));
      if (!change) return false;
      if (change.type === "point") {
        points.set(id, change.point);
      } else {
        points.delete(id);
        tombstones.set(id, change.seq);
      }
      log.push({ seq: change.seq, id });
      if (log.length > 1000 + 2 * (points.size + tombstones.size)) log = log.filter(current);
      return true;
    },
    skip: advance,
    points(afterSeq, limit = Infinity) {
      const found = [...points.values()].filter((point) => point.seq > afterSeq);
      if (found.length <= limit) return { points: found.sort(byTime), seq };
      const page = found.sort((a, b) => a.seq - b.seq).slice(0, limit);
      const last = page.at(-1)!.seq;
      return { points: page.sort(byTime), seq: last };
    },
    point: (id) => points.get(id) ?? null,
    changesAfter(after, limit) {
      const changes: Change[] = [];
      for (let index = firstAfter(log, after); index < log.length && changes.length < limit; index++) {
        const change = current(log[index]!);
        if (change) changes.push(change);
      }
      return changes;
    },
    stats() {
      let firstAt: string | null = null;
      let lastAt: string | null = null;
      for (const { takenAt } of points.values()) {
        if (firstAt === null || takenAt < firstAt) firstAt = takenAt;
        if (lastAt === null || takenAt > lastAt) lastAt = takenAt;
      }
      return { points: points.size, firstAt, lastAt };
    },
  };
}

function byTime(a: Point, b: Point): number {
  return Date.parse(a.takenAt) - Date.parse(b.takenAt) || a.seq - b.seq;
}

function firstAfter(log: readonly { seq: number }[], seq: number): number {
  let [low, high] = [0, log.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log[middle]!.seq > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}
