import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { kitMetrics } from "./metrics.ts";
import { LOW_PRIORITY, WorkQueue } from "./queue.ts";
import { virtualClock } from "./virtual-clock.ts";

const reconcileSeconds = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
const queueSeconds = Array.from({ length: 12 }, (_, index) => 10 ** (index - 8));

/** Name → type, labels and buckets, as controller-runtime and client-go have them. */
const known: Record<string, [type: string, labels: string, buckets?: readonly number[]]> = {
  controller_runtime_reconcile_total: ["counter", "controller result"],
  controller_runtime_reconcile_errors_total: ["counter", "controller"],
  controller_runtime_terminal_reconcile_errors_total: ["counter", "controller"],
  controller_runtime_reconcile_panics_total: ["counter", "controller"],
  controller_runtime_reconcile_timeouts_total: ["counter", "controller"],
  controller_runtime_reconcile_time_seconds: ["histogram", "controller", reconcileSeconds],
  controller_runtime_max_concurrent_reconciles: ["gauge", "controller"],
  controller_runtime_active_workers: ["gauge", "controller"],
  workqueue_depth: ["gauge", "name controller priority"],
  workqueue_adds_total: ["counter", "name controller"],
  workqueue_queue_duration_seconds: ["histogram", "name controller", queueSeconds],
  workqueue_work_duration_seconds: ["histogram", "name controller", queueSeconds],
  workqueue_unfinished_work_seconds: ["gauge", "name controller"],
  workqueue_longest_running_processor_seconds: ["gauge", "name controller"],
  workqueue_retries_total: ["counter", "name controller"],
  leader_election_master_status: ["gauge", "name"],
};

/** A controller's metrics after one of everything has happened. */
async function used() {
  const registry = new Registry();
  const clock = virtualClock();
  const metrics = kitMetrics(registry);
  const counts = metrics.controller("maps", 3);
  const queue = new WorkQueue(clock, counts.queue);
  counts.watchQueue(queue);
  metrics.leader("kit", true);
  counts.active(1);
  counts.reconciled("success", 0.2);
  counts.failed({ terminal: true, panic: true, timeout: true });
  for (const key of ["a", "b"]) queue.add(key);
  queue.add("later", { delayMs: 600_000 });
  queue.add("listed", { priority: LOW_PRIORITY });
  await queue.next();
  await queue.next();
  await clock.advance(2000);
  queue.done("a");
  await clock.advance(3000);
  return { registry, queue, text: await registry.metrics() };
}

test("every metric that dashboards know is there, with its type, its labels and its buckets", async () => {
  const { text } = await used();
  for (const [name, [type, labels, buckets]] of Object.entries(known)) {
    expect(text).toContain(`# TYPE ${name} ${type}\n`);
    const sample = buckets === undefined ? name : `${name}_count`;
    const line = text.split("\n").find((one) => one.startsWith(`${sample}{`));
    expect([name, [...(line ?? "").matchAll(/(\w+)="/g)].map(([, label]) => label).join(" ")]).toEqual([name, labels]);
    if (buckets === undefined) continue;
    const found = [...text.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"`, "gm"))].map(([, le]) => Number(le));
    expect(found.slice(0, -1)).toEqual(buckets);
    expect(text).toContain(`${name}_bucket{le="+Inf"`);
  }
});

test("the metrics say what the queue and its workers do", async () => {
  const { text } = await used();
  for (const line of [
    'workqueue_depth{name="maps",controller="maps",priority="0"} 0',
    'workqueue_depth{name="maps",controller="maps",priority="-100"} 1',
    'workqueue_adds_total{name="maps",controller="maps"} 3',
    'workqueue_retries_total{name="maps",controller="maps"} 1',
    'workqueue_unfinished_work_seconds{name="maps",controller="maps"} 5',
    'workqueue_longest_running_processor_seconds{name="maps",controller="maps"} 5',
    'workqueue_work_duration_seconds_sum{name="maps",controller="maps"} 2',
    'workqueue_queue_duration_seconds_count{name="maps",controller="maps"} 2',
    'controller_runtime_max_concurrent_reconciles{controller="maps"} 3',
    'controller_runtime_reconcile_total{controller="maps",result="success"} 1',
    'controller_runtime_reconcile_total{controller="maps",result="requeue_after"} 0',
    'controller_runtime_reconcile_timeouts_total{controller="maps"} 1',
    'leader_election_master_status{name="kit"} 1',
  ])
    expect(text).toContain(`${line}\n`);
});

test("more priorities than a dashboard can show are one series", async () => {
  const { registry, queue } = await used();
  for (let priority = 1; priority <= 40; priority++) queue.add(`key ${priority}`, { priority });
  const { values } = await registry.getSingleMetric("workqueue_depth")!.get();
  expect(values.length).toBe(26);
  expect(values.reduce((sum, { value }) => sum + value, 0)).toBe(41);
  expect(values.find(({ labels }) => labels["priority" as never] === "exceeded_cardinality_limit")?.value).toBe(17);
});
