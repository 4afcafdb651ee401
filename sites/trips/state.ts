import type { Digest } from "#lib/schemas/trips/v1/api.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";
import type { TripReply, TripSummary } from "#lib/schemas/trips/v1/summary.ts";
import type { Heard } from "./points.ts";

/** What the page knows of the trips, and of the one that it shows. */
export interface TripState {
  /** The newest first. */
  readonly trips: readonly TripSummary[];
  /** The trip that is shown; null while nothing is loaded and while there is none. */
  readonly detail: TripReply | null;
  /** The day that the points are of, where a trip has too many points to hold them all; else null. */
  readonly only: string | null;
  /** By the instant they were taken; of equal instants, by id. */
  readonly points: readonly Point[];
  readonly byId: ReadonlyMap<string, Point>;
  /** Tombstones: ids that stay deleted. */
  readonly deleted: ReadonlySet<string>;
  /** The last sequence of the stream that is folded in here. */
  readonly seq: number;
  /** Null until the server said so. */
  readonly viewers: number | null;
  readonly digest: Digest | null;
  readonly loaded: boolean;
  /** The photo that arrived last over the live connection; null before one did. */
  readonly arrived: Point | null;
  /** Raised with every frame that brought changes, also of other trips: days and figures are to be asked for again. */
  readonly changes: number;
  /** Raised with every frame that said something of other trips: the list of trips is to be asked for again, too. */
  readonly elsewhere: number;
}

/** What may happen to it. */
export type TripAction =
  | {
      readonly type: "loaded";
      readonly trips: readonly TripSummary[];
      readonly detail: TripReply | null;
      readonly only: string | null;
      readonly points: readonly Point[];
      readonly seq: number;
    }
  | {
      readonly type: "refreshed";
      /** Null where only the trip that is shown was asked for. */
      readonly trips: readonly TripSummary[] | null;
      readonly detail: TripReply;
    }
  | { readonly type: "heard"; readonly messages: readonly Heard[] };

/** Before anything was loaded. */
export const initialState: TripState = {
  trips: [],
  detail: null,
  only: null,
  points: [],
  byId: new Map(),
  deleted: new Set(),
  seq: 0,
  viewers: null,
  digest: null,
  loaded: false,
  arrived: null,
  changes: 0,
  elsewhere: 0,
};

/** Instants may carry a fraction or not, so that their texts do not sort. */
function order(a: Point, b: Point): number {
  return Date.parse(a.takenAt) - Date.parse(b.takenAt) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** A batch of messages while it is folded: what it touches is copied once, however many there are. */
interface Batch {
  readonly byId: Map<string, Point>;
  readonly deleted: Set<string>;
  /** Ids whose place in the list is no longer right. */
  readonly moved: Set<string>;
  readonly added: Set<string>;
  arrived: Point | null;
}

const isOfTrip = ({ detail }: TripState, { trip }: Point): boolean =>
  detail !== null && (trip === undefined || trip === detail.trip.id);

/** Whether a new point is one of those that are shown: of this trip, and of this day where only one is loaded. */
function isShown(state: TripState, point: Point): boolean {
  const { detail, only } = state;
  if (detail === null || !isOfTrip(state, point)) return false;
  if (only === null) return true;
  const day = detail.days.find(({ date }) => date === only);
  const next = detail.days.find(({ date }) => date > only);
  return day !== undefined && point.takenAt >= day.from && (next === undefined || point.takenAt < next.from);
}

function take(state: TripState, batch: Batch, point: Point): void {
  const known = batch.byId.get(point.id);
  if (batch.deleted.has(point.id) || (known && known.seq >= point.seq)) return;
  if (!isShown(state, point)) return;
  batch.byId.set(point.id, point);
  batch.added.add(point.id);
  if (known) batch.moved.add(point.id);
  else batch.arrived = point;
}

function drop(batch: Batch, id: string): void {
  batch.deleted.add(id);
  batch.added.delete(id);
  if (batch.byId.delete(id)) batch.moved.add(id);
  if (batch.arrived?.id === id) batch.arrived = null;
}

/** The list with new points where their time puts them; points that were moved are taken out first. */
function merged(points: readonly Point[], { byId, moved, added }: Batch): readonly Point[] {
  const rest = moved.size > 0 ? points.filter(({ id }) => !moved.has(id)) : points;
  if (added.size === 0) return rest;
  const fresh = [...added].map((id) => byId.get(id)!).sort(order);
  const last = rest.at(-1);
  if (last === undefined || order(last, fresh[0]!) < 0) return [...rest, ...fresh];
  const out: Point[] = [];
  let at = 0;
  for (const point of rest) {
    while (at < fresh.length && order(fresh[at]!, point) < 0) out.push(fresh[at++]!);
    out.push(point);
  }
  return [...out, ...fresh.slice(at)];
}

function fold(state: TripState, messages: readonly Heard[]): TripState {
  const batch: Batch = {
    byId: new Map(state.byId),
    deleted: new Set(state.deleted),
    moved: new Set(),
    added: new Set(),
    arrived: state.arrived,
  };
  let { seq, viewers, digest } = state;
  let [changed, elsewhere] = [false, false];
  for (const message of messages) {
    if (message.type === "hello") viewers = message.viewers;
    else if (message.type === "viewers") viewers = message.count;
    else if (message.type === "digest") digest = { seq: message.seq, sha256: message.sha256 };
    else if (message.type !== "pong" && message.seq > seq) {
      seq = message.seq;
      changed = true;
      if (message.type === "point") elsewhere ||= !isOfTrip(state, message.point);
      else elsewhere ||= message.type !== "deletion" || !batch.byId.has(message.id);
      if (message.type === "point") take(state, batch, message.point);
      else if (message.type === "deletion") drop(batch, message.id);
    }
  }
  if (!changed) return viewers === state.viewers && digest === state.digest ? state : { ...state, viewers, digest };
  const { byId, deleted, moved, added, arrived } = batch;
  const raised = { changes: state.changes + 1, elsewhere: state.elsewhere + (elsewhere ? 1 : 0) };
  const next = { ...state, deleted, seq, viewers, digest, ...raised };
  return moved.size === 0 && added.size === 0 ? next : { ...next, points: merged(state.points, batch), byId, arrived };
}

/**
 * Folds one action in. A message whose sequence is folded in already changes nothing, so that overlaps of loading and live do no harm;
 * many messages at once cost about as much as one.
 */
export function reduce(state: TripState, action: TripAction): TripState {
  switch (action.type) {
    case "heard":
      return fold(state, action.messages);
    case "refreshed": {
      const { detail } = action;
      const trips = action.trips ?? state.trips.map((trip) => (trip.id === detail.trip.id ? detail.trip : trip));
      return { ...state, trips, detail };
    }
    case "loaded": {
      const { trips, detail, only, seq } = action;
      const points = action.points.filter((point) => !state.deleted.has(point.id)).sort(order);
      const byId = new Map(points.map((point) => [point.id, point]));
      return { ...state, trips, detail, only, points, byId, seq, loaded: true };
    }
  }
}
