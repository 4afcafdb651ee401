import { isPaused } from "./queue-commands.ts";
import { type State, summaryOf } from "./states.ts";
import type { Item, Queue, Report } from "./store.ts";

/** A photo as the owner sees it. */
export interface PhotoLine {
  readonly id: number;
  readonly folder: string;
  readonly name: string;
  readonly state: State;
  readonly since: string;
  readonly attempts: number;
  readonly reason: string | null;
  readonly key: string | null;
}

/** Everything that the owner may ask of a running or stopped service: from its queue alone. */
export interface Overview {
  readonly paused: boolean;
  readonly counts: ReturnType<typeof summaryOf>;
  readonly states: Readonly<Record<State, number>>;
  /** The photo that has waited longest, and the last errors of those that wait. */
  readonly oldest: PhotoLine | null;
  readonly waiting: readonly PhotoLine[];
  readonly failed: readonly PhotoLine[];
  /** The last words of camera, nats, s3, spool and holds. */
  readonly reports: Readonly<Record<string, Report>>;
}

const OPEN: readonly State[] = ["discovered", "downloading", "downloaded", "storing", "stored", "publishing"];

/** Reads the overview; `limit` bounds the lists. */
export function overviewOf(queue: Queue, limit: number): Overview {
  const states = queue.counts();
  const [oldest] = queue.list(OPEN, 1);
  return {
    paused: isPaused(queue),
    counts: summaryOf(states),
    states,
    oldest: oldest ? lineOf(oldest) : null,
    waiting: queue.troubled(limit).map(lineOf),
    failed: queue.list(["failed"], limit).map(lineOf),
    reports: queue.reports(),
  };
}

function lineOf({ id, folder, name, state, sinceMs, attempts, reason, key }: Item): PhotoLine {
  return { id, folder, name, state, since: new Date(sinceMs).toISOString(), attempts, reason, key };
}
