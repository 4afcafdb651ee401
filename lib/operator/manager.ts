import type { Health } from "#lib/service/health.ts";
import { createHttpServer, listen } from "#lib/service/http.ts";
import type { Logger } from "#lib/service/logs.ts";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Clock } from "./clock.ts";
import type { Controller } from "./controller.ts";
import { type Fence, noFence, StillRunning } from "./fence.ts";
import { electLeader, type ElectionOptions } from "./lease.ts";
import type { KitMetrics } from "./metrics.ts";

/** What a process with controllers needs. */
export interface ManagerOptions {
  /** The operator's name, for `leader_election_master_status` and log lines. */
  readonly name: string;
  readonly controllers: readonly Pick<Controller, "name" | "synced" | "keepCache" | "lead">[];
  /** Absent for a single replica: then it leads at once, without a Lease. */
  readonly election?: Omit<ElectionOptions, "clock" | "observer">;
  readonly clock: Clock;
  readonly health?: Health;
  readonly metrics?: KitMetrics;
  readonly logger?: Pick<Logger, "info" | "warn" | "error">;
  /** Other work of the leader, such as a drift check: runs beside the controllers and has to end with the signal. */
  readonly whileLeading?: (fence: Fence, signal: AbortSignal) => Promise<void>;
}

/** The part of the health that waits for a controller's cache; hand them to `createHealth`. */
export const cacheParts = (controllers: readonly { readonly name: string }[]): string[] =>
  controllers.map(({ name }) => `cache of ${name}`);

/**
 * Runs controllers until the signal is aborted: keeps all caches, leading or not, so that a standby is warm and ready;
 * reconciles while it leads. Loss of leadership ends the reconciliations, and the process stands by again. After a
 * signal what runs has 30 s to end, while the Lease is still renewed; then the Lease is given back.
 * @throws what a controller cannot outlive: a cache that is not filled, or a reconciliation that does not end in time
 * (then the Lease is left to run out)
 */
export async function runManager(options: ManagerOptions, signal: AbortSignal): Promise<void> {
  const { name, controllers, clock, health, metrics, logger, election } = options;
  const stop = new AbortController();
  const caches = new AbortController();
  const end = () => stop.abort();
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  metrics?.leader(name, false);

  const lead = async (fence: Fence) => {
    metrics?.leader(name, true);
    logger?.info({ operator: name, term: fence.term }, "leading");
    const parts = controllers.map((controller) => controller.lead(fence, stop.signal));
    if (options.whileLeading) parts.push(whileLeading(options.whileLeading, fence, stop.signal));
    try {
      await all(parts, end);
    } finally {
      metrics?.leader(name, false);
    }
  };
  const observer = {
    failed: (error: { readonly kind: string; readonly message: string }) =>
      logger?.warn({ operator: name, kind: error.kind, reason: error.message }, "a request about the lease failed"),
    lost: (why: string) => logger?.warn({ operator: name, reason: why }, "leadership was lost"),
  };
  const work = election ? electLeader({ ...election, clock, observer }, stop.signal, lead) : lead(noFence());
  let broken: { readonly reason: unknown } | undefined;
  const keeping = controllers.map((controller) =>
    controller.keepCache(caches.signal).catch((reason: unknown) => {
      broken = { reason };
      end();
    }),
  );
  const watching = watchHealth(controllers, health, clock, caches.signal);
  try {
    await work;
  } finally {
    caches.abort();
    signal.removeEventListener("abort", end);
    await Promise.all([...keeping, watching]);
  }
  if (broken !== undefined) throw (broken as { readonly reason: unknown }).reason;
}

/** Waits for all, also after one has failed; then tells the worst failure, or the first. */
async function all(parts: readonly Promise<void>[], failed: () => void): Promise<void> {
  for (const part of parts) part.catch(failed);
  const results = await Promise.allSettled(parts);
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((failure) => failure instanceof StillRunning) ?? failures[0];
}

async function whileLeading(
  run: (fence: Fence, signal: AbortSignal) => Promise<void>,
  fence: Fence,
  signal: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const cause of [fence.signal, signal]) {
    if (cause.aborted) end();
    cause.addEventListener("abort", end, { once: true });
  }
  try {
    await run(fence, ending.signal);
  } finally {
    for (const cause of [fence.signal, signal]) cause.removeEventListener("abort", end);
  }
}

const HEALTH_MS = 250;

async function watchHealth(
  controllers: ManagerOptions["controllers"],
  health: Health | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (health === undefined) return;
  const parts = cacheParts(controllers);
  for (const part of parts) health.waiting(part, "its first list has not come yet");
  let waiting = controllers.map((controller, index) => ({ controller, part: parts[index]! }));
  while (waiting.length > 0) {
    for (const { part } of waiting.filter(({ controller }) => controller.synced)) health.ready(part);
    waiting = waiting.filter(({ controller }) => !controller.synced);
    if (waiting.length > 0 && !(await clock.sleep(HEALTH_MS, signal))) return;
  }
}

/** A running operator. */
export interface Operator {
  /** The address of `/healthz`, `/readyz` and `/metrics`. */
  readonly url: string;
  /** Settles when the operator has ended; rejects with what it cannot outlive, after which the process has to end. */
  readonly ended: Promise<void>;
  /** Stops it in order: at most 30 s for what runs, so give `runService` a deadline of 40 s. */
  close(): Promise<void>;
}

/** Runs controllers and serves their health and metrics by HTTP, for an operator's `main.ts`. */
export async function startOperator(
  options: ManagerOptions & {
    readonly health: Health;
    readonly logger: Logger;
    readonly registry: Metrics;
    readonly address: { readonly HOST: string; readonly PORT: number };
  },
): Promise<Operator> {
  const server = createHttpServer({ logger: options.logger, health: options.health, metrics: options.registry });
  const url = await listen(server, options.address);
  const ending = new AbortController();
  const ended = runManager(options, ending.signal).finally(() => server.close());
  ended.catch(() => {});
  return {
    url,
    ended,
    close: async () => {
      ending.abort();
      await ended;
    },
  };
}
