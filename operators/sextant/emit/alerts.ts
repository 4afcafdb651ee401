import { stringify } from "yaml";
import type { Machine, State } from "../model.ts";
import { header } from "./typescript.ts";
import { durationText, metricPrefix, pascal } from "./words.ts";

/** An alerting rule of Prometheus. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: { readonly summary: string; readonly description: string };
}

const MINUTE_MS = 60_000;

/**
 * How long a resource may stay in a state before that is told, in milliseconds: what `expectedWithin` says; else the time
 * in which all retries are used up, or ten looks, if that is longer, and at least five minutes; fifteen for an error that
 * is tried again. Undefined for a goal; 0 for an error that is final.
 */
export function expectedMs({ errorHandling }: Machine, state: State): number | undefined {
  if (state.expectedWithinMs !== undefined) return state.expectedWithinMs;
  if (state.terminal) return state.error ? 0 : undefined;
  const looks = 10 * (state.requeueMs ?? 0);
  if (state.error) return Math.max(15 * MINUTE_MS, looks);
  const { maxRetries, initialMs, factor, maxMs } = errorHandling;
  let retries = 0;
  for (let attempt = 0; attempt < maxRetries; attempt++) retries += Math.min(maxMs, initialMs * factor ** attempt);
  return Math.max(5 * MINUTE_MS, Math.ceil(Math.max(looks, retries) / MINUTE_MS) * MINUTE_MS);
}

/** The alerting rules for the metrics of a machine. */
export function alertRules(machine: Machine): readonly Rule[] {
  const [prefix, alert] = [metricPrefix(machine.name), pascal(machine.name)];
  const labels = { severity: "warning", machine: machine.name };
  const what = machine.kind ?? machine.name;
  const resource = `${what} {{ $labels.namespace }}/{{ $labels.name }}`;
  const among = (states: readonly string[]): string => `{state=~"${states.join("|")}"}`;
  const leading = "unless on (instance) leader_election_master_status == 0";
  const work = byTime(machine, (state) => !state.error).map(([ms, states], index): Rule => {
    const all = index === 0 ? [...states, "Unknown"] : states;
    return {
      alert: `${alert}Stuck`,
      expr: `max by (namespace, name, state) (${prefix}_resource_state_age_seconds${among(all)} ${leading}) > ${ms / 1000}`,
      for: "1m",
      labels,
      annotations: {
        summary: `A ${what} is stuck.`,
        description: `${resource} has been in {{ $labels.state }} for {{ $value | humanizeDuration }}; expected at most ${durationText(ms)}.`,
      },
    };
  });
  const errors = byTime(machine, (state) => state.error).map(([ms, states]): Rule => {
    const looks = machine.states.filter(({ name }) => states.includes(name)).map(({ requeueMs = 0 }) => 2 * requeueMs);
    const windowText = durationText(Math.max(5 * MINUTE_MS, ...looks));
    return {
      alert: ms === 0 ? `${alert}GivenUp` : `${alert}Failing`,
      expr: `max by (namespace, name, state) (max_over_time(${prefix}_resource_state${among(states)}[${windowText}]) ${leading}) == 1`,
      for: durationText(ms),
      labels,
      annotations: {
        summary: ms === 0 ? `A ${what} was given up.` : `A ${what} fails again and again.`,
        description:
          ms === 0
            ? `${resource} is in {{ $labels.state }}, which only a change of it or its deletion leads out of; its status says why.`
            : `${resource} has been in {{ $labels.state }}, or soon back in it, for ${durationText(ms)}; its status says why.`,
      },
    };
  });
  const refusals: Rule = {
    alert: `${alert}Refused`,
    expr: `sum by (state, guard) (increase(${prefix}_refused_total[1h])) > 10 * (1 + scalar(sum(increase(${prefix}_transitions_total[1h])) or vector(0)))`,
    for: "30m",
    labels: { ...labels, severity: "info" },
    annotations: {
      summary: `The guard {{ $labels.guard }} of ${machine.name} refuses over and over.`,
      description: `In {{ $labels.state }} it refused {{ $value | humanize }} times in an hour, more than ten times as often as anything went on; what it waits for does not come about.`,
    },
  };
  const failures: Rule = {
    alert: `${alert}ReconcileErrors`,
    expr: `sum(rate(${prefix}_reconcile_total{result="error"}[15m])) > 0.1 * sum(rate(${prefix}_reconcile_total[15m]))`,
    for: "15m",
    labels,
    annotations: {
      summary: `Reconciliations of ${machine.name} fail.`,
      description: `More than one in ten has failed for 15m; the operator's log says why.`,
    },
  };
  const guarded = machine.transitions.some(({ guard }) => guard);
  return [...work, ...errors, ...(guarded ? [refusals] : []), failures];
}

/** The rules as a file for Prometheus, before it is formatted; its groups are also the spec of a PrometheusRule. */
export function emitAlerts(machine: Machine): string {
  const groups = [{ name: machine.name, rules: alertRules(machine) }];
  return `# ${header(machine)}\n${stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/** States of one kind by the time that is expected of them, the shortest first. */
function byTime(machine: Machine, wanted: (state: State) => boolean): (readonly [number, readonly string[]])[] {
  const timed = machine.states.flatMap((state) => {
    const ms = wanted(state) ? expectedMs(machine, state) : undefined;
    return ms === undefined ? [] : [{ name: state.name, ms }];
  });
  const groups = Map.groupBy(timed, ({ ms }) => ms);
  return [...groups].sort(([a], [b]) => a - b).map(([ms, states]) => [ms, states.map(({ name }) => name)]);
}
