import { type Clock, deadline } from "./clock.ts";
import { type Fence, fencedApi, StillRunning } from "./fence.ts";
import { DOUBT_MS, heldKeys } from "./held.ts";
import type { ControllerMetrics } from "./metrics.ts";
import { type Key, keyOf, type KubeObject } from "./object.ts";
import type { ControllerOptions, Surroundings } from "./options.ts";
import { ownWrites } from "./own-writes.ts";
import { type AddOptions, LOW_PRIORITY, WorkQueue } from "./queue.ts";
import { createReflector } from "./reflector.ts";
import type { Delta, Reader } from "./store.ts";
import { runWorkers } from "./worker.ts";

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
   * @throws Error when the cache is not filled within 2 minutes
   * @throws StillRunning when a reconciliation has not ended by then
   */
  lead(fence: Fence, signal: AbortSignal): Promise<void>;
  /** Asks for a reconciliation because of something beside a change of the object. Nothing happens while this one does not lead. */
  enqueue(key: Key, options?: AddOptions): void;
}

const RESYNC_MS = 36_000_000;
const SYNC_MS = 120_000;
const GRACE_MS = 30_000;
/** What heeds its signal has ended so long after it was aborted. */
const LAST_MS = 1_000;

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
    const writes = ownWrites(fencedApi(options.api, fence), reflector.cache);
    const held = heldKeys({
      clock,
      writes,
      signal: stopped.signal,
      release: (key, priority, waitedMs) => {
        counts?.held(waitedMs);
        queue.add(key, { priority });
      },
      failed: (key, err) => logger?.error({ controller: name, key, err }, "an own write was not looked up"),
    });
    const addAll = () => {
      for (const { metadata } of reflector.cache.values()) queue.add(keyOf(metadata), { priority: LOW_PRIORITY });
    };
    const relevant = (delta: Delta<T>): boolean => {
      if (options.relevant === undefined || delta.type === "deleted") return true;
      try {
        return options.relevant(delta.type === "updated" ? delta.before : undefined, delta.after);
      } catch (err) {
        logger?.error({ controller: name, key: delta.key, err }, "whether a change is relevant could not be told");
        return true;
      }
    };
    counts?.watchQueue(queue);
    const forgetDeltas = reflector.onDelta((delta) => {
      if (relevant(delta)) queue.add(delta.key);
    });
    const forgetProgress = reflector.onProgress(held.lookSoon);
    addAll();
    current = queue;
    const doubting = every(clock, DOUBT_MS, ending, held.doubt);
    const resyncing = every(clock, RESYNC_MS * (1 + random() / 10), ending, addAll);
    const close = () => queue.close();
    ending.addEventListener("abort", close, { once: true });
    if (ending.aborted) close();

    const { cache } = reflector;
    const shared = { options, clock, cache, queue, writes, held, fence, stopped: stopped.signal, counts, logger };
    const working = runWorkers(shared, workers);
    await Promise.race([working, aborted(ending)]);
    let ended = await within(clock, graceMs, working);
    stopped.abort(new Error("The controller has ended."));
    ended ||= await within(clock, LAST_MS, working);
    if (current === queue) current = undefined;
    ending.removeEventListener("abort", close);
    forgetDeltas();
    forgetProgress();
    await Promise.all([doubting, resyncing]);
    if (!ended) throw new StillRunning(`A reconciliation of ${name}`, graceMs);
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

/** Whether the work ends within `ms`. */
async function within(clock: Clock, ms: number, work: Promise<void>): Promise<boolean> {
  const limit = deadline(clock, ms);
  await Promise.race([work, aborted(limit.signal)]);
  limit.release();
  return !limit.passed();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
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
