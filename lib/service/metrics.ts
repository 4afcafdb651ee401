import { collectDefaultMetrics, Registry } from "prom-client";

/** The metrics of one service; serve them with `metrics()` and `contentType`. */
export type Metrics = Registry;

/** Makes a registry of its own (never the global one) with the metrics of the process, labelled with the service. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
