import { reasonsOf } from "#lib/tracks/figures/noise.ts";
import type { Reader } from "./reader.ts";
import { shownUntil, type View } from "./view.ts";

/** Which points are asked for. */
export interface PointsQuery {
  /** Only those of this trip, and of this local day of it. */
  readonly trip?: string | undefined;
  readonly day?: string | undefined;
  /** Only what came after this sequence. What comes so is complete: noise is marked in it, and not left out. */
  readonly after?: number | undefined;
  /** At most so many, those with the lowest sequences. */
  readonly limit?: number | undefined;
  readonly noise: boolean;
  readonly photosOnly: boolean;
}

/** The points that were asked for, as canonical JSON each, and the sequence that they go up to. */
export interface Page {
  readonly count: number;
  readonly seq: number;
  texts(): Iterable<string>;
}

/**
 * The last sequence up to which a view has been shown everything: what it holds back for a while is not passed over, so
 * that whoever resumes there gets it later. A point from the future (a wrong clock) holds up nobody.
 */
export function frontier({ store }: Reader, view: View, now: number = Date.now()): number {
  if (view.delayMs === 0) return store.seq;
  const rows = store.rows();
  const until = shownUntil(view, now);
  const { time, seq } = store.table.columns;
  let first = store.seq + 1;
  for (let index = rows.length - 1; index >= 0 && time[rows[index]!]! > until; index--) {
    if (time[rows[index]!]! <= now) first = Math.min(first, seq[rows[index]!]!);
  }
  return first - 1;
}

/** Finds points. */
export function findPoints(reader: Reader, view: View, query: PointsQuery, now: number = Date.now()): Page {
  const { table } = reader.store;
  const { seq: seqs, photo } = table.columns;
  const found = query.after ? foundAfter(reader, view, query.after, query.trip) : foundAll(reader, view, query);
  const wanted = found.rows.filter(
    (row) =>
      table.alive(row) &&
      (query.noise || query.after || !found.noise.has(row)) &&
      (!query.photosOnly || photo[row] === 1),
  );
  let seq = Math.min(found.seq, frontier(reader, view, now));
  let rows: Int32Array = wanted;
  if (query.limit !== undefined && wanted.length > query.limit) {
    rows = wanted.toSorted((a, b) => seqs[a]! - seqs[b]!).slice(0, query.limit);
    seq = Math.min(seq, seqs[rows.at(-1)!]!);
  }
  rows = rows === found.rows || rows === wanted ? rows : byTime(reader, rows);
  return { count: rows.length, seq, texts: () => textsOf(reader, rows, found.noise) };
}

interface Found {
  readonly rows: Int32Array;
  readonly noise: ReadonlyMap<number, number>;
  readonly seq: number;
}

function foundAll(reader: Reader, view: View, { trip: id, day: date }: PointsQuery): Found {
  const { time } = reader.store.table.columns;
  const noise = new Map<number, number>();
  const chosen: Int32Array[] = [];
  let seq = reader.store.seq;
  const trips = id === undefined ? reader.trips(view, true) : [reader.trip(view, id)];
  for (const worked of trips) {
    if (!worked) continue;
    const { detail } = worked;
    seq = Math.min(seq, worked.seq);
    detail.noise.forEach((bits, index) => bits > 0 && noise.set(detail.rows[index]!, bits));
    const range = detail.ranges[detail.reply.days.findIndex((day) => day.date === date)];
    if (date === undefined) chosen.push(detail.rows);
    if (date === undefined || !range) continue;
    const [from, to] = [time[detail.good[range.first]!]!, time[detail.good[range.last]!]!];
    chosen.push(detail.rows.filter((row) => time[row]! >= from && time[row]! <= to));
  }
  return { rows: chosen.length === 1 ? chosen[0]! : byTime(reader, joined(chosen)), noise, seq };
}

function foundAfter(reader: Reader, view: View, after: number, trip: string | undefined): Found {
  const { store, partition } = reader;
  const rows: number[] = [];
  for (const entry of store.entriesAfter(after)) {
    if (entry.kind !== "point" || reader.sees(view, entry.row) !== "now") continue;
    if (trip === undefined || partition.tripOf(entry.row) === trip) rows.push(entry.row);
  }
  const noise = new Map<number, number>();
  for (const id of new Set(rows.map((row) => partition.tripOf(row)))) {
    const detail = reader.trip(view, id)?.detail;
    detail?.noise.forEach((bits, index) => bits > 0 && noise.set(detail.rows[index]!, bits));
  }
  return { rows: byTime(reader, Int32Array.from(rows)), noise, seq: store.seq };
}

function joined(arrays: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

function byTime({ store }: Reader, rows: Int32Array): Int32Array {
  const { time, seq } = store.table.columns;
  return rows.toSorted((a, b) => time[a]! - time[b]! || seq[a]! - seq[b]!);
}

function* textsOf(reader: Reader, rows: Int32Array, noise: ReadonlyMap<number, number>): Generator<string> {
  const held = reader.store.table.bodies.hold();
  const fields = new Map<string, string>();
  const trips = Array.from(rows, (row) => {
    if (reader.store.table.columns.trip[row] !== 0) return "";
    const id = reader.partition.tripOf(row);
    let field = fields.get(id);
    if (field === undefined) fields.set(id, (field = tripText(reader, row)));
    return field;
  });
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    yield withTrip(held.text(row), trips[index]!, noise.get(row) ?? 0);
  }
}

/** A point as it is sent: its canonical text, the trip it is counted to, and the number of noise.ts that tells why it is noise. */
export function pointText(reader: Reader, row: number, noise = 0): string {
  return withTrip(reader.store.table.bodies.text(row), tripText(reader, row), noise);
}

/** The field that says the trip; nothing where the event itself names it. */
function tripText({ store, partition }: Reader, row: number): string {
  return store.table.columns.trip[row] === 0 ? `,"trip":${JSON.stringify(partition.tripOf(row))}` : "";
}

function withTrip(text: string, trip: string, noise: number): string {
  return `${text.slice(0, -1)}${trip}${noise === 0 ? "" : `,"noise":${JSON.stringify(reasonsOf(noise))}`}}`;
}
