import { type Messaging, openMessaging } from "#lib/messaging/connection.ts";
import { publishEvent } from "#lib/messaging/events.ts";
import { type Following, follow } from "#lib/messaging/follow.ts";
import { takeLease } from "#lib/messaging/lease.ts";
import { ensureStream } from "#lib/messaging/stream.ts";
import { openObjects } from "#lib/objects/objects.ts";
import { TRIPS_STREAM, TRIPS_SUBJECTS } from "#lib/schemas/trips/v1/stream.ts";
import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { untilSuccess } from "#lib/service/retry.ts";
import type { Close, ServiceContext } from "#lib/service/run.ts";
import { createAccess, keysIn } from "./access.ts";
import type { Config } from "./config.ts";
import { eventOf } from "./events.ts";
import { createHistory, type History } from "./history.ts";
import { type Keeper, startKeeper } from "./keeper.ts";
import { createLive, LIVE_LIMITS } from "./live.ts";
import { createApiMetrics } from "./metrics.ts";
import { createReader } from "./reader.ts";
import { buildServer } from "./server.ts";
import { openSnapshots } from "./snapshots.ts";
import { createTripStore } from "./store.ts";

/** A process that writes a snapshot for longer than this is taken for dead. */
const LEASE_MS = 120_000;

/** A running service. */
export interface Running {
  /** Where it listens, such as `http://127.0.0.1:8083`. */
  readonly url: string;
  readonly close: Close;
}

/** Starts trips-api: it listens at once, and is ready when the history is known. */
export async function startService({ config, logger, signal, fail }: ServiceContext<Config>): Promise<Running> {
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
  const reader = createReader(store);
  const live = createLive(reader, LIVE_LIMITS, () => metrics.slowClients.inc());
  const access = createAccess(store, { keys: keysIn(config.API_KEYS), reads: config.READS });
  metrics.observe(store, live);

  let messaging: Messaging | undefined;
  let following: Following | undefined;
  let history: History | null = null;
  let keeper: Keeper | undefined;
  const server = await buildServer({
    ...{ reader, live, access, objects, logger, health, metrics: registry },
    limits: {
      requestsPerMinute: config.REQUESTS_PER_MINUTE,
      sockets: config.SOCKETS_PER_ADDRESS,
      proxies: config.PROXIES,
    },
    publicUrl: config.PUBLIC_URL ?? null,
    history: () => history,
    publish: () => {
      const open = messaging;
      return open ? async (event) => (await publishEvent(open, event)).seq : null;
    },
  });
  const url = await listen(server, config);
  logger.info({ url }, "listening");

  const onMessage = (message: Parameters<typeof eventOf>[0]) => {
    const event = eventOf(message);
    if (event.kind === "unreadable") {
      metrics.unreadable.inc();
      logger.warn({ seq: message.seq, subject: message.subject, problem: event.problem }, "event skipped");
      store.skip(message.seq, message.subject, event.problem);
    } else if (store.apply(event)) {
      live.changed();
    }
    keeper?.look();
  };
  const connect = async (): Promise<Messaging> => {
    messaging ??= await openMessaging({
      url: config.NATS_URL,
      name: "trips-api",
      onConnection: (state) => {
        metrics.connected.set(state === "connected" ? 1 : 0);
        logger.info({ state }, "nats");
      },
    });
    await ensureStream(messaging, { name: TRIPS_STREAM, subjects: TRIPS_SUBJECTS });
    return messaging;
  };
  const begin = async () => {
    const open = await connect();
    const { created, state } = await open.manager.streams.info(TRIPS_STREAM);
    const stream = { name: TRIPS_STREAM, created };
    const snapshots = openSnapshots({
      objects,
      takeLease: () => takeLease(open, { stream: "TRIPS_LEASES", name: "snapshot", ttlMs: LEASE_MS }),
      onRefused: (seq, reason) => {
        metrics.snapshotsRefused.inc();
        logger.warn({ seq, reason }, "snapshot not used");
      },
    });
    const isNew = store.seq === 0;
    const base = !isNew
      ? null
      : await snapshots.load(stream, state.last_seq).catch((err: Error) => {
          logger.warn({ err }, "no snapshot can be read; the history is read from the stream");
          return null;
        });
    store.incarnation = created;
    if (base) store.restore(base);
    const startedAt = store.seq;
    metrics.snapshotSeq.set(startedAt);
    following ??= await follow(open, { stream: TRIPS_STREAM, afterSeq: startedAt, onMessage });
    history = createHistory({ messaging: open, stream, snapshots });
    keeper ??= startKeeper({
      ...{ store, snapshots, stream, startedAt, metrics, logger, fail },
      everyEvents: config.SNAPSHOT_EVENTS,
      recheckMs: config.RECHECK_MINUTES * 60_000,
    });
  };
  const replay = async () => {
    const start = performance.now();
    await untilSuccess(begin, {
      signal,
      onFailure: (err, tries) => {
        health.waiting("replay", err.message);
        logger.warn({ err, tries }, "waiting for nats");
      },
    });
    if (!following || signal.aborted) return;
    following.ended.catch(fail);
    health.waiting("replay", "the history is being read");
    await Promise.race([following.caughtUp, following.ended]);
    if (signal.aborted) return;
    metrics.replaySeconds.set((performance.now() - start) / 1_000);
    logger.info({ seq: store.seq, ...store.stats() }, "caught up");
    health.ready("replay");
    live.changed();
    keeper?.look();
    keeper?.recheck().catch(fail);
  };
  const replaying = replay();
  replaying.catch(fail);

  const close = async () => {
    await server.close();
    await following?.close();
    await keeper?.close();
    await messaging?.close();
    await replaying.catch(() => {});
  };
  return { url, close };
}
