import type { Trip } from "#lib/schemas/trips/v1/trip.ts";
import type { TripStore } from "./store.ts";

/** A trip with its points. */
export interface Assigned {
  readonly id: string;
  /** What somebody said of it; null for automatic trips and for ids that only points name. */
  readonly definition: Trip | null;
  /** Its points by time. */
  readonly rows: Int32Array;
  /** Changes whenever its points or its definition do. */
  readonly version: string;
}

/** Which point belongs to which trip, as the schema of the trip event says it. Follows its store. */
export interface Partition {
  trips(): readonly Assigned[];
  trip(id: string): Assigned | null;
  /** The trip of a point that is alive. */
  tripOf(row: number): string;
}

/** A longer pause than this divides automatic trips. */
export const PAUSE_MS = 72 * 3_600_000;

interface Group {
  readonly id: string;
  readonly index: number;
  rows: Int32Array;
  length: number;
  lastSeq: number;
}

interface Window {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly cameras: ReadonlySet<string> | null;
}

/** Makes the partition of a store. Points that come at the end cost nothing but themselves; other changes one pass over all. */
export function createPartition(store: TripStore): Partition {
  let groups = new Map<string, Group>();
  let byIndex: Group[] = [];
  let groupOfRow = new Int32Array(0);
  let windows: Window[] = [];
  let lastAutomatic: { time: number; group: Group } | null = null;
  let seen: { version: number; rows: Int32Array; definitions: string } = {
    version: -1,
    rows: new Int32Array(0),
    definitions: "",
  };

  const groupFor = (id: string): Group => {
    let group = groups.get(id);
    if (!group) {
      group = { id, index: byIndex.length, rows: new Int32Array(16), length: 0, lastSeq: 0 };
      groups.set(id, group);
      byIndex.push(group);
    }
    return group;
  };
  const automatic = (time: number): Group => {
    const sameTrip = lastAutomatic && time - lastAutomatic.time <= PAUSE_MS;
    const group = sameTrip ? lastAutomatic!.group : groupFor(`auto-${new Date(time).toISOString().slice(0, 10)}`);
    lastAutomatic = { time, group };
    return group;
  };
  const assign = (row: number) => {
    const { columns, names } = store.table;
    const time = columns.time[row]!;
    let group: Group | undefined;
    if (columns.trip[row] !== 0) group = groupFor(names[columns.trip[row]!]!);
    for (const { id, from, to, cameras } of group ? [] : windows) {
      if (time < from || time > to || (cameras && !cameras.has(names[columns.camera[row]!]!))) continue;
      group = groupFor(id);
      break;
    }
    group ??= automatic(time);
    if (group.length === group.rows.length) {
      const larger = new Int32Array(group.length * 2);
      larger.set(group.rows);
      group.rows = larger;
    }
    group.rows[group.length++] = row;
    group.lastSeq = Math.max(group.lastSeq, columns.seq[row]!);
    groupOfRow[row] = group.index;
  };
  const update = () => {
    if (seen.version === store.version) return;
    const rows = store.rows();
    const definitions = [...store.trips.values()].map(({ seq }) => seq).join();
    const before = seen.rows;
    const extended =
      seen.version >= 0 &&
      definitions === seen.definitions &&
      rows.buffer === before.buffer &&
      rows.length >= before.length;
    seen = { version: store.version, rows, definitions };
    if (groupOfRow.length < store.table.size) {
      const larger = new Int32Array(store.table.columns.seq.length);
      larger.set(groupOfRow);
      groupOfRow = larger;
    }
    if (!extended) {
      [groups, byIndex, lastAutomatic] = [new Map(), [], null];
      windows = windowsOf(store);
    }
    for (let index = extended ? before.length : 0; index < rows.length; index++) assign(rows[index]!);
  };
  const assigned = (id: string, group: Group | undefined): Assigned => {
    const entry = store.trips.get(id);
    const definition = entry && !entry.trip.deleted ? entry.trip : null;
    return {
      id,
      definition,
      rows: group ? group.rows.subarray(0, group.length) : new Int32Array(0),
      version: `${group?.length ?? 0}.${group?.lastSeq ?? 0}.${entry?.seq ?? 0}`,
    };
  };

  return {
    trips() {
      update();
      const ids = new Set([...windows.map(({ id }) => id), ...groups.keys()]);
      return [...ids].map((id) => assigned(id, groups.get(id)));
    },
    trip(id) {
      update();
      const group = groups.get(id);
      return group || windows.some((window) => window.id === id) ? assigned(id, group) : null;
    },
    tripOf(row) {
      update();
      return byIndex[groupOfRow[row]!]!.id;
    },
  };
}

function windowsOf(store: TripStore): Window[] {
  return [...store.trips.values()]
    .filter(({ trip }) => !trip.deleted)
    .map(({ trip }) => ({
      id: trip.id,
      from: Date.parse(trip.from),
      to: trip.to === null ? Infinity : Date.parse(trip.to),
      cameras: trip.cameras ? new Set(trip.cameras) : null,
    }))
    .sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
}
