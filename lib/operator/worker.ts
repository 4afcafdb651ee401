import { type Clock, deadline } from "./clock.ts";
import { KubeError } from "./errors.ts";
import type { Fence } from "./fence.ts";
import type { HeldKeys } from "./held.ts";
import type { ControllerMetrics, ResultLabel } from "./metrics.ts";
import type { KubeObject } from "./object.ts";
import type { ControllerOptions, Surroundings } from "./options.ts";
import type { OwnWrites } from "./own-writes.ts";
import type { Taken, WorkQueue } from "./queue.ts";
import { rateLimiter } from "./rate.ts";
import { type ReconcileResult, TerminalError } from "./reconcile.ts";
import type { Reader } from "./store.ts";

/** What the workers of one controller share while it leads. */
export interface Work<T extends KubeObject> {
  readonly options: ControllerOptions<T>;
  readonly clock: Clock;
  readonly cache: Reader<T>;
  readonly queue: WorkQueue;
  readonly writes: OwnWrites<T>;
  readonly held: HeldKeys;
  readonly fence: Fence;
  /** Aborted when reconciliations have to end at once; what they throw then is not counted. */
  readonly stopped: AbortSignal;
  readonly counts: ControllerMetrics | undefined;
  readonly logger: Surroundings["logger"];
}

/** Starts the workers; resolves when the queue is closed and what was taken has ended. */
export async function runWorkers<T extends KubeObject>(work: Work<T>, workers: number): Promise<void> {
  const { clock, queue, counts } = work;
  const reconcile = reconciler(work);
  let active = 0;
  const worker = async () => {
    for (let taken = await queue.next(); taken !== undefined; taken = await queue.next()) {
      if (work.writes.shown(taken.key)) {
        const startMs = clock.elapsedMs();
        counts?.active(++active);
        const result = await reconcile(taken);
        counts?.active(--active);
        if (result !== undefined) counts?.reconciled(result, (clock.elapsedMs() - startMs) / 1000);
      } else work.held.hold(taken.key, taken.priority);
      queue.done(taken.key);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

function reconciler<T extends KubeObject>(work: Work<T>): (taken: Taken) => Promise<ResultLabel | undefined> {
  const { options, clock, cache, queue, fence, stopped, counts, logger } = work;
  const limiter = rateLimiter(() => clock.elapsedMs(), options.rates);

  const again = ({ key, priority }: Taken, leastMs: number) =>
    queue.add(key, { priority, delayMs: Math.max(limiter.delayMs(key), leastMs) });
  const settle = (taken: Taken, result: ReconcileResult): ResultLabel => {
    const { key, priority } = taken;
    if (result.kind === "requeue" || (result.kind === "requeueAfter" && !(result.ms > 0))) {
      again(taken, 0);
      return "requeue";
    }
    limiter.forget(key);
    if (result.kind === "done") return "success";
    queue.add(key, { priority, delayMs: result.ms });
    return "requeue_after";
  };
  const fail = (taken: Taken, error: unknown, timeout: boolean): ResultLabel | undefined => {
    if (stopped.aborted && !timeout) return undefined;
    const causes = causesOf(error);
    const terminal = causes.some((cause) => cause instanceof TerminalError);
    counts?.failed({ terminal, panic: isPanic(error), timeout });
    logger?.error(
      { controller: options.name, key: taken.key, err: error, failures: limiter.failures(taken.key) + 1 },
      "reconciliation failed",
    );
    if (!terminal) again(taken, Math.max(...causes.map(retryAfterMs)));
    return "error";
  };
  return async (taken) => {
    const { key } = taken;
    const limit = deadline(clock, options.timeoutMs ?? Infinity, stopped);
    const context = { key, object: cache.get(key), cache, api: work.writes.api, signal: limit.signal, fence };
    try {
      const result = await options.reconcile(context);
      if (!limit.passed()) return settle(taken, result);
      return fail(taken, new Error(`The reconciliation took more than ${options.timeoutMs} ms.`), true);
    } catch (error) {
      return fail(taken, errorOf(error), limit.passed());
    } finally {
      limit.release();
    }
  };
}

/** Errors that only a mistake in the program throws. */
const isPanic = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;

const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error
    ? thrown
    : new TypeError(`The reconciliation threw ${String(thrown)}; expected an Error.`, { cause: thrown });

/** An error and what caused it, the outermost first. */
function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let cause = error; cause instanceof Error && !causes.includes(cause); cause = cause.cause) causes.push(cause);
  return causes;
}

function retryAfterMs(error: unknown): number {
  return error instanceof KubeError && "retryAfterMs" in error.error ? (error.error.retryAfterMs ?? 0) : 0;
}
