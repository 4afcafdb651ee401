import type { Health } from "#lib/service/health.ts";
import type { Logger } from "#lib/service/logs.ts";
import { waitMs } from "#lib/service/retry.ts";
import type { CameraClient } from "./camera.ts";
import type { CaptureMetrics } from "./metrics.ts";
import type { Queue } from "./store.ts";
import { upload, type UploadDeps } from "./upload.ts";

/** What the three loops of the service share. */
export interface LoopDeps {
  readonly camera: CameraClient;
  readonly queue: Queue;
  readonly health: Health;
  readonly metrics: CaptureMetrics;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const KEEP_ALIVE_MS = 3_000;

/**
 * Keeps the camera awake until the signal. Whenever it is found (again) its clock is set to ours,
 * so that its pictures carry a true time and zone.
 */
export async function keepAwake({ camera, health, logger, signal }: LoopDeps): Promise<void> {
  let found = false;
  while (!signal.aborted) {
    try {
      await camera.keepAlive();
      if (!found) await camera.setClock(new Date(), -new Date().getTimezoneOffset());
      if (!found) logger.info("camera found");
      found = true;
      health.ready("camera");
    } catch (err) {
      if (found) logger.warn({ err }, "camera lost");
      found = false;
      health.waiting("camera", (err as Error).message);
    }
    await waitMs(KEEP_ALIVE_MS, signal);
  }
}

/**
 * Takes a picture each interval until the signal, and queues every picture on the card that was never queued.
 * What was left on the card by an earlier run is queued before the first picture.
 */
export async function takePictures(deps: LoopDeps & { intervalMs: number; onQueued(): void }): Promise<void> {
  const { camera, queue, metrics, logger, signal } = deps;
  const scan = async () => {
    const added = queue.add(await camera.list());
    if (added > 0) deps.onQueued();
    return added;
  };
  await scan().catch((err: unknown) => logger.warn({ err }, "the card was not read"));
  for (let next = Date.now(); !signal.aborted; next = Math.max(next + deps.intervalMs, Date.now())) {
    await waitMs(next - Date.now(), signal);
    if (signal.aborted) return;
    try {
      await camera.takePicture();
      metrics.taken.inc();
      const queued = await scan();
      logger.debug({ queued }, "picture taken");
    } catch (err) {
      metrics.captureFailures.inc();
      logger.warn({ err }, "no picture taken");
    }
  }
}

/** Uploads what is due, one picture after the other, until the signal; ends after the present one. */
export async function uploadQueue(deps: LoopDeps & { upload: UploadDeps; woken(): Promise<void> }): Promise<void> {
  const { queue, metrics, logger, signal } = deps;
  while (!signal.aborted) {
    const item = queue.begin(Date.now());
    if (!item) {
      const due = queue.nextDueMs();
      const stop = new AbortController();
      const sleep = waitMs(
        due === null ? 60_000 : Math.max(10, due - Date.now()),
        AbortSignal.any([signal, stop.signal]),
      );
      await Promise.race([sleep, deps.woken()]);
      stop.abort();
      continue;
    }
    const file = `${item.folder}/${item.name}`;
    const stopTimer = metrics.uploadSeconds.startTimer();
    const outcome = await upload(item, deps.upload);
    stopTimer({ outcome: outcome.kind });
    switch (outcome.kind) {
      case "done":
        logger.info({ file, id: outcome.photo.id, ...outcome.published }, "photo published");
        break;
      case "failed":
        logger.warn({ file, reason: outcome.reason }, "photo kept aside");
        break;
      case "retry":
        logger.warn(
          { file, err: outcome.error, attempts: item.attempts, waitMs: outcome.waitMs },
          "photo will be tried again",
        );
    }
  }
}
