import { Counter, Gauge } from "prom-client";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Live } from "./live.ts";
import type { TripStore } from "./store.ts";

/** What trips-api counts. */
export interface ApiMetrics {
  readonly unreadable: Counter;
  readonly slowClients: Counter;
  readonly connected: Gauge;
  /** Reads these gauges whenever the metrics are asked for. */
  observe(store: TripStore, live: Live): void;
}

/** Registers the metrics of trips-api. */
export function createApiMetrics(registry: Metrics): ApiMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  return {
    unreadable: new Counter({
      name: "trips_api_unreadable_events_total",
      help: "Events that did not fit their schema",
      registers,
    }),
    slowClients: new Counter({
      name: "trips_api_slow_clients_total",
      help: "Live sockets closed with 1013",
      registers,
    }),
    connected: new Gauge({ name: "trips_api_nats_connected", help: "1 while NATS is connected", registers }),
    observe(store, live) {
      gauge("trips_api_points", "Points in memory", () => store.stats().points);
      gauge("trips_api_seq", "Last folded sequence of the stream", () => store.seq);
      gauge("trips_api_viewers", "Open live sockets", () => live.viewers());
    },
  };
}
