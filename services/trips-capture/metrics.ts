import { Counter, Gauge, Histogram } from "prom-client";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Queue } from "./store.ts";

/** What trips-capture counts. */
export interface CaptureMetrics {
  readonly taken: Counter;
  readonly captureFailures: Counter;
  readonly uploadSeconds: Histogram<"outcome">;
}

/** Registers the metrics; the queue's depth is read when they are asked for. */
export function createCaptureMetrics(registry: Metrics, queue: Queue): CaptureMetrics {
  const registers = [registry];
  new Gauge({
    name: "trips_capture_queue_photos",
    help: "Photos in the queue by state",
    labelNames: ["state"],
    registers,
    collect() {
      for (const [state, count] of Object.entries(queue.counts())) this.set({ state }, count);
    },
  });
  return {
    taken: new Counter({
      name: "trips_capture_pictures_total",
      help: "Pictures that the camera took for us",
      registers,
    }),
    captureFailures: new Counter({
      name: "trips_capture_failures_total",
      help: "Times that no picture could be taken",
      registers,
    }),
    uploadSeconds: new Histogram({
      name: "trips_capture_upload_seconds",
      help: "Time from the card to the stream, by outcome (done, failed, retry)",
      labelNames: ["outcome"],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
  };
}
