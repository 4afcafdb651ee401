import { useEffect, useReducer, useRef, useState } from "react";
import { backoffMs } from "#lib/web/backoff.ts";
import { type LiveSocket, type LiveStatus, openLiveSocket } from "#lib/web/live-socket.ts";
import { liveUrl, loadPoints } from "./api.ts";
import { parseMessage } from "./points.ts";
import { initialState, reduce, type TripState } from "./state.ts";

/** Why the photos could not be loaded, and when (ms since 1970) it is tried again. */
export interface LoadFailure {
  readonly reason: string;
  readonly retryAt: number;
}

/** The trip as it is now, and how sure one may be of that. */
export interface LiveTrip {
  readonly trip: TripState;
  readonly status: LiveStatus;
  /** Null while loading and when loaded. */
  readonly failure: LoadFailure | null;
  /** Does not wait for the next try, of loading or of connecting. */
  readonly retry: () => void;
}

/**
 * Loads the trip and then follows its changes, for as long as the page is open.
 * A server that knows less than this page has started anew: the trip is loaded again.
 */
export function useLiveTrip(): LiveTrip {
  const [trip, dispatch] = useReducer(reduce, initialState);
  const [status, setStatus] = useState<LiveStatus>(() => ({ state: "connecting", since: Date.now() }));
  const [failure, setFailure] = useState<LoadFailure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const failures = useRef(0);
  const socket = useRef<LiveSocket | null>(null);

  useEffect(() => {
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = (after: number) => {
      socket.current = openLiveSocket({
        url: liveUrl,
        after,
        parse: parseMessage,
        seqOf: (message) => (message.type === "point" || message.type === "deletion" ? message.seq : undefined),
        ping: JSON.stringify({ type: "ping" }),
        onMessage: (message) => {
          if (message.type === "hello" && message.seq < after) setAttempt((before) => before + 1);
          else dispatch({ type: "message", message });
        },
        onStatus: setStatus,
      });
    };
    loadPoints(ended.signal)
      .then((loaded) => {
        if (ended.signal.aborted) return;
        setFailure(null);
        dispatch(loaded);
        follow(loaded.seq);
      })
      .catch((error: Error) => {
        if (ended.signal.aborted) return;
        const wait = backoffMs(failures.current++, Math.random());
        setFailure({ reason: error.message, retryAt: Date.now() + wait });
        timer = setTimeout(() => setAttempt((before) => before + 1), wait);
      });
    return () => {
      ended.abort();
      clearTimeout(timer);
      socket.current?.close();
      socket.current = null;
    };
  }, [attempt]);

  const retry = () => {
    if (socket.current) socket.current.retry();
    else setAttempt((before) => before + 1);
  };
  return { trip, status, failure, retry };
}
