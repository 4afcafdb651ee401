import { type Detail, detailOf } from "./detail.ts";
import { createLru } from "./lru.ts";
import { type Assigned, createPartition, type Partition } from "./partition.ts";
import type { TripStore } from "./store.ts";
import { admits, showsAll, shownUntil, type View } from "./view.ts";

/** A detail together with the sequence that it goes up to and a name that changes when it does. */
export interface Worked {
  readonly detail: Detail;
  readonly seq: number;
  readonly version: string;
}

/** What a store says to somebody: everything that depends on what he may see. */
export interface Reader {
  readonly store: TripStore;
  readonly partition: Partition;
  /**
   * The trips of which the view shows anything (the owner sees empty ones too), the newest first. Automatic trips that
   * are nothing but noise are no trips, unless they are asked for.
   */
  trips(view: View, noisy?: boolean): Worked[];
  /** A trip, worked out; null when the view shows nothing of it. */
  trip(view: View, id: string): Worked | null;
  /** Whether a point may be seen: now, later (it is held back by the delay), or never. */
  sees(view: View, row: number): "now" | "later" | "never";
}

/** How many details are kept. */
const KEPT = 64;
/** What took longer than this to work out, in milliseconds, is not worked out anew for every new point. */
const CHEAP_MS = 50;
/** It is kept for so many times as long as it took: no more than a twentieth of the time goes into it. */
const PATIENCE = 20;

/** Makes the reader of a store. What it works out is kept until the trip changes. */
export function createReader(store: TripStore, now: () => number = Date.now): Reader {
  const partition = createPartition(store);
  const details = createLru<string, Worked & { at: number; tookMs: number }>(KEPT);

  const rowsOf = (view: View, trip: Assigned, until: number): Int32Array => {
    if (view.trip !== null && view.trip !== trip.id) return new Int32Array(0);
    if (view.from === null && view.to === null && view.delayMs === 0 && view.zones.length === 0) return trip.rows;
    const { time } = store.table.columns;
    return trip.rows.filter((row) => time[row]! <= until && admits(view, store.table, row));
  };
  const work = (view: View, trip: Assigned): Worked | null => {
    const key = `${view.key}|${trip.id}`;
    const until = shownUntil(view, now());
    const version = `${view.key}|${trip.id}|${trip.version}|${until}`;
    const known = details.get(key);
    if (known?.version === version) return { ...known, seq: store.seq };
    if (known && known.tookMs > CHEAP_MS && now() - known.at < known.tookMs * PATIENCE) return known;
    const rows = rowsOf(view, trip, until);
    if (rows.length === 0 && (view.key !== "owner" || trip.definition === null)) return null;
    const start = performance.now();
    const detail = detailOf(store.table, trip, rows, now());
    const worked = { detail, seq: store.seq, version, at: now(), tookMs: performance.now() - start };
    details.set(key, worked);
    return worked;
  };

  return {
    store,
    partition,
    trips(view, noisy = false) {
      const found = partition.trips().flatMap((trip) => work(view, trip) ?? []);
      const isTrip = ({ detail }: Worked) => noisy || detail.good.length > 0 || !detail.reply.trip.automatic;
      const from = ({ detail }: Worked) => detail.reply.trip.from ?? "";
      return found.filter(isTrip).sort((a, b) => (from(a) < from(b) ? 1 : -1));
    },
    trip(view, id) {
      const trip = partition.trip(id);
      return trip && work(view, trip);
    },
    sees(view, row) {
      if (showsAll(view)) return "now";
      if (view.trip !== null && partition.tripOf(row) !== view.trip) return "never";
      if (!admits(view, store.table, row)) return "never";
      const time = store.table.columns.time[row]!;
      return time <= shownUntil(view, now()) ? "now" : "later";
    },
  };
}
