import { Counter, Gauge, Histogram } from "prom-client";
import type { Metrics } from "#lib/service/metrics.ts";
import type { CameraSession } from "./session.ts";
import type { Spool } from "./spool.ts";
import type { Queue } from "./store.ts";

/** What trips-capture counts. */
export interface CaptureMetrics {
  readonly taken: Counter;
  readonly captureFailures: Counter;
  readonly stageSeconds: Histogram<"stage" | "outcome">;
}

/** What the gauges read when they are asked for. */
export interface Measured {
  readonly queue: Queue;
  readonly spool: Spool;
  readonly session: Pick<CameraSession, "status">;
  /** Names of the holds (paused, disk, spool, camera) that are in force. */
  readonly holds: () => readonly string[];
}

/** Registers the metrics. */
export function createCaptureMetrics(registry: Metrics, { queue, spool, session, holds }: Measured): CaptureMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | null | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set((await read()) ?? Number.NaN);
      },
    });
  new Gauge({
    name: "trips_capture_queue_photos",
    help: "Photos in the queue by state",
    labelNames: ["state"],
    registers,
    collect() {
      for (const [state, count] of Object.entries(queue.counts())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: "trips_capture_held",
    help: "1 for everything that holds photos or capture up: paused, disk, spool, nats, s3, camera, capture",
    labelNames: ["by"],
    registers,
    collect() {
      this.reset();
      for (const by of holds()) this.set({ by }, 1);
    },
  });
  const vitals = () => session.status().vitals;
  const truth = (value: boolean | null | undefined) => (value === null || value === undefined ? null : Number(value));
  gauge("trips_capture_camera_up", "1 while the camera answers as it should", () =>
    Number(session.status().mode === "ready"),
  );
  gauge("trips_capture_camera_battery_percent", "Battery of the camera", () => vitals()?.batteryPercent ?? null);
  gauge(
    "trips_capture_camera_free_bytes",
    "Free space on the camera's card",
    () => (vitals()?.freeKb ?? Number.NaN) * 1024,
  );
  gauge("trips_capture_camera_overheated", "1 while the camera is overheated", () => truth(vitals()?.overheated));
  gauge("trips_capture_camera_gps_lock", "1 while the camera has satellites", () => truth(vitals()?.gpsLock));
  gauge("trips_capture_spool_bytes", "Bytes between the card and the store", async () => (await spool.usage()).bytes);
  gauge(
    "trips_capture_disk_free_bytes",
    "Free bytes on the disk of the spool",
    async () => (await spool.usage()).freeBytes,
  );
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
    stageSeconds: new Histogram({
      name: "trips_capture_stage_seconds",
      help: "Time of a stage (download, store, publish, delete) by outcome (done, failed, retry)",
      labelNames: ["stage", "outcome"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
  };
}
