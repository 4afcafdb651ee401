import { ConfigError, loadConfig } from "#lib/service/config.ts";
import { type Arguments, readArguments } from "./cli.ts";
import type { Command, WatchCommand } from "./command.ts";
import {
  ApiSchema,
  ConfigSchema,
  EnvironmentError,
  fullEnvironment,
  standingFolder,
  StateSchema,
  StreamSchema,
} from "./config.ts";
import { openDestination, openStream, UnavailableError } from "./connect.ts";
import { publishDeletion, publishTrip } from "./events.ts";
import { EXIT, helpText } from "./help.ts";
import { OptionsError } from "./origin.ts";
import { publishPhotos, runJournal, trial } from "./photos.ts";
import { createReport } from "./report.ts";
import { openJournal } from "./store.ts";
import { exportTrip } from "./export.ts";
import { importTracks } from "./tracks.ts";
import { writeStatus } from "./status.ts";
import { watchFolder } from "./watch.ts";

const streams = { out: process.stdout, err: process.stderr };
const read = readArguments(process.argv.slice(2), standingFolder());
if (!read.ok) {
  process.stderr.write(`trips-publish: ${read.message}\nSee: trips-publish --help\n`);
  process.exit(EXIT.usage);
}
if (read.command.name === "watch") await watchFolder(read.command, read.env).catch(failed);
else await run(read.command, read);

async function run(command: Exclude<Command, WatchCommand>, shared: Arguments & { ok: true }): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(EXIT.interrupted);
      process.stderr.write("\nstopping: what is under way is finished; again to end at once\n");
      stop.abort();
    });
  try {
    process.exitCode = await execute(command, shared, stop.signal);
  } catch (error) {
    failed(error as Error);
  }
}

function failed(error: Error): void {
  process.stderr.write(`trips-publish: ${error.message}\n`);
  process.exitCode = statusOf(error);
}

function statusOf(error: unknown): number {
  if (error instanceof ConfigError || error instanceof EnvironmentError) return EXIT.environment;
  if (error instanceof OptionsError) return EXIT.usage;
  return error instanceof UnavailableError ? EXIT.later : EXIT.failed;
}

async function execute(
  command: Exclude<Command, WatchCommand>,
  shared: Arguments & { ok: true },
  signal: AbortSignal,
): Promise<number> {
  const { json } = shared;
  const env = fullEnvironment(shared.env);
  const report = createReport(streams, json);
  switch (command.name) {
    case "help":
      process.stdout.write(helpText(command.of));
      return EXIT.done;
    case "status":
      return withJournal(loadConfig(StateSchema, env).STATE_DIR, async (journal) =>
        writeStatus(journal, command.limit, json, process.stdout),
      );
    case "photos":
      if (command.dryRun)
        return withJournal(null, (journal) => publishPhotos(command, { journal, publish: trial, report, signal }));
      return toDestination((journal, publish) => publishPhotos(command, { journal, publish, report, signal }));
    case "retry":
      return toDestination(async (journal, publish) => {
        report.note(`${journal.retry(command.reason ?? undefined)} files are tried again`);
        return runJournal({ journal, publish, report, signal }, command.run);
      });
    case "import":
      if (command.dryRun) return importTracks(command, { messaging: null, report, signal });
      return toStream((messaging) => importTracks(command, { messaging, report, signal }));
    case "export":
      return exportTrip(command, loadConfig(ApiSchema, env).TRIPS_API_URL, streams, signal);
    case "delete":
      if (!command.dryRun)
        await toStream(async (messaging) => {
          for (const id of command.ids) await publishDeletion(messaging, { id });
        });
      report.end({ [command.dryRun ? "would be deleted" : "deleted"]: command.ids.length });
      return EXIT.done;
    case "trip-set": {
      const { id, title, from, to, cameras } = command;
      await toStream((messaging) =>
        publishTrip(messaging, { id, title, from, to, ...(cameras.length > 0 ? { cameras: [...cameras] } : {}) }),
      );
      return EXIT.done;
    }
    case "trip-remove":
      await toStream((messaging) =>
        publishTrip(messaging, {
          id: command.id,
          title: command.id,
          from: new Date(0).toISOString(),
          to: null,
          deleted: true,
        }),
      );
      return EXIT.done;
  }

  async function toDestination(
    work: (
      journal: ReturnType<typeof openJournal>,
      publish: Awaited<ReturnType<typeof openDestination>>["publish"],
    ) => Promise<number>,
  ): Promise<number> {
    const config = loadConfig(ConfigSchema, env);
    const destination = await openDestination(config);
    try {
      return await withJournal(config.STATE_DIR, (journal) => work(journal, destination.publish));
    } finally {
      await destination.close();
    }
  }

  async function toStream<T>(work: (messaging: Awaited<ReturnType<typeof openStream>>) => Promise<T>): Promise<T> {
    const messaging = await openStream(loadConfig(StreamSchema, env).NATS_URL);
    try {
      return await work(messaging);
    } finally {
      await messaging.close();
    }
  }
}

async function withJournal(
  folder: string | null,
  work: (journal: ReturnType<typeof openJournal>) => Promise<number>,
): Promise<number> {
  const journal = openJournal(folder);
  try {
    return await work(journal);
  } finally {
    journal.close();
  }
}
