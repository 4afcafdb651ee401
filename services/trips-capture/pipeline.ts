import type { Logger } from "#lib/service/logs.ts";
import { backoffMs, untilSuccess, waitMs } from "#lib/service/retry.ts";
import type { CaptureMetrics } from "./metrics.ts";
import { isPaused } from "./queue-commands.ts";
import { type Outcome, runStage, type StageDeps } from "./stages.ts";
import type { Stage } from "./states.ts";
import type { Item, Queue } from "./store.ts";

/** What a worker needs. */
export interface WorkerDeps {
  readonly stages: StageDeps;
  readonly metrics: Pick<CaptureMetrics, "stageSeconds">;
  readonly logger: Logger;
  /** Ends the worker after its present photo. */
  readonly signal: AbortSignal;
  /** Why a stage has to wait (no room, no connection), or null. */
  readonly hold: (stage: Stage) => Promise<string | null>;
  /** Told of the outcome of a stage that many photos share: null when it works again. */
  readonly onTrouble: (stage: Stage, error: Error | null) => void;
  /** Resolves when there may be new work. */
  readonly woken: () => Promise<void>;
  /** Tells the other workers that there may be new work. */
  readonly wake: () => void;
}

/** At most so long a worker sleeps, so that it sees what commands change in the queue. */
const LOOK_MS = 1_000;
const TROUBLE_MS = { base: 250, max: 10_000 };

/**
 * Works on some stages, one photo after the other, until the signal. The first stage that has a photo due goes first.
 * After a failure that the next photo would meet too it waits, longer each time; a failure of the queue itself (a full disk) does the same.
 */
export async function work(stages: readonly Stage[], deps: WorkerDeps): Promise<void> {
  const { queue } = deps.stages;
  let troubles = 0;
  while (!deps.signal.aborted) {
    let begun: { stage: Stage; item: Item } | null = null;
    try {
      begun = await beginNext(stages, deps);
      if (!begun) {
        await idle(stages, deps);
        continue;
      }
      const outcome = await timed(begun.stage, begun.item, deps);
      deps.wake();
      const shared = outcome.kind === "retry" && outcome.shared;
      if (shared) deps.onTrouble(begun.stage, outcome.error);
      else if (troubles > 0) deps.onTrouble(begun.stage, null);
      troubles = shared ? troubles + 1 : 0;
    } catch (err) {
      troubles++;
      deps.logger.error({ err, photo: begun?.item.id }, "the queue failed; it is tried again");
      if (begun) await putBack(begun.stage, begun.item, queue, deps);
    }
    if (troubles > 0) await waitMs(backoffMs(troubles, TROUBLE_MS.base, TROUBLE_MS.max), deps.signal);
  }
}

async function beginNext(stages: readonly Stage[], deps: WorkerDeps): Promise<{ stage: Stage; item: Item } | null> {
  if (isPaused(deps.stages.queue)) return null;
  for (const stage of stages) {
    if ((await deps.hold(stage)) !== null) continue;
    const item = deps.stages.queue.begin(stage, deps.stages.now());
    if (item) return { stage, item };
  }
  return null;
}

async function idle(stages: readonly Stage[], { stages: { queue, now }, signal, woken }: WorkerDeps): Promise<void> {
  const dues = stages.map((stage) => queue.nextDueMs(stage)).filter((due) => due !== null);
  const wait = Math.min(LOOK_MS, Math.max(25, Math.min(...dues, Infinity) - now()));
  const stop = new AbortController();
  await Promise.race([waitMs(wait, AbortSignal.any([signal, stop.signal])), woken()]);
  stop.abort();
}

async function timed(stage: Stage, item: Item, { stages, metrics, logger }: WorkerDeps): Promise<Outcome> {
  const stop = metrics.stageSeconds.startTimer({ stage });
  const outcome = await runStage(stage, item, stages);
  stop({ outcome: outcome.kind });
  const about = { photo: item.id, file: `${item.folder}/${item.name}` };
  switch (outcome.kind) {
    case "done":
      logger[stage === "publish" ? "info" : "debug"]({ ...about, ...outcome.detail }, `${stage}: done`);
      break;
    case "failed":
      logger.warn({ ...about, reason: outcome.reason }, "photo kept aside");
      break;
    case "retry":
      logger.warn({ ...about, err: outcome.error, attempts: item.attempts, waitMs: outcome.waitMs }, `${stage}: again`);
  }
  return outcome;
}

async function putBack(stage: Stage, item: Item, queue: Queue, { signal, logger }: WorkerDeps): Promise<void> {
  await untilSuccess(async () => queue.retry(item.id, stage, "the queue could not be written", Date.now()), {
    signal,
    onFailure: (err) => logger.error({ err, photo: item.id }, "the queue cannot be written; is the disk full?"),
  });
}
