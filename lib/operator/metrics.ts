import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { WorkQueue } from "./queue.ts";

/** How a reconciliation ended, as the label `result` has it. */
export type ResultLabel = "success" | "error" | "requeue" | "requeue_after";

/** The metrics of all controllers of a process, under the names that dashboards of controller-runtime know. */
export interface KitMetrics {
  controller(name: string, workers: number): ControllerMetrics;
  /** `leader_election_master_status{name}`: 1 while this process leads. */
  leader(name: string, leading: boolean): void;
  /** `events_discarded_total`: Events for people that were not written. */
  eventDiscarded(): void;
}

/** What one controller counts. */
export interface ControllerMetrics {
  reconciled(result: ResultLabel, seconds: number): void;
  failed(how: { readonly terminal: boolean; readonly panic: boolean; readonly timeout: boolean }): void;
  active(workers: number): void;
  queue: { added(): void; delayed(): void; taken(waitedMs: number): void; finished(workedMs: number): void };
  reflector: {
    listed(objects: number, ms: number): void;
    failed(what: "list" | "watch", kind: string): void;
    malformed(): void;
  };
  /** A key waited for the cache to have this controller's own write. */
  held(ms: number): void;
  /** The queue that the gauges are read of. */
  watchQueue(queue: WorkQueue): void;
}

const RECONCILE_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
const QUEUE_SECONDS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

/** Priorities that are told apart; more would make too many series. */
const PRIORITIES = 25;

/** The depth by the label `priority`; 0 is always there. */
function shownDepths(depths: ReadonlyMap<number, number>): ReadonlyMap<string, number> {
  const shown = new Map([["0", depths.get(0) ?? 0]]);
  for (const [priority, depth] of depths) {
    const known = shown.has(String(priority)) || shown.size < PRIORITIES;
    const label = known ? String(priority) : "exceeded_cardinality_limit";
    shown.set(label, label === "0" ? depth : (shown.get(label) ?? 0) + depth);
  }
  return shown;
}

/**
 * Registers the kit's metrics: `controller_runtime_*` and `workqueue_*` as controller-runtime has them,
 * `leader_election_master_status`, and of our own `reflector_lists_total`, `reflector_list_seconds`,
 * `reflector_failures_total{what,kind}`, `reflector_malformed_total`, `reflector_objects`,
 * `controller_read_your_writes_seconds` and `events_discarded_total`. Make it once a registry.
 */
export function kitMetrics(registry: Registry): KitMetrics {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers });
  const byController = ["controller" as const];
  const byQueue = ["name" as const, "controller" as const];
  const runtime = (name: string, help: string) => counter(`controller_runtime_${name}`, help, byController);
  const queues = new Map<string, WorkQueue>();
  const ofQueues = (name: string, help: string, value: (queue: WorkQueue) => number) =>
    new Gauge({
      name,
      help,
      labelNames: byQueue,
      registers,
      collect() {
        for (const [controller, queue] of queues) this.set({ name: controller, controller }, value(queue));
      },
    });
  const ages = (queue: WorkQueue) => [...queue.working().values()].map((ms) => ms / 1000);

  const reconciles = counter("controller_runtime_reconcile_total", "Reconciliations by their result.", [
    "controller",
    "result",
  ]);
  const errors = runtime("reconcile_errors_total", "Reconciliations that failed.");
  const terminals = runtime("terminal_reconcile_errors_total", "Reconciliations that trying again cannot help.");
  const panics = runtime("reconcile_panics_total", "Reconciliations that failed by a bug of the program.");
  const timeouts = runtime("reconcile_timeouts_total", "Reconciliations that took longer than they may.");
  const seconds = histogram(
    "controller_runtime_reconcile_time_seconds",
    "Time of a reconciliation.",
    byController,
    RECONCILE_SECONDS,
  );
  const most = gauge(
    "controller_runtime_max_concurrent_reconciles",
    "Reconciliations that may run at once.",
    byController,
  );
  const active = gauge("controller_runtime_active_workers", "Reconciliations that run now.", byController);
  const adds = counter("workqueue_adds_total", "Keys that were added.", byQueue);
  const retries = counter(
    "workqueue_retries_total",
    "Keys that were added with a delay, after failures and by requeueAfter.",
    byQueue,
  );
  const waits = histogram("workqueue_queue_duration_seconds", "Time from ready to taken.", byQueue, QUEUE_SECONDS);
  const works = histogram("workqueue_work_duration_seconds", "Time from taken to done.", byQueue, QUEUE_SECONDS);
  new Gauge({
    name: "workqueue_depth",
    help: "Keys that are ready and wait, by priority.",
    labelNames: [...byQueue, "priority"],
    registers,
    collect() {
      this.reset();
      for (const [controller, queue] of queues)
        for (const [priority, depth] of shownDepths(queue.depths()))
          this.set({ name: controller, controller, priority }, depth);
    },
  });
  ofQueues("workqueue_unfinished_work_seconds", "Time that the work which runs has taken, summed.", (queue) =>
    ages(queue).reduce((sum, age) => sum + age, 0),
  );
  ofQueues("workqueue_longest_running_processor_seconds", "Time that the longest of it has taken.", (queue) =>
    Math.max(0, ...ages(queue)),
  );
  const master = gauge("leader_election_master_status", "1 while this process leads.", ["name"]);
  const lists = counter("reflector_lists_total", "Whole lists that were read.", byController);
  const listSeconds = gauge("reflector_list_seconds", "Time of the last whole list.", byController);
  const objects = gauge("reflector_objects", "Objects of the last whole list.", byController);
  const failures = counter("reflector_failures_total", "Lists and watches that failed.", [
    "controller",
    "what",
    "kind",
  ]);
  const malformed = counter("reflector_malformed_total", "What was read and is no object.", byController);
  const held = histogram(
    "controller_read_your_writes_seconds",
    "Time that a key waited until the cache had this controller's own write.",
    byController,
    [0.001, 0.01, 0.1, 1, 10, 60],
  );
  const discarded = counter("events_discarded_total", "Events for people that were not written.", []);

  return {
    leader: (name, leading) => master.set({ name }, leading ? 1 : 0),
    eventDiscarded: () => discarded.inc(),
    controller: (controller, workers) => {
      const queue = { name: controller, controller };
      most.set({ controller }, workers);
      active.set({ controller }, 0);
      for (const one of [errors, terminals, panics, timeouts, malformed]) one.inc({ controller }, 0);
      for (const result of ["success", "error", "requeue", "requeue_after"]) reconciles.inc({ controller, result }, 0);
      return {
        reconciled: (result, took) => {
          reconciles.inc({ controller, result });
          seconds.observe({ controller }, took);
        },
        failed: ({ terminal, panic, timeout }) => {
          errors.inc({ controller });
          if (terminal) terminals.inc({ controller });
          if (panic) panics.inc({ controller });
          if (timeout) timeouts.inc({ controller });
        },
        active: (count) => active.set({ controller }, count),
        queue: {
          added: () => adds.inc(queue),
          delayed: () => retries.inc(queue),
          taken: (waitedMs) => waits.observe(queue, waitedMs / 1000),
          finished: (workedMs) => works.observe(queue, workedMs / 1000),
        },
        reflector: {
          listed: (count, ms) => {
            lists.inc({ controller });
            objects.set({ controller }, count);
            listSeconds.set({ controller }, ms / 1000);
          },
          failed: (what, kind) => failures.inc({ controller, what, kind }),
          malformed: () => malformed.inc({ controller }),
        },
        held: (ms) => held.observe({ controller }, ms / 1000),
        watchQueue: (workQueue) => void queues.set(controller, workQueue),
      };
    },
  };
}
