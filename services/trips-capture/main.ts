import { type Messaging, openMessaging } from "#lib/messaging/connection.ts";
import { ensureStream } from "#lib/messaging/stream.ts";
import { openObjects } from "#lib/objects/objects.ts";
import { TRIPS_STREAM, TRIPS_SUBJECTS } from "#lib/schemas/trips/v1/stream.ts";
import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { untilSuccess } from "#lib/service/retry.ts";
import { runService } from "#lib/service/run.ts";
import { openCameraClient } from "./camera.ts";
import { keepAwake, takePictures, uploadQueue } from "./capture.ts";
import { ConfigSchema } from "./config.ts";
import { publishPhoto } from "./events.ts";
import { createCaptureMetrics } from "./metrics.ts";
import { buildServer } from "./server.ts";
import { openQueue } from "./store.ts";

/** How long a photo that is under way may take to be finished after the service was told to stop. */
const FINISH_MS = 5_000;

await runService({
  name: "trips-capture",
  config: ConfigSchema,
  start: async ({ config, logger, signal, fail }) => {
    const health = createHealth(["camera", "nats", "s3"]);
    const registry = createMetrics("trips-capture");
    const queue = openQueue(config.STATE_DIR);
    const server = buildServer({ queue, logger, health, metrics: registry });
    const url = await listen(server, config);
    logger.info({ url, queue: queue.counts() }, "listening");

    const camera = openCameraClient(config.CAMERA_URL, { signal });
    const downloads = openCameraClient(config.CAMERA_URL, { signal: laterThan(signal, FINISH_MS) });
    const objects = openObjects({
      endpoint: config.S3_ENDPOINT,
      region: config.S3_REGION,
      bucket: config.S3_BUCKET,
      accessKeyId: config.S3_ACCESS_KEY_ID,
      secretAccessKey: config.S3_SECRET_ACCESS_KEY,
    });
    const loops = { camera, queue, health, metrics: createCaptureMetrics(registry, queue), logger, signal };
    let work = Promise.withResolvers<void>();
    const onQueued = () => {
      work.resolve();
      work = Promise.withResolvers<void>();
    };
    let messaging: Messaging | undefined;

    const waitFor = (part: string, attempt: () => Promise<void>) =>
      untilSuccess(attempt, {
        signal,
        onFailure: (err, tries) => {
          health.waiting(part, err.message);
          logger.warn({ err, tries }, `waiting for ${part}`);
        },
      });
    const uploading = async () => {
      await waitFor("nats", async () => {
        messaging ??= await openMessaging({
          url: config.NATS_URL,
          name: "trips-capture",
          onConnection: (state) =>
            state === "connected" ? health.ready("nats") : health.waiting("nats", "the connection was lost"),
        });
        await ensureStream(messaging, { name: TRIPS_STREAM, subjects: TRIPS_SUBJECTS });
        health.ready("nats");
      });
      await waitFor("s3", async () => {
        await objects.ensureBucket();
        health.ready("s3");
      });
      const connected = messaging;
      if (!connected || signal.aborted) return;
      const publish = (photo: Parameters<typeof publishPhoto>[1]) => publishPhoto(connected, photo);
      const upload = { camera: downloads, cameraName: config.CAMERA_NAME, objects, publish, queue, now: Date.now };
      await uploadQueue({ ...loops, upload, woken: () => work.promise });
    };

    const running = [
      keepAwake(loops),
      takePictures({ ...loops, intervalMs: config.CAPTURE_INTERVAL_S * 1000, onQueued }),
      uploading(),
    ];
    for (const loop of running) loop.catch(fail);
    return async () => {
      await Promise.allSettled(running);
      await server.close();
      await messaging?.close();
      queue.close();
    };
  },
});

function laterThan(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener("abort", () => setTimeout(() => later.abort(), ms).unref());
  return later.signal;
}
