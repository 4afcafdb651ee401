import type { Assignment } from "../guards/formula.ts";
import type { Property } from "../model.ts";
import type { Exploration } from "./exploration.ts";
import { isOpen } from "./open.ts";

/** Checks what is written under `properties`. */
export function checkProperties(all: Exploration): void {
  for (const property of all.graph.machine.properties) checks[property.kind](property as never, all);
}

const leading = (to: readonly string[] | undefined): string => (to ? ` by leading to ${to.join(" or ")}` : "");

const valuesText = (values: Assignment): string =>
  `when ${[...values].map(([variable, value]) => `${variable.replace("?", "")} is ${String(value)}`).join(", ")}`;

type Of<K extends Property["kind"]> = Extract<Property, { kind: K }>;

const checks: { readonly [K in Property["kind"]]: (property: Of<K>, all: Exploration) => void } = {
  without: ({ at, never, without }, { explored, problem }) => {
    const found = [...explored.moments].find(
      ([, { moment }]) => moment.things.includes(never) && !moment.things.includes(without),
    );
    if (found) problem(at, `${never} exists without ${without}:`, found[0]);
  },
  reaches: ({ at, from, to }, { explored, problem }) => {
    const goals = [...explored.moments].filter(([, { moment }]) => to.includes(moment.state)).map(([key]) => key);
    const fine = explored.reaching(goals);
    const found = [...explored.moments].find(([key, { moment }]) => from.includes(moment.state) && !fine.has(key));
    if (found) problem(at, `from ${found[1].moment.state}, ${to.join(", ")} cannot be reached:`, found[0]);
  },
  answers: ({ at, trigger, in: states, to }, { graph, explored, problem }) => {
    for (const state of states) {
      const edges = graph.machine.transitions.filter(
        (edge) => edge.from === state && edge.trigger === trigger && (to?.includes(edge.to) ?? true),
      );
      const found = [...explored.moments].find(
        ([, { moment }]) => moment.state === state && !edges.some((edge) => isOpen(graph, edge, moment)),
      );
      if (found)
        problem(
          at,
          `"${state}" does not answer ${trigger}${leading(to)}; add a transition with this trigger, or weaken its guard:`,
          found[0],
        );
    }
  },
  offers: ({ at, actions, in: states, to, when }, { graph, explored, problem }) => {
    for (const state of states)
      for (const action of actions) {
        const edge = [...explored.taken].find(
          (one) => one.from === state && one.action === action && one.trigger === undefined,
        );
        if (edge === undefined || !(to?.includes(edge.to) ?? true)) {
          problem(
            at,
            `"${state}" does not offer ${action}${leading(to)}; add the transition without a trigger, or weaken its guard`,
          );
          continue;
        }
        const closed = when && graph.refusal(edge, when.expression);
        if (closed)
          problem(
            at,
            `${edge.from} → ${edge.to} by ${action} is closed though ${when.expression} is true, ${valuesText(closed)}`,
          );
      }
  },
  requires: ({ at, by, name, guard }, { graph, problem }) => {
    for (const edge of graph.machine.transitions.filter((one) => one[by] === name)) {
      const escape = graph.escape(edge, guard.expression);
      if (escape === undefined) continue;
      const open = `${edge.from} → ${edge.to} by ${edge.action} is open though`;
      problem(at, `${open} ${guard.expression} is false, ${valuesText(escape)}; guard it`);
    }
  },
};
