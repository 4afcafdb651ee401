/** Thrown by {@link Gate.run} when as many wait as may. */
export class GateFull extends Error {
  constructor() {
    super("As many pictures wait as may; try again later.");
    this.name = "GateFull";
  }
}

/** Lets a bounded number of tasks run at once, and a bounded number wait, first come first served. */
export interface Gate {
  /**
   * Runs the task when there is room.
   * @throws GateFull at once, when nobody more may wait; the signal's reason, when it is aborted before the task has begun.
   */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** How many run. */
  readonly running: number;
  /** How many wait. */
  readonly waiting: number;
}

/** Makes a gate for `limit` tasks at once and `queue` waiting ones. */
export function createGate(limit: number, queue: number): Gate {
  const waiters = new Set<() => void>();
  let running = 0;

  function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (running < limit) {
      running++;
      return Promise.resolve();
    }
    if (waiters.size >= queue) throw new GateFull();
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiters.delete(begin);
        reject(signal.reason);
      };
      const begin = () => {
        waiters.delete(begin);
        signal.removeEventListener("abort", leave);
        resolve();
      };
      signal.addEventListener("abort", leave, { once: true });
      waiters.add(begin);
    });
  }

  function exit(): void {
    const [next] = waiters;
    if (next) next();
    else running--;
  }

  return {
    async run(task, signal) {
      await enter(signal);
      try {
        return await task();
      } finally {
        exit();
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiters.size;
    },
  };
}
