import type { Messaging } from "#lib/messaging/connection.ts";
import { createHealth, type Health } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { untilSuccess, waitMs } from "#lib/service/retry.ts";
import { runService } from "#lib/service/run.ts";
import { createArrivals } from "./arrivals.ts";
import type { WatchCommand } from "./command.ts";
import { adoptEnvironment, type Config, WatchSchema } from "./config.ts";
import { openBucket, openStream, publisherTo } from "./connect.ts";
import { type ImportDeps, runImport } from "./importer.ts";
import { createWatchMetrics } from "./metrics.ts";
import { openOrigins } from "./origin.ts";
import { listPictures } from "./scan.ts";
import { buildServer } from "./server.ts";
import { type FoundFile, type Journal, openJournal } from "./store.ts";

const QUIET_MS = 2_000;
const LOOK_MS = 1_000;

/** Publishes what arrives in a folder until the process is told to stop; what is under way then is finished. */
export async function watchFolder(command: WatchCommand, envFile: string | undefined): Promise<void> {
  adoptEnvironment(envFile);
  await runService({
    name: "trips-publish",
    config: WatchSchema,
    start: async ({ config, logger, signal, fail }) => {
      const health = createHealth(["folder", "nats", "s3"]);
      const registry = createMetrics("trips-publish");
      const journal = openJournal(config.STATE_DIR);
      const metrics = createWatchMetrics(registry, journal);
      const server = buildServer({ journal, logger, health, metrics: registry });
      logger.info(
        { url: await listen(server, config), folder: command.folder, journal: journal.counts() },
        "listening",
      );
      const origins = await openOrigins(command.photo, [], "import", command.run.mostBytes);
      let messaging: Messaging | undefined;

      const publishing = async () => {
        messaging = await connect(config, health, logger, signal);
        if (!messaging) return;
        const work: ImportDeps = {
          ...command.run,
          journal,
          originOf: async (item) => origins.originOf(item),
          publish: publisherTo(openBucket(config), messaging),
          now: Date.now,
          onResult(result) {
            metrics.result(result);
            logger[result.kind === "later" ? "warn" : "info"](result, result.kind);
          },
        };
        for (; !signal.aborted; await waitMs(LOOK_MS, signal)) await runImport(work, signal);
      };
      const running = [publishing(), look(command, journal, health, logger, signal)];
      for (const loop of running) loop.catch(fail);
      return async () => {
        await Promise.allSettled(running);
        await server.close();
        await messaging?.close();
        journal.close();
      };
    },
  });
}

/** Waits for the stream and the bucket; undefined when the signal came first. */
async function connect(
  config: Config,
  health: Health,
  logger: Logger,
  signal: AbortSignal,
): Promise<Messaging | undefined> {
  const waitFor = <T>(part: string, attempt: () => Promise<T>) =>
    untilSuccess(attempt, {
      signal,
      onFailure: (err, tries) => {
        health.waiting(part, err.message);
        logger.warn({ err, tries }, `waiting for ${part}`);
      },
    });
  const messaging = await waitFor("nats", () =>
    openStream(config.NATS_URL, (state) =>
      state === "connected" ? health.ready("nats") : health.waiting("nats", "the connection was lost"),
    ),
  );
  await waitFor("s3", async () => {
    await openBucket(config).ensureBucket();
    health.ready("s3");
  });
  return messaging;
}

async function look(
  { folder, photo }: WatchCommand,
  journal: Journal,
  health: Health,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const arrivals = createArrivals(QUIET_MS);
  const options = JSON.stringify(photo);
  for (; !signal.aborted; await waitMs(LOOK_MS, signal)) {
    const files: FoundFile[] = [];
    try {
      for await (const listing of listPictures(folder)) files.push(...listing.files);
      health.ready("folder");
    } catch (err) {
      health.waiting("folder", (err as Error).message);
      logger.warn({ err }, "the folder was not read");
      continue;
    }
    const added = journal.add(arrivals.settled(files, Date.now()), options);
    if (added > 0) logger.info({ added }, "pictures arrived");
  }
}
