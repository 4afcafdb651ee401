import type { Static, TObject, TProperties } from "typebox";
import { ConfigError, loadConfig } from "./config.ts";
import { createLogger, type Logger } from "./logs.ts";

/** What a service gets to start with. */
export interface ServiceContext<Config> {
  readonly config: Config;
  readonly logger: Logger;
  /** Aborted as soon as the service has to stop; hand it to everything that waits. */
  readonly signal: AbortSignal;
  /** Stops the service with exit status 1 because of an error that it cannot outlive. */
  fail(error: Error): void;
}

/** Ends a started service in order: no new work, present work finished, connections closed. */
export type Close = () => Promise<void>;

/**
 * Runs a service until SIGTERM or SIGINT: reads its configuration, starts it, and closes it
 * within `deadlineMs` (10 s unless told). A second signal ends the process at once.
 *
 * Exit status: 0 after an orderly stop, 1 after a failure or a missed deadline,
 * 2 when the environment does not fit the configuration.
 */
export async function runService<Properties extends TProperties>(options: {
  name: string;
  config: TObject<Properties>;
  deadlineMs?: number;
  start(context: ServiceContext<Readonly<Static<TObject<Properties>>>>): Promise<Close>;
}): Promise<void> {
  const config = configOrExit(options.config);
  const logger = createLogger({ name: options.name, level: (config as { LOG_LEVEL?: string }).LOG_LEVEL ?? "info" });
  const controller = new AbortController();
  let close: Close | undefined;
  let stopping = false;

  const stop = async (status: number, why: object, message: string) => {
    if (stopping) {
      logger.warn(why, "asked to stop again: ending at once");
      process.exit(1);
    }
    stopping = true;
    logger[status === 0 ? "info" : "fatal"](why, message);
    const deadlineMs = options.deadlineMs ?? 10_000;
    setTimeout(() => {
      logger.fatal({ deadlineMs }, "did not stop within the deadline");
      process.exit(1);
    }, deadlineMs).unref();
    controller.abort();
    try {
      await close?.();
    } catch (err) {
      logger.fatal({ err }, "stopping failed");
      process.exit(1);
    }
    logger.info("stopped");
    process.exit(status);
  };

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => void stop(0, { signal }, "stopping"));
  }
  const fail = (err: Error) =>
    void (stopping ? logger.error({ err }, "failed while stopping") : stop(1, { err }, "failed"));
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", (reason) => fail(reason instanceof Error ? reason : new Error(String(reason))));

  try {
    close = await options.start({ config, logger, signal: controller.signal, fail });
  } catch (err) {
    fail(err as Error);
  }
}

function configOrExit<Properties extends TProperties>(schema: TObject<Properties>) {
  try {
    return loadConfig(schema);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
