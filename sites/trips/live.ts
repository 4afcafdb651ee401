import { useEffect, useReducer, useRef, useState } from "react";
import { backoffMs } from "#lib/web/backoff.ts";
import { createFrames } from "#lib/web/frames.ts";
import { type LiveSocket, type LiveStatus, openLiveSocket } from "#lib/web/live-socket.ts";
import type { Address } from "./address.ts";
import { liveUrl, loadPoints, loadTrip, loadTrips, NotThere, type Scope } from "./api.ts";
import { type Heard, parseMessage } from "./points.ts";
import { useRefresh } from "./refresh.ts";
import { initialState, reduce, type TripAction, type TripState } from "./state.ts";

/** Why the trip could not be loaded, and when (ms since 1970) it is tried again; null for never: it is not there. */
export interface LoadFailure {
  readonly reason: string;
  readonly retryAt: number | null;
}

/** The trip as it is now, and how sure one may be of that. */
export interface LiveTrip {
  readonly trip: TripState;
  readonly status: LiveStatus;
  /** Null while loading and when loaded. */
  readonly failure: LoadFailure | null;
  /** Something else is wanted than what is shown, and on its way: another trip, another filter. */
  readonly busy: boolean;
  /** Does not wait for the next try, of loading or of connecting. */
  readonly retry: () => void;
}

/** What is to be shown. */
export type Wanted = Scope & Pick<Address, "trip" | "day" | "filter">;

/** A trip with more points than this is held a day at a time; the map has the rest from tiles. */
export const HELD_POINTS = 30_000;
/** Before all is loaded again because the server asks for it, in ms: one that asks without end is not stormed. */
const ANEW_MS = 1_000;

async function load(wanted: Wanted, signal: AbortSignal): Promise<Extract<TripAction, { type: "loaded" }>> {
  const scope: Scope = { seq: wanted.seq, share: wanted.share };
  const { trips, seq } = await loadTrips(scope, signal);
  const id = wanted.trip ?? trips[0]?.id;
  if (id === undefined) return { type: "loaded", trips, detail: null, only: null, points: [], seq };
  const detail = await loadTrip(id, scope, signal);
  const known = detail.days.some(({ date }) => date === wanted.day);
  const last = detail.days.at(-1)?.date ?? null;
  const only = detail.trip.points <= HELD_POINTS ? null : known ? wanted.day : last;
  const query = { ...scope, trip: id, filter: wanted.filter, ...(only === null ? {} : { day: only }) };
  const { points, seq: reached } = await loadPoints(query, signal);
  return { type: "loaded", trips, detail, only, points, seq: reached };
}

/**
 * Loads the trips and the one that is wanted, and then follows its changes, for as long as the page is open; with a sequence it stays
 * in that point of history. A server that knows less than this page has started anew: all is loaded again.
 */
export function useLiveTrip({ trip: tripId, day, filter, seq, share }: Wanted): LiveTrip {
  const [trip, dispatch] = useReducer(reduce, initialState);
  const [status, setStatus] = useState<LiveStatus>(() => ({ state: "connecting", since: Date.now() }));
  const [failure, setFailure] = useState<LoadFailure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const failures = useRef(0);
  const socket = useRef<LiveSocket | null>(null);
  const dayWanted = trip.only === null ? null : day;
  const again = () => setAttempt((before) => before + 1);
  const key = [tripId, filter, seq, share, dayWanted].join(" ");
  const [held, setHeld] = useState<string | null>(null);

  useEffect(() => {
    const ended = new AbortController();
    const wanted: Wanted = { trip: tripId, day, filter, seq, share };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frames = createFrames<Heard>((messages) => dispatch({ type: "heard", messages }));
    const follow = (after: number) => {
      socket.current = openLiveSocket({
        url: (from) => liveUrl(from, wanted),
        after,
        parse: parseMessage,
        seqOf: (message) => ("seq" in message && message.type !== "digest" ? message.seq : undefined),
        ping: JSON.stringify({ type: "ping" }),
        onMessage: (message) => {
          const anew = message.type === "reload" || (message.type === "hello" && message.seq < after);
          if (anew) timer = setTimeout(again, ANEW_MS);
          else frames.add(message);
        },
        onStatus: setStatus,
      });
    };
    load(wanted, ended.signal)
      .then((loaded) => {
        if (ended.signal.aborted) return;
        failures.current = 0;
        setFailure(null);
        dispatch(loaded);
        setHeld([tripId, filter, seq, share, loaded.only === null ? null : day].join(" "));
        if (seq === null) follow(loaded.seq);
      })
      .catch((error: Error) => {
        if (ended.signal.aborted) return;
        if (error instanceof NotThere) return setFailure({ reason: error.message, retryAt: null });
        const wait = backoffMs(failures.current++, Math.random());
        const retryAt = Date.now() + wait;
        setFailure({ reason: error.message, retryAt });
        setStatus(({ state, since }) => ({ state: "waiting", since: state === "live" ? Date.now() : since, retryAt }));
        timer = setTimeout(again, wait);
      });
    return () => {
      ended.abort();
      clearTimeout(timer);
      frames.stop();
      socket.current?.close();
      socket.current = null;
    };
  }, [attempt, tripId, dayWanted, filter, seq, share]);

  const newest = { trip: tripId === null, day: day === null };
  useRefresh(trip, { scope: { seq, share }, newest, dispatch, again });

  const retry = () => {
    if (socket.current) socket.current.retry();
    else again();
  };
  return { trip, status, failure, retry, busy: trip.loaded && failure === null && held !== key };
}
