import type { Machine, Position, Problem, Transition } from "../model.ts";
import type { Exploration } from "./exploration.ts";
import { Explored, Graph } from "./graph.ts";
import { isOpen } from "./open.ts";
import { checkProperties } from "./properties.ts";
import { traceText } from "./trace.ts";

/** What the exploration of a machine found. */
export interface Report {
  readonly problems: readonly Problem[];
  /** How many moments were explored. */
  readonly moments: number;
}

/**
 * Explores every run of a machine, with a crash or a timeout after every effect, failures, and statuses that are lost,
 * and checks that it never gets stuck, leaves nothing behind and keeps its properties. A problem ends with the
 * shortest run that leads to it.
 */
export function checkModel(machine: Machine): Report {
  const graph = new Graph(machine);
  const wide = machine.transitions.filter((edge) => graph.choices(edge) > CHOICES);
  if (wide.length > 0) return { problems: wide.map((edge) => tooWide(machine, edge, graph.choices(edge))), moments: 0 };
  const explored = new Explored(graph);
  const problems: Problem[] = [];
  const problem = (at: Position, message: string, reached?: string): void => {
    const trace = reached === undefined ? "" : `\n${traceText(graph.start().state, explored.trace(reached))}`;
    problems.push({ file: machine.file, line: at.line, column: at.column, message: message + trace });
  };
  const all: Exploration = { graph, explored, problem };
  if (!explored.complete)
    problem(
      { line: 1, column: 1 },
      `the machine has more than ${explored.moments.size - 1} moments; compare fields with fewer constants, or name fewer things in creates`,
    );
  reachable(all);
  working(all);
  failureEdges(all);
  errors(all);
  deletion(all);
  unambiguous(all);
  checkProperties(all);
  return { problems: problems.sort((a, b) => a.line - b.line || a.column - b.column), moments: explored.moments.size };
}

/** How many choices of the world a guard may depend on. */
const CHOICES = 10_000;

const tooWide = ({ file }: Machine, { guard, actionAt, action }: Transition, choices: number): Problem => ({
  file,
  ...actionAt,
  message: `the guard ${guard?.name} of ${action} depends on ${choices} choices of the world, more than ${CHOICES}; observe one flag for several of them in the context`,
});

function reachable({ graph, explored, problem }: Exploration): void {
  const reached = new Set([...explored.moments.values()].map(({ moment }) => moment.state));
  for (const { name, at } of graph.machine.states)
    if (!reached.has(name))
      problem(at, `"${name}" is never reached from ${graph.start().state}; add a transition to it, or remove it`);
  for (const edge of graph.machine.transitions)
    if (reached.has(edge.from) && !explored.taken.has(edge))
      problem(
        edge.at,
        `${edge.from} → ${edge.to} by ${edge.action} can never be taken: its guard is never true there; correct the guard, or remove the transition`,
      );
}

/** From every moment of work, a goal or an error can be reached; in deletion, the end. */
function working({ graph, explored, problem }: Exploration): void {
  const good = [...explored.moments].filter(([, { moment }]) => {
    const { terminal, error, deletion } = graph.state(moment.state);
    return deletion ? terminal : terminal || error;
  });
  const fine = explored.reaching(good.map(([key]) => key));
  const told = new Set<string>();
  for (const [key, { moment }] of explored.moments) {
    if (fine.has(key) || told.has(moment.state)) continue;
    told.add(moment.state);
    const { at, deletion } = graph.state(moment.state);
    problem(
      at,
      `"${moment.state}" is a trap: no ${deletion ? "end of deletion" : "goal and no error"} can be reached from it; add a transition, or weaken a guard:`,
      key,
    );
  }
}

/** Where there are error states, every state of work has a way into one. */
function failureEdges({ graph, problem }: Exploration): void {
  const { states, transitions } = graph.machine;
  for (const deletion of [false, true]) {
    const errors = states.filter((state) => state.error && state.deletion === deletion).map(({ name }) => name);
    if (errors.length === 0) continue;
    for (const state of states.filter((one) => one.deletion === deletion && !one.error && !one.terminal)) {
      const out = transitions.filter(({ from, trigger }) => from === state.name && trigger === undefined);
      if (out.every(({ to }) => !errors.includes(to)))
        problem(
          state.at,
          `"${state.name}" has no way into an error (${errors.join(", ")}), though its actions can fail; add a transition`,
        );
    }
  }
}

/** An error that is not final is left by a retry or by a change of the specification. */
function errors({ graph, explored, problem }: Exploration): void {
  const told = new Set<string>();
  for (const [key, { moment }] of explored.moments) {
    const { error, terminal, at } = graph.state(moment.state);
    if (!error || terminal || told.has(moment.state)) continue;
    const out = graph.machine.transitions.filter(
      ({ from, trigger }) => from === moment.state && trigger !== "deletionTimestamp",
    );
    if (out.some((edge) => isOpen(graph, edge, moment))) continue;
    told.add(moment.state);
    problem(
      at,
      `"${moment.state}" is a trap: nothing but deletion leads out of it; add a retry, weaken its guard, or add terminal: true if it is final:`,
      key,
    );
  }
}

/** Deletion is possible from everywhere, and leaves nothing behind. */
function deletion({ graph, explored, problem }: Exploration): void {
  const { states, transitions } = graph.machine;
  const deletable = states.some((state) => state.deletion);
  const creates = [...new Set(transitions.flatMap((edge) => edge.creates))];
  if (!deletable && creates.length > 0)
    problem(
      transitions.find((edge) => edge.creates.length > 0)!.at,
      `${creates.join(", ")} will be left behind: the machine has no deletion states; add them`,
    );
  const told = new Set<string>();
  for (const [key, { moment }] of explored.moments) {
    const state = graph.state(moment.state);
    if (told.has(moment.state)) continue;
    if (state.deletion && state.terminal && moment.things.length > 0) {
      told.add(moment.state);
      problem(
        state.at,
        `"${moment.state}" is reached while ${moment.things.join(", ")} still exist${moment.things.length > 1 ? "" : "s"}; remove it on the way (removes):`,
        key,
      );
    }
    if (!deletable || state.deletion) continue;
    const out = transitions.filter((edge) => edge.from === moment.state && edge.trigger === "deletionTimestamp");
    if (out.some((edge) => isOpen(graph, edge, moment))) continue;
    told.add(moment.state);
    problem(
      state.at,
      `"${moment.state}" cannot be deleted; add a transition with trigger: deletionTimestamp (from: "*"):`,
      key,
    );
  }
}

/** Two guarded edges of one state and trigger are never open at once. */
function unambiguous({ graph, problem }: Exploration): void {
  const { transitions } = graph.machine;
  for (const [index, edge] of transitions.entries()) {
    const formula = graph.formula(edge);
    if (!formula?.decided) continue;
    for (const other of transitions.slice(index + 1)) {
      const second = graph.formula(other);
      if (other.from !== edge.from || other.trigger !== edge.trigger || !second?.decided) continue;
      const both = graph.bothOpen(edge, other);
      if (both === undefined) continue;
      const values = [...both].map(([name, value]) => `${name} is ${String(value)}`).join(", ");
      problem(
        other.at,
        `${edge.from}: ${edge.action} and ${other.action} are both open${values ? ` when ${values}` : ""}; make their guards exclude each other`,
      );
    }
  }
}
