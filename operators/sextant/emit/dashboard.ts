import type { Machine } from "../model.ts";
import { metricPrefix } from "./words.ts";

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}

interface Panel {
  readonly title: string;
  readonly description: string;
  readonly type: "timeseries" | "stat" | "table";
  readonly unit?: "s" | "short" | "reqps";
  readonly targets: readonly Target[];
}

/** The panels for the metrics of a machine, in the order in which somebody asks: what is, what moves, what is wrong. */
export function panels({ name, kind = name, states }: Machine): readonly Panel[] {
  const prefix = metricPrefix(name);
  const errors = states.filter(({ error }) => error).map((state) => state.name);
  const moving = states.filter(({ terminal, error }) => !terminal && !error).map((state) => state.name);
  const one = (expr: string, legendFormat = ""): readonly Target[] => [{ expr, legendFormat }];
  const among = (some: readonly string[]): string => `{state=~"${some.join("|")}"}`;
  return [
    {
      title: `${kind} by state`,
      description: "How many resources are in each state.",
      type: "timeseries",
      targets: one(`max by (state) (${prefix}_resources)`, "{{state}}"),
    },
    ...(errors.length > 0
      ? [
          {
            title: "In an error",
            description: `Resources in ${errors.join(", ")}.`,
            type: "stat",
            targets: one(`sum(max by (state) (${prefix}_resources${among(errors)})) or vector(0)`),
          } as const,
        ]
      : []),
    {
      title: "Oldest at work",
      description: "Resources that have been longest in a state that is to be left.",
      type: "table",
      unit: "s",
      targets: one(
        `topk(10, max by (namespace, name, state) (${prefix}_resource_state_age_seconds${among([...moving, "Unknown"])}))`,
        "{{namespace}}/{{name}} {{state}}",
      ),
    },
    {
      title: "Transitions",
      description: "Changes of state in five minutes.",
      type: "timeseries",
      targets: one(`sum by (from, to) (increase(${prefix}_transitions_total[5m])) > 0`, "{{from}} → {{to}}"),
    },
    {
      title: "Time in a state, 95th percentile",
      description: "Observed when the state is left.",
      type: "timeseries",
      unit: "s",
      targets: one(
        `histogram_quantile(0.95, sum by (le, state) (rate(${prefix}_state_duration_seconds_bucket[1h])))`,
        "{{state}}",
      ),
    },
    {
      title: "Actions that failed",
      description: "In five minutes, by the state that they failed in.",
      type: "timeseries",
      targets: one(`sum by (state) (increase(${prefix}_errors_total[5m])) > 0`, "{{state}}"),
    },
    {
      title: "Refused by guards",
      description: "In five minutes. A guard that waits for something refuses at each look.",
      type: "timeseries",
      targets: one(`sum by (state, guard) (increase(${prefix}_refused_total[5m])) > 0`, "{{guard}} in {{state}}"),
    },
    {
      title: "Reconciliations",
      description: "A second, by their result.",
      type: "timeseries",
      unit: "reqps",
      targets: one(`sum by (result) (rate(${prefix}_reconcile_total[5m]))`, "{{result}}"),
    },
    {
      title: "Time of a reconciliation, 99th percentile",
      description: "With all calls that it makes.",
      type: "timeseries",
      unit: "s",
      targets: one(`histogram_quantile(0.99, sum by (le) (rate(${prefix}_reconcile_duration_seconds_bucket[5m])))`),
    },
  ];
}

const [COLUMNS, WIDTH, HEIGHT] = [3, 8, 7];

/** A Grafana dashboard of the machine's metrics, to be written as JSON. */
export function emitDashboard(machine: Machine): object {
  const source = { type: "prometheus", uid: "${datasource}" };
  return {
    title: machine.name,
    uid: `sextant-${machine.name}`.slice(0, 40),
    description: machine.description,
    schemaVersion: 39,
    version: 1,
    editable: true,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    tags: ["sextant"],
    timezone: "",
    templating: { list: [{ name: "datasource", type: "datasource", query: "prometheus", label: "Data source" }] },
    panels: panels(machine).map(({ title, description, type, unit = "short", targets }, index) => ({
      id: index + 1,
      title,
      description,
      type,
      gridPos: { x: (index % COLUMNS) * WIDTH, y: Math.floor(index / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
      datasource: source,
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: targets.map((target, at) => ({
        refId: String.fromCharCode(65 + at),
        datasource: source,
        ...target,
        ...(type === "table" ? { format: "table", instant: true } : {}),
      })),
    })),
  };
}
