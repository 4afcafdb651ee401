import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Messaging, openMessaging } from "#lib/messaging/connection.ts";
import { ensureStream } from "#lib/messaging/stream.ts";
import { openObjects } from "#lib/objects/objects.ts";
import { preparePhoto } from "#lib/photos/prepare.ts";
import { storeVerified } from "#lib/photos/publish.ts";
import { TRIPS_STREAM, TRIPS_SUBJECTS } from "#lib/schemas/trips/v1/stream.ts";
import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { untilSuccess } from "#lib/service/retry.ts";
import type { Close, ServiceContext } from "#lib/service/run.ts";
import { cameraAddress } from "./address.ts";
import { openCameraClient } from "./camera.ts";
import { captureHold, takePictures } from "./capture.ts";
import type { Config } from "./config.ts";
import { lastSequence, publishPhoto } from "./events.ts";
import type { Boundary } from "./failpoint.ts";
import { createCaptureMetrics } from "./metrics.ts";
import { work } from "./pipeline.ts";
import { isPaused, own, takeOver } from "./queue-commands.ts";
import { buildServer } from "./server.ts";
import { createSession } from "./session.ts";
import { openSpool } from "./spool.ts";
import type { StageDeps } from "./stages.ts";
import type { Stage } from "./states.ts";
import { openQueue } from "./store.ts";
import type { Fix } from "./trigger.ts";
import { createTurbo } from "./turbo.ts";

/** How long a photo that is under way may take to be finished after the service was told to stop. */
const FINISH_MS = 5_000;
const MB = 1_000_000;
/** Linux' name of the present boot; elsewhere each start counts as one. */
const BOOT_ID = "/proc/sys/kernel/random/boot_id";
const FIXES_KEPT = 8;

/** Puts the service together and starts it; `boundary` is told of every step. */
export async function startService(
  { config, logger, signal, fail }: ServiceContext<Config>,
  boundary: (name: Boundary) => void,
): Promise<Close> {
  const disown = own(config.STATE_DIR);
  const queue = openQueue(config.STATE_DIR);
  takeOver(queue);
  const spool = openSpool(path.join(config.STATE_DIR, "spool"), {
    maxBytes: config.SPOOL_MAX_MB * MB,
    minFreeBytes: config.SPOOL_MIN_FREE_MB * MB,
  });
  const boot = await readFile(BOOT_ID, "utf8").catch(() => null);
  await spool.sweep(new Set(queue.spooled().keys()), boot !== null && boot === queue.control("boot"));
  queue.setControl("boot", boot);

  const health = createHealth(["camera", "nats", "s3"]);
  const holds = new Map<string, string>();
  const fixes: Fix[] = [];
  const address = cameraAddress(config.CAMERA || config.CAMERA_URL || "wifi", {
    user: config.CAMERA_USER,
    password: config.CAMERA_PASSWORD,
  });
  const camera = openCameraClient(address, { signal });
  const transfers = openCameraClient(address, { signal: laterThan(signal, FINISH_MS) });
  const session = createSession({
    camera,
    health,
    logger,
    limits: {
      raw: config.CAPTURE_RAW,
      rawMinFreeKb: config.RAW_MIN_FREE_MB * 1024,
      batteryWarnPercent: config.BATTERY_WARN_PERCENT,
    },
    timeZone: config.CAMERA_TIME_ZONE,
    place: () => fixes.at(-1) ?? null,
    onStatus: (status) => remember("camera", status),
  });
  const registry = createMetrics("trips-capture");
  const metrics = createCaptureMetrics(registry, { queue, spool, session, holds: allHolds });
  const server = buildServer({ queue, logger, health, metrics: registry });
  const url = await listen(server, config);
  logger.info({ url, camera: address.baseUrl, queue: queue.counts() }, "listening");

  function remember(name: string, value: unknown): void {
    try {
      queue.report(name, value);
    } catch (err) {
      logger.error({ err }, "the queue cannot be written; is the disk full?");
    }
  }
  function allHolds(): string[] {
    const capture = captureHold({ session, queue });
    return [...holds.keys(), ...(isPaused(queue) ? ["paused"] : []), ...(capture === null ? [] : ["capture"])];
  }
  function hold(by: string, reason: string | null): void {
    if ((holds.get(by) ?? null) === reason) return;
    if (reason === null) holds.delete(by);
    else holds.set(by, reason);
    logger[reason === null ? "info" : "warn"]({ by, reason }, reason === null ? "goes on" : "held up");
    remember("holds", Object.fromEntries(holds));
  }

  const objects = openObjects({
    endpoint: config.S3_ENDPOINT,
    region: config.S3_REGION,
    bucket: config.S3_BUCKET,
    accessKeyId: config.S3_ACCESS_KEY_ID,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY,
  });
  let messaging: Messaging | undefined;
  const connected = (): Messaging => {
    if (!messaging) throw new Error("NATS was not reached yet; expected a server at NATS_URL.");
    return messaging;
  };
  const part = (name: "nats" | "s3", problem: string | null) => {
    if (problem === null) health.ready(name);
    else health.waiting(name, problem);
    hold(name, problem);
    remember(name, { ready: problem === null, problem });
  };
  const waitFor = (name: "nats" | "s3", attempt: () => Promise<void>) =>
    untilSuccess(attempt, { signal, onFailure: (err) => part(name, err.message) });
  const connectNats = () =>
    waitFor("nats", async () => {
      messaging ??= await openMessaging({
        url: config.NATS_URL,
        name: "trips-capture",
        onConnection: (state) => part("nats", state === "connected" ? null : "the connection was lost"),
      });
      await ensureStream(messaging, { name: TRIPS_STREAM, subjects: TRIPS_SUBJECTS });
      seenSeq = await lastSequence(messaging);
      part("nats", null);
    });
  const connectS3 = () =>
    waitFor("s3", async () => {
      await objects.ensureBucket();
      part("s3", null);
    });

  let seenSeq: number | null = null;
  let woken = Promise.withResolvers<void>();
  const wake = () => {
    woken.resolve();
    woken = Promise.withResolvers<void>();
  };
  const stages: StageDeps = {
    camera: transfers,
    queue,
    spool,
    prepare: (bytes, file) =>
      preparePhoto(bytes, { camera: config.CAMERA_NAME, source: "camera", name: file.name }, Date.now()),
    store: (upload) => storeVerified(objects, upload),
    publish: async (photo, since) => {
      const published = await publishPhoto(connected(), photo, since);
      seenSeq = Math.max(seenSeq ?? 0, published.seq);
      return published;
    },
    knownSeq: () => seenSeq,
    lastSeq: async () => (seenSeq = await lastSequence(connected())),
    onFix: (fix) => void (fixes.push(fix) > FIXES_KEPT && fixes.shift()),
    now: Date.now,
    boundary,
  };
  const turbo = createTurbo(camera, config.TURBO_FROM);
  const holdOf = async (stage: Stage): Promise<string | null> => {
    if (stage === "store" || stage === "publish") return null;
    if (session.status().mode !== "ready") return session.status().problem;
    if (stage === "delete") return null;
    await turbo.offload(queue.counts().discovered).catch((err: unknown) => logger.debug({ err }, "no turbo transfer"));
    const room = await spool.room(0);
    hold("spool", room.kind === "full" ? room.reason : null);
    return room.kind === "full" ? room.reason : null;
  };
  const worker = (...names: Stage[]) =>
    work(names, {
      stages,
      metrics,
      logger,
      signal,
      hold: holdOf,
      onTrouble: (stage, error) => {
        if (stage === "store") part("s3", error?.message ?? null);
        if (stage === "publish") part("nats", error?.message ?? null);
      },
      woken: () => woken.promise,
      wake,
    });
  const uploading = async () => {
    await Promise.all([connectNats(), connectS3()]);
    await Promise.all(Array.from({ length: config.UPLOADS }, () => worker("publish", "store")));
  };
  const trigger = {
    intervalMs: config.CAPTURE_INTERVAL_S * 1000,
    distanceM: config.CAPTURE_DISTANCE_M,
    minIntervalMs: config.CAPTURE_MIN_INTERVAL_S * 1000,
    maxIntervalMs: config.CAPTURE_MAX_INTERVAL_S * 1000,
  };
  const running = [
    session.run(signal),
    takePictures({
      camera,
      session,
      queue,
      metrics,
      logger,
      signal,
      trigger,
      scanMs: config.SCAN_INTERVAL_S * 1000,
      turbo,
      fixes: () => fixes,
      onQueued: wake,
    }),
    ...Array.from({ length: config.DOWNLOADS }, () => worker("download")),
    uploading(),
    ...(config.DELETE_AFTER_UPLOAD ? [worker("delete")] : []),
  ];
  for (const loop of running) loop.catch(fail);
  return async () => {
    await Promise.allSettled(running);
    await server.close();
    await messaging?.close();
    queue.close();
    disown();
  };
}

function laterThan(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => later.abort(), ms).unref());
  return later.signal;
}
