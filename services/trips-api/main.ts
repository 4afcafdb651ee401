import { type Messaging, openMessaging } from "#lib/messaging/connection.ts";
import { type Following, follow } from "#lib/messaging/follow.ts";
import { ensureStream } from "#lib/messaging/stream.ts";
import { openObjects } from "#lib/objects/objects.ts";
import { TRIPS_STREAM, TRIPS_SUBJECTS } from "#lib/schemas/trips/v1/stream.ts";
import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { untilSuccess } from "#lib/service/retry.ts";
import { runService } from "#lib/service/run.ts";
import { ConfigSchema } from "./config.ts";
import { eventOf } from "./events.ts";
import { createLive, LIVE_LIMITS } from "./live.ts";
import { createApiMetrics } from "./metrics.ts";
import { buildServer } from "./server.ts";
import { createTripStore } from "./store.ts";

await runService({
  name: "trips-api",
  config: ConfigSchema,
  start: async ({ config, logger, signal, fail }) => {
    const health = createHealth(["replay"]);
    const registry = createMetrics("trips-api");
    const metrics = createApiMetrics(registry);
    const objects = openObjects({
      endpoint: config.S3_ENDPOINT,
      region: config.S3_REGION,
      bucket: config.S3_BUCKET,
      accessKeyId: config.S3_ACCESS_KEY_ID,
      secretAccessKey: config.S3_SECRET_ACCESS_KEY,
    });
    const store = createTripStore();
    const live = createLive(store, LIVE_LIMITS, () => metrics.slowClients.inc());
    metrics.observe(store, live);
    const server = await buildServer({ store, live, objects, logger, health, metrics: registry });
    logger.info({ url: await listen(server, config) }, "listening");

    const onMessage = (message: Parameters<typeof eventOf>[0]) => {
      const event = eventOf(message);
      if (event.kind === "unreadable") {
        metrics.unreadable.inc();
        logger.warn({ seq: message.seq, subject: message.subject, problem: event.problem }, "event skipped");
        store.skip(message.seq);
      } else if (store.apply(event)) {
        live.changed();
      }
    };

    let messaging: Messaging | undefined;
    let following: Following | undefined;
    const replay = async () => {
      await untilSuccess(
        async () => {
          messaging ??= await openMessaging({
            url: config.NATS_URL,
            name: "trips-api",
            onConnection: (state) => {
              metrics.connected.set(state === "connected" ? 1 : 0);
              logger.info({ state }, "nats");
            },
          });
          await ensureStream(messaging, { name: TRIPS_STREAM, subjects: TRIPS_SUBJECTS });
          following ??= await follow(messaging, { stream: TRIPS_STREAM, onMessage });
        },
        {
          signal,
          onFailure: (err, tries) => {
            health.waiting("replay", err.message);
            logger.warn({ err, tries }, "waiting for nats");
          },
        },
      );
      if (!following || signal.aborted) return;
      following.ended.catch(fail);
      health.waiting("replay", "the history is being read");
      await Promise.race([following.caughtUp, following.ended]);
      if (signal.aborted) return;
      logger.info({ seq: store.seq, ...store.stats() }, "caught up");
      health.ready("replay");
    };
    const replaying = replay();
    replaying.catch(fail);

    return async () => {
      await server.close();
      await following?.close();
      await messaging?.close();
      await replaying.catch(() => {});
    };
  },
});
