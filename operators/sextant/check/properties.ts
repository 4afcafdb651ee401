import type { Property } from "../model.ts";
import type { Exploration } from "./check.ts";
import { isOpen } from "./open.ts";

/** Checks what is written under `properties`. */
export function checkProperties(all: Exploration): void {
  for (const property of all.graph.machine.properties) checks[property.kind](property as never, all);
}

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
  answers: ({ at, trigger, in: states }, { graph, explored, problem }) => {
    for (const state of states) {
      const edges = graph.machine.transitions.filter((edge) => edge.from === state && edge.trigger === trigger);
      const found = [...explored.moments].find(
        ([, { moment }]) => moment.state === state && !edges.some((edge) => isOpen(graph, edge, moment)),
      );
      if (found)
        problem(
          at,
          `"${state}" does not answer ${trigger}; add a transition with this trigger, or weaken its guard:`,
          found[0],
        );
    }
  },
  offers: ({ at, actions, in: states }, { explored, problem }) => {
    for (const state of states)
      for (const action of actions)
        if (![...explored.taken].some((edge) => edge.from === state && edge.action === action))
          problem(at, `"${state}" does not offer ${action}; add the transition, or weaken its guard`);
  },
  requires: ({ at, by, name, guard }, { graph, problem }) => {
    for (const edge of graph.machine.transitions.filter((one) => one[by] === name)) {
      const escape = graph.escape(edge, guard.expression);
      if (escape === undefined) continue;
      const values = [...escape].map(([variable, value]) => `${variable.replace("?", "")} is ${String(value)}`);
      const open = `${edge.from} → ${edge.to} by ${edge.action} is open though`;
      problem(at, `${open} ${guard.expression} is false, when ${values.join(", ")}; guard it`);
    }
  },
};
