import { Counter, Gauge, Histogram } from "prom-client";
import type { Metrics } from "#lib/service/metrics.ts";
import type { Derived } from "./derived.ts";
import type { Gate } from "./gate.ts";

/** What images counts. */
export interface ImagesMetrics {
  readonly duration: Histogram<"variant" | "format">;
  readonly answers: Counter<"variant" | "format" | "status">;
  readonly rejected: Counter<"reason">;
  readonly cache: Counter<"result">;
  readonly bytes: Counter<"direction">;
  readonly unkept: Counter;
  readonly visibility: Counter<"result">;
  /** Reads these gauges whenever the metrics are asked for. */
  observe(gate: Gate, derived: Derived): void;
}

/** Registers the metrics of images. */
export function createImagesMetrics(registry: Metrics): ImagesMetrics {
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
    duration: new Histogram({
      name: "images_encode_seconds",
      help: "From the stored bytes to a made picture",
      labelNames: ["variant", "format"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
      registers,
    }),
    answers: new Counter({
      name: "images_answers_total",
      help: "Answered requests for pictures",
      labelNames: ["variant", "format", "status"],
      registers,
    }),
    rejected: new Counter({
      name: "images_rejected_total",
      help: "Pictures that were not made, by why",
      labelNames: ["reason"],
      registers,
    }),
    cache: new Counter({
      name: "images_derived_total",
      help: "Looks for a made picture among those that are kept",
      labelNames: ["result"],
      registers,
    }),
    bytes: new Counter({
      name: "images_bytes_total",
      help: "Bytes of pictures read from the store (in) and answered (out)",
      labelNames: ["direction"],
      registers,
    }),
    unkept: new Counter({
      name: "images_unkept_total",
      help: "Made pictures that could not be kept, since the disk failed",
      registers,
    }),
    visibility: new Counter({
      name: "images_visibility_total",
      help: "Questions whether a picture may be seen, by what trips-api said",
      labelNames: ["result"],
      registers,
    }),
    observe(gate, derived) {
      gauge("images_running", "Pictures that are being made", () => gate.running);
      gauge("images_waiting", "Requests that wait for their turn", () => gate.waiting);
      gauge("images_derived_bytes", "Bytes of kept pictures", () => derived.bytes);
      gauge("images_derived_pictures", "Kept pictures", () => derived.size);
    },
  };
}
