import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Observer } from "#lib/machine/observer.ts";
import type { Budget } from "./api/budget.ts";
import type { CallerOptions } from "./api/call.ts";
import type { IngressRule } from "./api/types.ts";
import { metrics as machineMetrics, type State } from "./machine.ts";
import type { Hearing } from "./reconcile.ts";

/** What hears of all that the operator does. */
export interface OperatorMetrics {
  readonly observer: Observer<State>;
  readonly hearing: Hearing;
  readonly onCall: NonNullable<CallerOptions["onCall"]>;
  readonly onRoutes: (before: readonly IngressRule[], after: readonly IngressRule[]) => void;
  readonly onPassFailed: () => void;
}

/**
 * Registers the operator's metrics: those of the machine (`cloudflare_reconcile_total`, `cloudflare_resource_state`, …),
 * `cloudflare_api_calls_total{call,outcome}`, `cloudflare_api_seconds{call}`, `cloudflare_budget_calls` (left to normal
 * calls), `cloudflare_budget_waiting`, `cloudflare_drift_total`, `cloudflare_swept_total`, `cloudflare_routes` and
 * `cloudflare_pass_failures_total`. Make it once a registry.
 */
export function operatorMetrics(registry: Registry, nowMs: () => number, budget: Budget): OperatorMetrics {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name: `cloudflare_${name}`, help, labelNames, registers });
  const calls = counter("api_calls_total", "Calls of Cloudflare's API that have ended.", ["call", "outcome"]);
  const seconds = new Histogram({
    name: "cloudflare_api_seconds",
    help: "Time from sending a call of Cloudflare's API to its end.",
    labelNames: ["call" as const],
    buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers,
  });
  const drift = counter("drift_total", "Deployments that were found not as they had been made.");
  const swept = counter("swept_total", "Hostnames where something was removed that belonged to no Deployment.");
  const passFailures = counter("pass_failures_total", "Passes over Cloudflare that failed.");
  const routes = new Gauge({ name: "cloudflare_routes", help: "Routes of the tunnel, as last written.", registers });
  for (const { name, help, value } of [
    { name: "budget_calls", help: "Calls that could be made now.", value: () => budget.available("normal") },
    { name: "budget_waiting", help: "Calls that wait for the budget.", value: () => budget.waiting },
  ])
    new Gauge({
      name: `cloudflare_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  return {
    observer: machineMetrics(registry, nowMs),
    hearing: { drifted: () => drift.inc(), swept: () => swept.inc() },
    onCall: (call, outcome, ms) => {
      calls.inc({ call, outcome });
      seconds.observe({ call }, ms / 1000);
    },
    onRoutes: (_, after) => routes.set(after.filter(({ hostname }) => hostname !== undefined).length),
    onPassFailed: () => passFailures.inc(),
  };
}
