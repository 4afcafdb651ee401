import { useEffect, useRef } from "react";
import { loadTrip, loadTrips, NotThere, type Scope } from "./api.ts";
import type { TripAction, TripState } from "./state.ts";

/** Days, stops and figures are asked for again so long after a change, in ms. */
const SOON_MS = 2_000;
/** While changes go on they are asked for no more often than this, in ms; the page adds up what it can by itself meanwhile. */
const EVERY_MS = 10_000;
/** The very first photo is not kept waiting so long. */
const FIRST_MS = 200;

/** How long to wait with asking after a change, in ms, where it was last asked at `before` (ms since 1970; null for never). */
export function waitMs(now: number, before: number | null): number {
  return Math.max(SOON_MS, before === null ? 0 : before + EVERY_MS - now);
}

interface Refresh {
  readonly scope: Scope;
  /** Whether the reader watches the newest trip, whichever it is, and its newest day. */
  readonly newest: { readonly trip: boolean; readonly day: boolean };
  readonly dispatch: (action: TripAction) => void;
  /** Loads everything anew. */
  readonly again: () => void;
}

const leftOut = (detail: TripState["detail"]): number =>
  Object.values(detail?.trip.stats.filtered ?? {}).reduce((sum, count) => sum + count, 0);

/** Whether an answer shows more than figures: noise among the points that are held, a newer trip, a newer day. */
function isAnew(
  { detail, only }: TripState,
  next: NonNullable<TripState["detail"]>,
  newestTrip: string | undefined,
  newest: Refresh["newest"],
): boolean {
  if (leftOut(detail) !== leftOut(next)) return true;
  if (newest.trip && newestTrip !== undefined && newestTrip !== next.trip.id) return true;
  return newest.day && only !== null && next.days.at(-1)?.date !== only;
}

/** Asks for the days and figures again some time after the points changed, for the list of trips where that may have changed too, and for everything where the answer shows more than figures. */
export function useRefresh(trip: TripState, { scope, newest, dispatch, again }: Refresh): void {
  const latest = useRef({ trip, newest });
  latest.current = { trip, newest };
  const { changes, elsewhere } = trip;
  const seen = useRef({ changes, elsewhere });
  const askedAt = useRef<number | null>(null);
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const ended = useRef(new AbortController());

  const ask = async () => {
    const { detail, changes, elsewhere } = latest.current.trip;
    const others = elsewhere !== seen.current.elsewhere;
    seen.current = { changes, elsewhere };
    if (detail === null) return again();
    const { signal } = ended.current;
    askedAt.current = Date.now();
    const [next, list] = await Promise.all([
      loadTrip(detail.trip.id, scope, signal),
      others ? loadTrips(scope, signal) : null,
    ]);
    const { trip: now, newest } = latest.current;
    if (now.detail?.trip.id !== next.trip.id) return;
    const trips = list?.trips ?? null;
    if (isAnew(now, next, trips?.[0]?.id, newest)) again();
    else dispatch({ type: "refreshed", trips, detail: next });
  };

  useEffect(() => {
    if (changes === seen.current.changes || waiting.current !== undefined) return;
    const wait = trip.detail === null ? FIRST_MS : waitMs(Date.now(), askedAt.current);
    waiting.current = setTimeout(() => {
      waiting.current = undefined;
      ask().catch((error: unknown) => (error instanceof NotThere ? again() : undefined));
    }, wait);
  }, [changes]);
  useEffect(
    () => () => {
      clearTimeout(waiting.current);
      ended.current.abort();
    },
    [],
  );
}
