import type { LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import type { Point } from "#lib/schemas/trips/v1/point.ts";

/** What the page knows of the trip. */
export interface TripState {
  /** By the instant they were taken; of equal instants, by id. */
  readonly points: readonly Point[];
  readonly byId: ReadonlyMap<string, Point>;
  /** Tombstones: ids that stay deleted. */
  readonly deleted: ReadonlySet<string>;
  /** The last sequence of the stream that is folded in here. */
  readonly seq: number;
  /** Null until the server said so. */
  readonly viewers: number | null;
  readonly loaded: boolean;
  /** The photo that arrived last over the live connection; null before one did. */
  readonly arrived: Point | null;
}

/** What may happen to it. */
export type TripAction =
  | { readonly type: "loaded"; readonly points: readonly Point[]; readonly seq: number }
  | { readonly type: "message"; readonly message: LiveMessage };

/** Before anything was loaded. */
export const initialState: TripState = {
  points: [],
  byId: new Map(),
  deleted: new Set(),
  seq: 0,
  viewers: null,
  loaded: false,
  arrived: null,
};

/** Instants may carry a fraction or not, so that their texts do not sort. */
function order(a: Point, b: Point): number {
  return Date.parse(a.takenAt) - Date.parse(b.takenAt) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function insert(points: readonly Point[], point: Point): Point[] {
  let [low, high] = [0, points.length];
  if (high > 0 && order(points[high - 1]!, point) < 0) low = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(points[middle]!, point) < 0) low = middle + 1;
    else high = middle;
  }
  return points.toSpliced(low, 0, point);
}

function withPoint(state: TripState, point: Point): TripState {
  const known = state.byId.get(point.id);
  if (state.deleted.has(point.id) || (known && known.seq >= point.seq)) return state;
  const rest = known ? state.points.filter((one) => one.id !== point.id) : state.points;
  const byId = new Map(state.byId).set(point.id, point);
  return { ...state, points: insert(rest, point), byId, arrived: known ? state.arrived : point };
}

function withoutPoint(state: TripState, id: string): TripState {
  const deleted = new Set(state.deleted).add(id);
  if (!state.byId.has(id)) return { ...state, deleted };
  const byId = new Map(state.byId);
  byId.delete(id);
  const arrived = state.arrived?.id === id ? null : state.arrived;
  return { ...state, points: state.points.filter((one) => one.id !== id), byId, deleted, arrived };
}

function withMessage(state: TripState, message: LiveMessage): TripState {
  switch (message.type) {
    case "hello":
      return { ...state, viewers: message.viewers };
    case "viewers":
      return { ...state, viewers: message.count };
    case "pong":
      return state;
    case "point":
    case "deletion": {
      if (message.seq <= state.seq) return state;
      const next = message.type === "point" ? withPoint(state, message.point) : withoutPoint(state, message.id);
      return { ...next, seq: message.seq };
    }
  }
}

/** Folds one action in. A message whose sequence is folded in already changes nothing, so that overlaps of loading and live do no harm. */
export function reduce(state: TripState, action: TripAction): TripState {
  if (action.type === "message") return withMessage(state, action.message);
  const points = action.points.filter((point) => !state.deleted.has(point.id)).sort(order);
  const byId = new Map(points.map((point) => [point.id, point]));
  return { ...state, points, byId, seq: action.seq, loaded: true };
}

/** The photo before (`-1`) or after (`1`) one in time; undefined at the ends and for an unknown id. */
export function neighbour({ points, byId }: TripState, id: string, step: -1 | 1): Point | undefined {
  const point = byId.get(id);
  return point && points[points.indexOf(point) + step];
}
