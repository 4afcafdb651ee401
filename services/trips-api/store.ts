import { setImmediate as turn } from "node:timers/promises";
import type { Digest, UnreadableReply } from "#lib/schemas/trips/v1/api.ts";
import type { Change } from "#lib/schemas/trips/v1/live.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { Share } from "#lib/schemas/trips/v1/sharing.ts";
import type { Trip } from "#lib/schemas/trips/v1/trip.ts";
import { addHash, digestOf, entryHash } from "./digest.ts";
import type { TripEvent } from "./fold.ts";
import { createLog, type Entry, entriesOf } from "./log.ts";
import { createOrder } from "./order.ts";
import type { Held, Rest, StoreBase } from "./state.ts";
import { sumOfRest } from "./sums.ts";
import { createTable, type Table } from "./table.ts";

/** All points of all trips in memory: what the stream says up to `seq`. */
export interface TripStore extends Rest {
  /** When the server made the stream that this is the state of; empty until it is known. */
  incarnation: string;
  /** The last sequence that was folded; 0 before the first. */
  readonly seq: number;
  /** Grows with every change of points and trips, and with every change of settings and shares. */
  readonly version: number;
  readonly accessVersion: number;
  readonly table: Table;
  /** The rows of the points by `takenAt`, then by sequence; the array does not change. */
  rows(): Int32Array;
  /** Takes over what a snapshot holds; only an empty store can. The table is another one afterwards. */
  restore(base: StoreBase): void;
  /** Folds an event in; returns whether anything changed. Sequences must grow. */
  apply(event: TripEvent): boolean;
  /** Marks a sequence as seen although it held no readable event. */
  skip(seq: number, subject: string, reason: string): void;
  /**
   * The points after a sequence, by `takenAt`. With a limit, those with the lowest sequences,
   * and `seq` is then the last of them: ask again with it for the next page.
   */
  points(afterSeq: number, limit?: number): { points: Point[]; seq: number };
  point(id: string): Point | null;
  /** What changed after a sequence, from the oldest; what was replaced since is left out. */
  entriesAfter(seq: number): Iterable<Entry>;
  /** Changes of points after a sequence, at most so many. */
  changesAfter(seq: number, limit: number): Change[];
  stats(): { points: number; firstAt: string | null; lastAt: string | null };
  unreadable(): UnreadableReply;
  /** The digest of the state; see digest.ts. Hashes what is new since it was last asked, in turns with other work. */
  digest(): Promise<Digest>;
  /** The state as it is, together with its hashes. */
  hold(): Promise<Held>;
}

const KEPT_UNREADABLE = 100;
const ROWS_A_TURN = 1_000;

/** Makes an empty store. */
export function createTripStore(): TripStore {
  let table = createTable();
  let order = createOrder(table, 0);
  let log = createLog();
  const tombstones = new Map<string, number>();
  const trips = new Map<string, { seq: number; trip: Trip }>();
  const shares = new Map<string, { seq: number; share: Share }>();
  let settings: Rest["settings"] = null;
  let [seq, version, accessVersion] = [0, 0, 0];
  let unreadable: UnreadableReply = { total: 0, events: [] };

  let sum = 0n;
  let hashedRows = 0;
  const unhashedGraves: string[] = [];

  const advance = (to: number) => {
    if (to <= seq) throw new Error(`The stream went back from sequence ${seq} to ${to}; sequences must grow.`);
    seq = to;
  };
  const retire = (row: number) => {
    if (row < 0) return;
    if (row < hashedRows) sum = addHash(sum, -entryHash("point", table.bodies.text(row)));
    table.kill(row);
    order.killed(row);
  };
  const isCurrent = (entry: Entry) => {
    if (entry.kind === "point") return table.alive(entry.row);
    return entry.kind !== "trip" || trips.get(entry.trip.id)?.seq === entry.seq;
  };
  const hashSome = () => {
    for (let left = ROWS_A_TURN; left > 0 && hashedRows < table.size; left--, hashedRows++) {
      if (table.alive(hashedRows)) sum = addHash(sum, entryHash("point", table.bodies.text(hashedRows)));
    }
    for (let left = ROWS_A_TURN; left > 0 && unhashedGraves.length > 0; left--) {
      const id = unhashedGraves.pop()!;
      sum = addHash(sum, entryHash("deletion", `${id}:${tombstones.get(id)}`));
    }
    return hashedRows === table.size && unhashedGraves.length === 0;
  };
  const hashAll = async () => {
    while (!hashSome()) await turn();
  };

  const store: TripStore = {
    incarnation: "",
    get table() {
      return table;
    },
    tombstones,
    trips,
    shares,
    get settings() {
      return settings;
    },
    get seq() {
      return seq;
    },
    get version() {
      return version;
    },
    get accessVersion() {
      return accessVersion;
    },
    rows: () => order.rows(),
    restore(base) {
      if (seq > 0) throw new Error(`A snapshot is for an empty store; this one is at sequence ${seq}.`);
      table = createTable(base.table);
      order = createOrder(table, table.size);
      log = createLog({ seq: base.seq, entries: () => entriesOf(base) });
      for (const [id, at] of base.tombstones) tombstones.set(id, at);
      for (const [id, entry] of base.trips) trips.set(id, entry);
      for (const [id, entry] of base.shares) shares.set(id, entry);
      ({ settings, seq, sum, unreadable } = base);
      hashedRows = table.size;
      version += 1;
      accessVersion += 1;
    },
    apply(event) {
      advance(event.seq);
      switch (event.kind) {
        case "photo": {
          if (tombstones.has(event.photo.id)) return false;
          retire(table.find(event.photo.id));
          const row = table.append(event.photo, seq);
          order.added(row);
          log.push({ kind: "point", seq, row });
          break;
        }
        case "deletion":
          if (tombstones.has(event.id)) return false;
          retire(table.find(event.id));
          tombstones.set(event.id, seq);
          unhashedGraves.push(event.id);
          log.push({ kind: "deletion", seq, id: event.id });
          break;
        case "trip":
          trips.set(event.trip.id, { seq, trip: event.trip });
          log.push({ kind: "trip", seq, trip: event.trip });
          break;
        case "share":
          shares.set(event.share.id, { seq, share: event.share });
          accessVersion += 1;
          return true;
        case "settings":
          settings = { seq, settings: event.settings };
          accessVersion += 1;
          log.push({ kind: "settings", seq });
          return true;
      }
      version += 1;
      return true;
    },
    skip(to, subject, reason) {
      advance(to);
      const events = [{ seq, subject, reason }, ...unreadable.events].slice(0, KEPT_UNREADABLE);
      unreadable = { total: unreadable.total + 1, events };
    },
    points(afterSeq, limit = Infinity) {
      const { time, seq: seqs } = table.columns;
      const found: number[] = [];
      for (const entry of log.after(afterSeq)) {
        if (entry.kind === "point" && table.alive(entry.row) && found.push(entry.row) > limit) break;
      }
      const more = found.length > limit;
      if (more) found.pop();
      const last = more ? seqs[found.at(-1)!]! : seq;
      found.sort((a, b) => time[a]! - time[b]! || seqs[a]! - seqs[b]!);
      return { points: found.map((row) => table.bodies.point(row)), seq: last };
    },
    point(id) {
      const row = table.find(id);
      return row < 0 ? null : table.bodies.point(row);
    },
    *entriesAfter(after) {
      for (const entry of log.after(after)) if (isCurrent(entry)) yield entry;
    },
    changesAfter(after, limit) {
      const changes: Change[] = [];
      for (const entry of store.entriesAfter(after)) {
        if (changes.length >= limit) break;
        if (entry.kind === "point") {
          changes.push({ type: "point", seq: entry.seq, point: table.bodies.point(entry.row) });
        } else if (entry.kind === "deletion") changes.push({ type: "deletion", seq: entry.seq, id: entry.id });
      }
      return changes;
    },
    stats() {
      const rows = order.rows();
      const at = (index: number) => new Date(table.columns.time[rows[index]!]!).toISOString();
      if (rows.length === 0) return { points: 0, firstAt: null, lastAt: null };
      return { points: rows.length, firstAt: at(0), lastAt: at(rows.length - 1) };
    },
    unreadable: () => unreadable,
    async digest() {
      await hashAll();
      return { seq, sha256: digestOf(addHash(sum, sumOfRest(store))) };
    },
    async hold() {
      await hashAll();
      const { text } = table.bodies.hold();
      return {
        ...{ seq, sum, rows: order.rows(), table, text, unreadable, settings },
        tombstones: new Map(tombstones),
        trips: new Map(trips),
        shares: new Map(shares),
      };
    },
  };
  return store;
}
