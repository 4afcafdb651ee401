import type { Messaging } from "#lib/messaging/connection.ts";
import { follow } from "#lib/messaging/follow.ts";
import { TRIPS_STREAM } from "#lib/schemas/trips/v1/stream.ts";
import { HttpError } from "#lib/service/http.ts";
import { eventOf } from "./events.ts";
import type { StreamIdentity } from "./snapshot.ts";
import type { Snapshots } from "./snapshots.ts";
import { createTripStore, type TripStore } from "./store.ts";

/** The states that were. */
export interface History {
  /** The state after a sequence, which must not lie in the future. Those asked for last are kept. */
  at(seq: number): Promise<TripStore>;
}

/** How many past states are kept in memory, and how many may be waited for. */
const KEPT = 3;
const WAITING = 8;

/**
 * Makes past states from the nearest snapshot before them and the stream. One is made at a time; who asks for the same
 * one meanwhile waits for it. Whoever asks while too many are waited for is refused with 503.
 */
export function createHistory(deps: {
  messaging: Messaging;
  stream: StreamIdentity;
  snapshots: Pick<Snapshots, "load">;
}): History {
  const states = new Map<number, Promise<TripStore>>();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const make = async (seq: number): Promise<TripStore> => {
    const base = seq === 0 ? null : await deps.snapshots.load(deps.stream, seq, false);
    const store = createTripStore();
    store.incarnation = deps.stream.created;
    if (base) store.restore(base);
    if (store.seq >= seq) return store;
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    const following = await follow(deps.messaging, {
      stream: TRIPS_STREAM,
      afterSeq: store.seq,
      onMessage: (message) => {
        if (message.seq > seq) return resolve();
        const event = eventOf(message);
        if (event.kind === "unreadable") store.skip(message.seq, message.subject, event.problem);
        else store.apply(event);
        if (message.seq === seq) resolve();
      },
    });
    try {
      await Promise.race([reached, following.caughtUp, following.ended]);
    } finally {
      await following.close();
    }
    return store;
  };

  return {
    at(seq) {
      const known = states.get(seq);
      if (known) {
        states.delete(seq);
        states.set(seq, known);
        return known;
      }
      if (waiting >= WAITING) {
        return Promise.reject(
          new HttpError(503, "busy", `${waiting} past states are being made already; try again later.`),
        );
      }
      waiting += 1;
      const made = last.then(() => make(seq)).finally(() => (waiting -= 1));
      last = made.catch(() => {});
      states.set(seq, made);
      made.catch(() => states.delete(seq));
      if (states.size > KEPT) states.delete(states.keys().next().value!);
      return made;
    },
  };
}
