import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Observer } from "./observer.ts";
import type { AnyState } from "./state.ts";

/** What `machineMetrics` needs. */
export interface MetricsOptions {
  /** The machine's name as metrics have it: lower case, digits and underscores. */
  readonly machine: string;
  readonly phases: readonly string[];
  readonly registry: Registry;
  /** The clock, in milliseconds since the epoch. */
  readonly nowMs: () => number;
}

const durations = [1, 5, 15, 30, 60, 120, 300, 600, 1800];

/**
 * The metrics of one machine, to be told as an observer:
 * `<machine>_reconcile_total{result}`, `_reconcile_duration_seconds`, `_transitions_total{from,to}`,
 * `_state_duration_seconds{state}` (time in a state, when it is left), `_resources{state}`,
 * `_resource_state{namespace,name,state}` (1), `_resource_state_age_seconds{namespace,name,state}` (by the persisted
 * time of entry), `_refused_total{state,guard}`, `_errors_total{state}`. `removed` drops all series of a resource.
 */
export function machineMetrics<State extends AnyState>(options: MetricsOptions): Observer<State> {
  const { machine, phases, registry, nowMs } = options;
  const current = new Map<string, AnyState>();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: L[]): Counter<L> =>
    new Counter({ name: `${machine}_${name}`, help, labelNames, registers });
  const reconciles = counter("reconcile_total", "Reconciliations by their result.", ["result"]);
  const transitions = counter("transitions_total", "Changes of state that were persisted.", ["from", "to"]);
  const refusals = counter("refused_total", "Transitions that a guard refused.", ["state", "guard"]);
  const errors = counter("errors_total", "Actions that failed, by the state they failed in.", ["state"]);
  const seconds = new Histogram({
    name: `${machine}_reconcile_duration_seconds`,
    help: "Time of a reconciliation.",
    registers,
  });
  const stays = new Histogram({
    name: `${machine}_state_duration_seconds`,
    help: "Time in a state, observed when it is left.",
    labelNames: ["state"],
    buckets: durations,
    registers,
  });
  new Gauge({
    name: `${machine}_resources`,
    help: "Resources in each state.",
    labelNames: ["state"],
    registers,
    collect() {
      const counts = new Map(phases.map((phase) => [phase, 0]));
      for (const { phase } of current.values()) counts.set(phase, (counts.get(phase) ?? 0) + 1);
      for (const [state, count] of counts) this.set({ state }, count);
    },
  });
  perResource("resource_state", "1 for the state that a resource is in.", () => 1);
  perResource("resource_state_age_seconds", "Time since a resource entered its state.", (state) =>
    Math.max(0, (nowMs() - state.stateEnteredAt) / 1000),
  );
  return {
    reconciled(_key, result, took) {
      reconciles.inc({ result });
      seconds.observe(took);
    },
    persisted(key, before, after) {
      current.set(key, after);
      if (before === undefined || (before.phase === after.phase && before.stateEnteredAt === after.stateEnteredAt))
        return;
      transitions.inc({ from: before.phase, to: after.phase });
      stays.observe({ state: before.phase }, Math.max(0, (after.stateEnteredAt - before.stateEnteredAt) / 1000));
    },
    refused: (_key, state, _action, guard) => refusals.inc({ state, guard }),
    failed: (_key, state) => errors.inc({ state }),
    removed: (key) => void current.delete(key),
  };

  function perResource(name: string, help: string, value: (state: AnyState) => number): void {
    new Gauge({
      name: `${machine}_${name}`,
      help,
      labelNames: ["namespace", "name", "state"],
      registers,
      collect() {
        this.reset();
        for (const [key, state] of current) {
          const slash = key.indexOf("/");
          this.set(
            { namespace: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1), state: state.phase },
            value(state),
          );
        }
      },
    });
  }
}
