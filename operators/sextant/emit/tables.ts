import type { Machine } from "../model.ts";
import { metricPrefix, openToUnknown } from "./words.ts";

/** Tables of the machine, waiting times and metrics. */
export function emitTables(machine: Machine): string {
  const { states, transitions, errorHandling } = machine;
  const initial = states.find((state) => state.initial)!;
  const deletion = transitions.filter(
    (edge) =>
      edge.from === initial.name && edge.trigger === "deletionTimestamp" && !edge.guard && openToUnknown(edge, machine),
  );
  const rows = [
    ...transitions,
    { from: "Unknown", to: initial.name, action: "Restart", trigger: undefined, guard: undefined },
    ...deletion.map((edge) => ({ ...edge, from: "Unknown" })),
  ];
  return [
    "/** Every state's flags. */",
    "export const STATES = {",
    ...states.map(
      (one) =>
        `${one.name}: { initial: ${one.initial}, terminal: ${one.terminal}, error: ${one.error}, deletion: ${one.deletion} },`,
    ),
    "Unknown: { initial: false, terminal: false, error: false, deletion: false },",
    "} as const satisfies Record<Phase, unknown>;",
    "",
    "/** Every transition. */",
    "export const TRANSITIONS = [",
    ...rows.map(
      ({ from, to, action, trigger, guard }) =>
        `{ from: "${from}", to: "${to}", action: "${action}"${trigger ? `, trigger: "${trigger}"` : ""}${guard ? `, guard: ${JSON.stringify(guard.name)}` : ""} },`,
    ),
    "] as const satisfies readonly { readonly from: Phase; readonly to: Phase; readonly action: string; readonly trigger?: string; readonly guard?: string }[];",
    "",
    "const REQUEUE_MS: { readonly [P in Phase]?: number } = {",
    ...states.flatMap(({ name, requeueMs }) => (requeueMs === undefined ? [] : [`${name}: ${requeueMs},`])),
    "};",
    "",
    "/** When to look at a resource in this state again, in milliseconds; undefined where only events do. */",
    "export const requeueAfterMs = ({ phase }: { readonly phase: Phase }): number | undefined => REQUEUE_MS[phase];",
    "",
    "/** How failures are retried. */",
    `export const RETRIES = { ${Object.entries(errorHandling)
      .map(([key, value]) => `${key}: ${value}`)
      .join(", ")} } as const;`,
    "",
    "/**",
    " * How long to wait after the failures that a state counts, in milliseconds; undefined when they are too many.",
    " * @param random a number in [0, 1)",
    " */",
    "export const retryAfterMs = ({ attempts }: State, random: number): number | undefined => retryDelayMs(RETRIES, attempts, random);",
    "",
    "/** The machine's metrics, as an observer to be told; `nowMs` is the clock. */",
    "export const metrics = (registry: Registry, nowMs: () => number): Observer<State> =>",
    `machineMetrics({ machine: "${metricPrefix(machine.name)}", phases: Object.keys(STATES), registry, nowMs });`,
    "",
  ].join("\n");
}
