import { Counter, Gauge } from "prom-client";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Live } from "./live.ts";
import type { TripStore } from "./store.ts";

/** What trips-api counts. */
export interface ApiMetrics {
  readonly unreadable: Counter;
  readonly slowClients: Counter;
  readonly snapshotsWritten: Counter;
  readonly snapshotsRefused: Counter;
  readonly rechecks: Counter<"result">;
  readonly connected: Gauge;
  /** The sequence of the snapshot that the process began with; 0 without one. */
  readonly snapshotSeq: Gauge;
  /** Seconds from the first word to NATS until the history was known. */
  readonly replaySeconds: Gauge;
  /** Reads these gauges whenever the metrics are asked for. */
  observe(store: TripStore, live: Live): void;
}

/** Registers the metrics of trips-api. */
export function createApiMetrics(registry: Metrics): ApiMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name: `trips_api_${name}`, help, registers });
  const plain = (name: string, help: string) => new Gauge({ name: `trips_api_${name}`, help, registers });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `trips_api_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  return {
    unreadable: counter("unreadable_events_total", "Events that did not fit their schema"),
    slowClients: counter("slow_clients_total", "Live sockets closed with 1013"),
    snapshotsWritten: counter("snapshots_written_total", "Snapshots written by this process"),
    snapshotsRefused: counter(
      "snapshots_refused_total",
      "Snapshots that were not used because something is wrong with them",
    ),
    rechecks: new Counter({
      ...{ name: "trips_api_rechecks_total", help: "Full hashes of the state, by whether it was right", registers },
      labelNames: ["result"],
    }),
    connected: plain("nats_connected", "1 while NATS is connected"),
    snapshotSeq: plain("snapshot_seq", "Sequence of the snapshot that it began with, 0 without one"),
    replaySeconds: plain("replay_seconds", "How long it took at start until the history was known"),
    observe(store, live) {
      gauge("points", "Points in memory", () => store.stats().points);
      gauge("seq", "Last folded sequence of the stream", () => store.seq);
      gauge("viewers", "Open live sockets", () => live.viewers());
    },
  };
}
