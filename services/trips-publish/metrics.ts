import { Counter, Gauge } from "prom-client";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Result } from "./importer.ts";
import type { Journal } from "./store.ts";

/** What the service counts while it watches a folder. */
export interface WatchMetrics {
  result(result: Result): void;
}

/** Registers the metrics; what the journal holds is read when they are asked for. */
export function createWatchMetrics(registry: Metrics, journal: Journal): WatchMetrics {
  const registers = [registry];
  new Gauge({
    name: "trips_publish_files",
    help: "Files in the journal by state",
    labelNames: ["state"],
    registers,
    collect() {
      for (const [state, count] of Object.entries(journal.counts())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: "trips_publish_aside_files",
    help: "Files that were kept aside, by reason",
    labelNames: ["reason"],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(journal.reasons())) this.set({ reason }, count);
    },
  });
  const results = new Counter({
    name: "trips_publish_results_total",
    help: "Attempts at files, by what came of them (published, duplicate, aside, later)",
    labelNames: ["kind"],
    registers,
  });
  return { result: ({ kind }) => results.inc({ kind }) };
}
