import type { Logger } from "#lib/service/logs.ts";
import type { ApiMetrics } from "./metrics.ts";
import type { StreamIdentity } from "./snapshot.ts";
import type { Snapshots } from "./snapshots.ts";
import type { TripStore } from "./store.ts";
import { recheck } from "./sums.ts";

/** What goes on beside the service: snapshots are written, and the state is hashed anew. */
export interface Keeper {
  /** Looks whether it is time for a snapshot; cheap. */
  look(): void;
  /** Hashes the whole state and compares; a difference is a fault of the process or of the snapshot that it began with. */
  recheck(): Promise<void>;
  /** Ends when what is under way is done. */
  close(): Promise<void>;
}

/** The least time between two snapshots, in milliseconds, and between two tries. */
const PAUSE_MS = 30_000;

/** Starts it. `startedAt` is the sequence of the snapshot that the store began with, 0 without one. */
export function startKeeper(deps: {
  store: TripStore;
  snapshots: Snapshots;
  stream: StreamIdentity;
  startedAt: number;
  everyEvents: number;
  recheckMs: number;
  metrics: ApiMetrics;
  logger: Logger;
  fail(error: Error): void;
}): Keeper {
  const { store, snapshots, stream, metrics, logger } = deps;
  let written = deps.startedAt;
  let tried = -Infinity;
  let saving: Promise<void> | null = null;
  let checking: Promise<void> = Promise.resolve();

  const save = async () => {
    try {
      const seq = await snapshots.save(store, stream);
      if (seq === null) return;
      metrics.snapshotsWritten.inc();
      logger.info({ seq }, "snapshot written");
    } catch (err) {
      logger.warn({ err }, "no snapshot written");
    } finally {
      written = store.seq;
    }
  };
  const look = () => {
    if (saving || store.seq - written < deps.everyEvents || Date.now() - tried < PAUSE_MS) return;
    tried = Date.now();
    saving = save().finally(() => (saving = null));
  };
  const check = async () => {
    const held = await store.hold();
    const right = await recheck(held);
    metrics.rechecks.inc({ result: right ? "right" : "wrong" });
    if (right) return logger.debug({ seq: held.seq }, "state hashed anew");
    if (deps.startedAt > 0)
      await snapshots.disown(deps.startedAt).catch((err: Error) => logger.error({ err }, "disown"));
    deps.fail(
      new Error(
        `The state at sequence ${held.seq} is not the one that its digest is of; expected both to agree. ` +
          "The snapshot that it began with is taken off the list; the next start reads the stream.",
      ),
    );
  };
  const timer = setInterval(() => void keeper.recheck(), deps.recheckMs).unref();

  const keeper: Keeper = {
    look,
    recheck: () => (checking = checking.then(check)),
    close: async () => {
      clearInterval(timer);
      await saving;
    },
  };
  return keeper;
}
