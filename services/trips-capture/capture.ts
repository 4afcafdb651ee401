import type { Logger } from "#lib/service/logs.ts";
import { waitMs } from "#lib/service/retry.ts";
import type { CameraClient } from "./camera.ts";
import type { CardFile } from "./media.ts";
import type { CaptureMetrics } from "./metrics.ts";
import { isPaused } from "./queue-commands.ts";
import type { CameraSession } from "./session.ts";
import type { Queue } from "./store.ts";
import { type Fix, nextShotMs, type TriggerSettings } from "./trigger.ts";
import type { Turbo } from "./turbo.ts";

/** What taking pictures needs. */
export interface CaptureDeps {
  readonly camera: Pick<CameraClient, "takePicture" | "list">;
  readonly session: Pick<CameraSession, "status">;
  readonly queue: Queue;
  readonly metrics: Pick<CaptureMetrics, "taken" | "captureFailures">;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly trigger: TriggerSettings;
  /** The card is read at least so often, for pictures that somebody else took. */
  readonly scanMs: number;
  readonly turbo: Turbo;
  /** The places of the last pictures, oldest first. */
  readonly fixes: () => readonly Fix[];
  /** Told when the card held files that were never seen. */
  readonly onQueued: () => void;
}

/** The triggers are looked at so often, since a new place may bring the next picture forward. */
const LOOK_MS = 250;

/**
 * Takes a picture whenever a trigger is due until the signal, and queues every file on the card that was never queued: what an earlier
 * run or a person left there comes first. Nothing is taken while the owner paused the service, or while the camera is away or unfit.
 */
export async function takePictures(deps: CaptureDeps): Promise<void> {
  const { camera, queue, metrics, logger, signal } = deps;
  let lastShotMs: number | null = null;
  let scannedMs = -Infinity;
  let foundSince = -1;

  let listed = new Set<string>();
  const scan = async () => {
    const askedMs = Date.now();
    const files = await camera.list();
    const added = queue.add(
      files.filter((file) => !listed.has(nameOf(file))),
      askedMs,
    );
    listed = new Set(files.map(nameOf));
    scannedMs = askedMs;
    if (added > 0) deps.onQueued();
    return added;
  };

  while (!signal.aborted) {
    const { mode, sinceMs } = deps.session.status();
    const returned = mode === "ready" && sinceMs !== foundSince;
    try {
      if (returned) listed = new Set();
      if (mode === "ready" && (returned || Date.now() - scannedMs >= deps.scanMs)) await scan();
      if (returned) foundSince = sinceMs;
      const dueMs = captureHold(deps) === null ? nextShotMs(deps.trigger, Date.now(), lastShotMs, deps.fixes()) : null;
      if (dueMs !== null && dueMs <= Date.now()) {
        lastShotMs = Math.max(dueMs, Date.now() - LOOK_MS);
        await deps.turbo.whileOff(() => camera.takePicture());
        metrics.taken.inc();
        logger.debug({ queued: await scan() }, "picture taken");
      }
    } catch (err) {
      metrics.captureFailures.inc();
      logger.warn({ err }, "no picture taken");
      await waitMs(LOOK_MS, signal);
    }
    const next = nextShotMs(deps.trigger, Date.now(), lastShotMs, deps.fixes()) ?? Infinity;
    await waitMs(Math.min(LOOK_MS, Math.max(1, next - Date.now())), signal);
  }
}

const nameOf = ({ folder, name, createdS, bytes }: CardFile): string => `${folder}/${name} ${createdS} ${bytes}`;

/** Why no picture is taken now, or null. */
export function captureHold({ session, queue }: Pick<CaptureDeps, "session" | "queue">): string | null {
  const { mode, problem, verdict } = session.status();
  if (isPaused(queue)) return "paused by the owner; `resume` lets it go on";
  if (mode !== "ready") return problem ?? mode;
  return verdict?.holdCapture ?? null;
}
