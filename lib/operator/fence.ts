import type { KubeApi } from "./api.ts";
import type { KubeObject } from "./object.ts";

/** Thrown before a write by one that leads no longer. The write did not happen, and must not. */
export class LeadershipLost extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`Not the leader any more: ${why}; expected to hold the lease. Nothing was written.`, options);
    this.name = "LeadershipLost";
  }
}

/**
 * Work of a leader goes on although it was told to end, and may still write. The process has to end; its Lease is not
 * given back, so that nobody leads beside it before the Lease has run out.
 */
export class StillRunning extends Error {
  /** @param what begins the error's text */
  constructor(what: string, graceMs: number) {
    super(
      `${what} still runs ${graceMs / 1000} s after it was told to end; expected it to heed its signal. ` +
        "The process must not go on beside the next leader.",
    );
    this.name = "StillRunning";
  }
}

/** Keeps one that leads no longer from writing. */
export interface Fence {
  /** Aborted as soon as leadership is lost. */
  readonly signal: AbortSignal;
  /** How often leadership had changed hands when this one took it: grows with every leader, so that it can mark what was written by whom. */
  readonly term: number;
  /**
   * To be awaited directly before each write outside: reads the Lease, and resolves when its holder and
   * `leaseTransitions` are still this leader's and it will stay valid for at least `forMs` (5 s unless told), which is
   * how long the write may take at most.
   * @throws LeadershipLost otherwise; also when the Lease cannot be read
   */
  check(options?: { readonly forMs?: number; readonly signal?: AbortSignal }): Promise<void>;
}

/** The fence of one that needs no leader: one replica, dry runs, tests. Never lost unless `signal` is aborted. */
export function noFence(signal: AbortSignal = new AbortController().signal): Fence {
  return {
    signal,
    term: 0,
    check: async () => {
      if (signal.aborted) throw new LeadershipLost("the process stops");
    },
  };
}

/** The same API, whose writes ask the fence first. Reads pass. */
export function fencedApi<T extends KubeObject>(api: KubeApi<T>, fence: Fence): KubeApi<T> {
  const guarded =
    <Arguments extends unknown[], Result>(write: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      await fence.check();
      return await write(...args);
    };
  return {
    resource: api.resource,
    list: (options) => api.list(options),
    watch: (options) => api.watch(options),
    get: (name, options) => api.get(name, options),
    create: guarded(api.create.bind(api)),
    apply: guarded(api.apply.bind(api)),
    merge: guarded(api.merge.bind(api)),
    delete: guarded(api.delete.bind(api)),
  };
}
