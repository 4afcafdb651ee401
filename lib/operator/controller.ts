import { type Clock, deadline } from "./clock.ts";
import { KubeError } from "./errors.ts";
import { type Fence, fencedApi, LeadershipLost } from "./fence.ts";
import type { ControllerMetrics, ResultLabel } from "./metrics.ts";
import type { Key, KubeObject } from "./object.ts";
import type { ControllerOptions, Surroundings } from "./options.ts";
import { ownWrites } from "./own-writes.ts";
import { type AddOptions, LOW_PRIORITY, type Taken, WorkQueue } from "./queue.ts";
import { rateLimiter } from "./rate.ts";
import { type ReconcileResult, TerminalError } from "./reconcile.ts";
import { createReflector } from "./reflector.ts";
import type { Delta, Reader } from "./store.ts";

/** A controller: a cache that is always kept, and reconciliations while it leads. */
export interface Controller<T extends KubeObject = KubeObject> {
  readonly name: string;
  readonly cache: Reader<T>;
  /** Whether the cache has been filled. */
  readonly synced: boolean;
  /** Keeps the cache until the signal is aborted. To be started in every replica, so that one that takes over is warm. */
  keepCache(signal: AbortSignal): Promise<void>;
  /**
   * Reconciles, all objects at first, until the signal is aborted or the fence is lost (which aborts the reconciliations
   * too); then waits up to 30 s for those that run. Call it again to lead again.
   * @throws Error when the cache is not filled within 2 minutes, or when a reconciliation outlives the loss
   */
  lead(fence: Fence, signal: AbortSignal): Promise<void>;
  /** Asks for a reconciliation because of something beside a change of the object. Nothing happens while this one does not lead. */
  enqueue(key: Key, options?: AddOptions): void;
}

const RESYNC_MS = 36_000_000;
const SYNC_MS = 120_000;
const GRACE_MS = 30_000;
/** Time between looks at keys that wait for the cache to show an own write. */
const DOUBT_MS = 5_000;

/** Makes a controller with controller-runtime's semantics; see {@link ControllerOptions}. */
export function createController<T extends KubeObject>(
  options: ControllerOptions<T>,
  { clock, random, metrics, logger, graceMs = GRACE_MS }: Surroundings,
): Controller<T> {
  const { name, workers = 1 } = options;
  const counts = metrics?.controller(name, workers);
  const reflector = createReflector<T>({
    ...options,
    clock,
    random,
    observer: reflectorObserver(name, counts, logger),
  });
  let current: WorkQueue | undefined;

  const lead = async (fence: Fence, signal: AbortSignal): Promise<void> => {
    const ending = new AbortController();
    const end = () => ending.abort();
    for (const cause of [signal, fence.signal]) {
      if (cause.aborted) end();
      cause.addEventListener("abort", end, { once: true });
    }
    const stopped = new AbortController();
    const lost = () => stopped.abort(fence.signal.reason);
    fence.signal.addEventListener("abort", lost, { once: true });
    if (fence.signal.aborted) lost();
    try {
      if (await synced(reflector, clock, name, ending.signal)) await work(fence, ending.signal, stopped);
    } finally {
      for (const cause of [signal, fence.signal]) cause.removeEventListener("abort", end);
      fence.signal.removeEventListener("abort", lost);
    }
  };

  const work = async (fence: Fence, ending: AbortSignal, stopped: AbortController): Promise<void> => {
    const queue = new WorkQueue(clock, counts?.queue);
    const limiter = rateLimiter(() => clock.nowMs(), options.rates);
    const writes = ownWrites(fencedApi(options.api, fence), reflector.cache);
    const held = new Map<Key, { readonly priority: number; readonly sinceMs: number }>();
    let active = 0;
    counts?.watchQueue(queue);

    const look = () => {
      for (const [key, { priority, sinceMs }] of held) {
        if (!writes.shown(key)) continue;
        held.delete(key);
        counts?.held(clock.nowMs() - sinceMs);
        queue.add(key, { priority });
      }
    };
    const clarify = (key: Key) => {
      const limit = deadline(clock, DOUBT_MS, stopped.signal);
      const failed = (err: unknown) => logger?.error({ controller: name, key, err }, "an own write was not looked up");
      writes.clarify(key, limit.signal).then(look).catch(failed).finally(limit.release);
    };
    let looking = false;
    const lookSoon = () => {
      if (looking || held.size === 0) return;
      looking = true;
      clock.setTimer(0, () => {
        looking = false;
        look();
      });
    };
    const hold = (key: Key, priority: number) => {
      const before = held.get(key);
      held.set(key, {
        priority: Math.max(priority, before?.priority ?? -Infinity),
        sinceMs: before?.sinceMs ?? clock.nowMs(),
      });
      if (writes.unclear(key)) clarify(key);
    };
    const doubting = every(clock, DOUBT_MS, ending, () => {
      for (const [key, { sinceMs }] of held) {
        if (clock.nowMs() - sinceMs >= DOUBT_MS) writes.doubt(key);
        if (writes.unclear(key)) clarify(key);
      }
    });

    const again = (key: Key, priority: number, leastMs: number) => {
      counts?.retried();
      queue.add(key, { priority, delayMs: Math.max(limiter.delayMs(key), leastMs) });
    };
    const settle = ({ key, priority }: Taken, result: ReconcileResult): ResultLabel => {
      if (result.kind === "requeue") {
        again(key, priority, 0);
        return "requeue";
      }
      limiter.forget(key);
      if (result.kind === "done") return "success";
      queue.add(key, { priority, delayMs: result.ms });
      return "requeue_after";
    };
    const fail = ({ key, priority }: Taken, error: unknown, timeout: boolean): ResultLabel | undefined => {
      if (error instanceof LeadershipLost || (stopped.signal.aborted && !timeout)) return undefined;
      const terminal = error instanceof TerminalError;
      counts?.failed({ terminal, panic: isPanic(error), timeout });
      logger?.error(
        { controller: name, key, err: error, failures: limiter.failures(key) + 1 },
        "reconciliation failed",
      );
      if (!terminal) again(key, priority, retryAfterMs(error));
      return "error";
    };
    const reconcile = async (taken: Taken): Promise<ResultLabel | undefined> => {
      const { key } = taken;
      const limit = deadline(clock, options.timeoutMs ?? Infinity, stopped.signal);
      const context = {
        key,
        object: reflector.cache.get(key),
        cache: reflector.cache,
        api: writes.api,
        signal: limit.signal,
        fence,
      };
      try {
        const result = await options.reconcile(context);
        if (!limit.passed()) return settle(taken, result);
        return fail(taken, new Error(`The reconciliation took more than ${options.timeoutMs} ms.`), true);
      } catch (error) {
        return fail(taken, error, limit.passed());
      } finally {
        limit.release();
      }
    };
    const worker = async () => {
      for (let taken = await queue.next(); taken !== undefined; taken = await queue.next()) {
        const { key, priority } = taken;
        if (!writes.shown(key)) hold(key, priority);
        else {
          const startMs = clock.nowMs();
          counts?.active(++active);
          const result = await reconcile(taken);
          counts?.active(--active);
          if (result !== undefined) counts?.reconciled(result, (clock.nowMs() - startMs) / 1000);
        }
        queue.done(key);
      }
    };

    const forgetDeltas = reflector.onDelta((delta) => {
      if (relevant(options, delta)) queue.add(delta.key);
    });
    const forgetProgress = reflector.onProgress(lookSoon);
    const addAll = () => {
      for (const { metadata } of reflector.cache.values())
        queue.add(metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`, {
          priority: LOW_PRIORITY,
        });
    };
    addAll();
    current = queue;
    const resyncing = every(clock, RESYNC_MS * (1 + random() / 10), ending, addAll);
    const close = () => queue.close();
    ending.addEventListener("abort", close, { once: true });
    if (ending.aborted) close();

    const all = Promise.all(Array.from({ length: workers }, worker)).then(() => undefined);
    await Promise.race([all, aborted(ending)]);
    const grace = deadline(clock, graceMs);
    await Promise.race([all, aborted(grace.signal)]);
    grace.release();
    stopped.abort(new Error("The controller has ended."));
    if (current === queue) current = undefined;
    ending.removeEventListener("abort", close);
    forgetDeltas();
    forgetProgress();
    await Promise.all([doubting, resyncing]);
    if (grace.passed() && fence.signal.aborted)
      throw new Error(
        `A reconciliation of ${name} went on for ${graceMs / 1000} s after leadership was lost; expected it to end with ` +
          "its signal. The process must not lead again beside it.",
      );
  };

  return {
    name,
    cache: reflector.cache,
    get synced() {
      return reflector.synced;
    },
    keepCache: (signal) => reflector.run(signal),
    lead,
    enqueue: (key, add) => current?.add(key, add),
  };
}

/** Waits for the cache; false when the signal ends the wait. */
async function synced(
  reflector: { readonly synced: boolean; onProgress(listen: () => void): () => void },
  clock: Clock,
  name: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (reflector.synced || signal.aborted) return !signal.aborted;
  const limit = deadline(clock, SYNC_MS, signal);
  await new Promise<void>((resolve) => {
    const forget = reflector.onProgress(end);
    limit.signal.addEventListener("abort", end, { once: true });
    function end() {
      forget();
      resolve();
    }
  });
  limit.release();
  if (limit.passed())
    throw new Error(
      `The cache of the controller ${name} was not filled within ${SYNC_MS / 1000} s; expected a list. ` +
        "The log says why its requests fail: often the role lacks list or watch.",
    );
  return !signal.aborted;
}

async function every(clock: Clock, ms: number, signal: AbortSignal, run: () => void): Promise<void> {
  while (await clock.sleep(ms, signal)) run();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function relevant<T extends KubeObject>({ relevant: ask }: ControllerOptions<T>, delta: Delta<T>): boolean {
  if (ask === undefined || delta.type === "deleted") return true;
  return ask(delta.type === "updated" ? delta.before : undefined, delta.after);
}

/** Errors that only a mistake in the program throws. */
const isPanic = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;

function retryAfterMs(error: unknown): number {
  return error instanceof KubeError && "retryAfterMs" in error.error ? (error.error.retryAfterMs ?? 0) : 0;
}

function reflectorObserver(controller: string, counts: ControllerMetrics | undefined, logger: Surroundings["logger"]) {
  return {
    listed: (objects: number, ms: number) => {
      counts?.reflector.listed(objects, ms);
      logger?.info({ controller, objects, ms }, "listed");
    },
    failed: (what: "list" | "watch", error: { readonly kind: string; readonly message: string }) => {
      counts?.reflector.failed(what, error.kind);
      logger?.warn({ controller, what, kind: error.kind, reason: error.message }, "a request of the cache failed");
    },
    malformed: (message: string) => {
      counts?.reflector.malformed();
      logger?.warn({ controller, reason: message }, "passed over what is no object");
    },
  };
}
