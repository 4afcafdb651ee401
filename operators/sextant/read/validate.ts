import type { Field, Machine, Position, State, Transition } from "../model.ts";
import { methodName } from "./names.ts";
import type { Reader } from "./reader.ts";
import { suggestion } from "./suggest.ts";
import { sameType, typeText } from "./types.ts";

type Report = Pick<Reader, "problem">;

/**
 * The rules of form that need no run of the machine: names, flags, exits, and where fields come from.
 * @param statesRead whether nothing was wrong with a state itself; otherwise the one that is missed may be that
 */
export function validate(machine: Machine, report: Report, statesRead = true): void {
  duplicates(machine.states, report);
  flags(machine, report, statesRead);
  for (const state of machine.states) exits(state, machine, report);
  actions(machine.transitions, report);
  for (const state of machine.states) clashes(state, machine.transitions, report);
  removals(machine.transitions, report);
  for (const [written, edges] of byPlace(machine.transitions)) sources(written, edges, machine, report);
}

function duplicates(states: readonly State[], report: Report): void {
  for (const [index, { name, at }] of states.entries()) {
    const first = states.findIndex((one) => one.name === name);
    if (first < index)
      report.problem(
        at,
        `the state "${name}" is declared in line ${states[first]!.at.line} already; give it another name`,
      );
  }
}

function flags({ states, transitions }: Machine, report: Report, statesRead: boolean): void {
  const initial = states.filter((state) => state.initial);
  if (statesRead && states.length > 0 && initial.length === 0)
    report.problem(states[0]!.at, "no state is initial; add initial: true to the one that a new resource is in");
  for (const { name, at } of initial.slice(1))
    report.problem(at, `"${name}" is initial, and so is "${initial[0]!.name}"; keep one`);
  for (const { name, at, fields, terminal, error, deletion } of initial) {
    if (terminal || error || deletion)
      report.problem(
        at,
        `"${name}" is initial and ${terminal ? "terminal" : error ? "error" : "deletion"}; a new resource has reached nothing: keep one`,
      );
    const needed = fields.filter(({ type }) => !type.optional).map((field) => field.name);
    if (needed.length > 0)
      report.problem(
        at,
        `"${name}" is initial and has the field ${needed[0]}, which nothing provides for a new resource; make it optional (?), or move it to a later state`,
      );
  }
  if (statesRead && states.length > 0 && !states.some(({ terminal, deletion }) => terminal && !deletion))
    report.problem(states[0]!.at, "no state is the goal; add terminal: true to the one in which all is done");
  for (const { name, at } of states.filter((one) => one.terminal && !one.error && one.expectedWithinMs !== undefined))
    report.problem(at, `"${name}" is terminal and has expectedWithin; a goal may last for ever: remove one`);
  const deletion = states.filter((state) => state.deletion);
  if (statesRead && deletion.length > 0 && !deletion.some(({ terminal }) => terminal))
    report.problem(
      deletion[0]!.at,
      "no deletion state is terminal; add terminal: true to the one in which everything is gone",
    );
  for (const { from, to, trigger, at } of transitions) {
    const [source, target] = [from, to].map((name) => states.find((state) => state.name === name));
    if (trigger === "deletionTimestamp" && target && !target.deletion)
      report.problem(
        at,
        `${from} → ${to}: deletionTimestamp leads to a state without deletion: true; set it, or choose another target`,
      );
    if (trigger !== "deletionTimestamp" && target?.deletion && source && !source.deletion)
      report.problem(at, `${from} → ${to}: only trigger: deletionTimestamp leads into deletion; add it`);
    if (source?.deletion && target && !target.deletion)
      report.problem(at, `${from} → ${to}: deletion cannot be taken back; lead to a deletion state`);
    if (from === to)
      report.problem(
        at,
        `${from} → ${to}: leads to where it comes from; failed() counts attempts, remove the transition`,
      );
  }
}

function exits(state: State, { transitions }: Machine, report: Report): void {
  const out = transitions.filter(({ from }) => from === state.name);
  for (const { to, trigger, actionAt } of out) {
    if (state.terminal && state.deletion)
      report.problem(actionAt, `"${state.name}" is the end of deletion, and leads to "${to}"; remove this transition`);
    else if (state.terminal && trigger === undefined)
      report.problem(
        actionAt,
        `"${state.name}" is terminal: it is left by drift, specChange or deletionTimestamp only; add a trigger to ${state.name} → ${to}, or remove terminal`,
      );
  }
}

/** What is removed was created by something. */
function removals(transitions: readonly Transition[], report: Report): void {
  const created = [...new Set(transitions.flatMap(({ creates }) => creates))];
  for (const [at, [edge]] of byPlace(transitions))
    for (const thing of edge!.removes.filter((one) => !created.includes(one)))
      report.problem(
        at,
        `${edge!.action} removes ${thing}, which no transition creates${suggestion(thing, created) || "; add creates to the one that does"}`,
      );
}

/** What only makes sense once every transition could be read: each state has a way out, and a way to it. */
export function connected(machine: Machine, report: Report): void {
  const { states, transitions } = machine;
  for (const state of states) {
    const out = transitions.filter(({ from }) => from === state.name);
    if (state.terminal || out.some(({ trigger }) => trigger === undefined || state.error)) continue;
    report.problem(
      state.at,
      state.error
        ? `"${state.name}" is a trap: no transition leads out of it; add one (retry, specChange), or terminal: true if it is final`
        : `"${state.name}" is a trap: no transition without a trigger leads out of it; add one, or terminal: true if it is the goal`,
    );
  }
  const reached = new Set(states.flatMap(({ name, initial }) => (initial ? [name] : [])));
  for (const name of reached) for (const { from, to } of transitions) if (from === name) reached.add(to);
  for (const { name, at } of reached.size > 0 ? states : [])
    if (!reached.has(name))
      report.problem(at, `"${name}" is never reached from ${[...reached][0]}; add a transition to it, or remove it`);
}

function actions(transitions: readonly Transition[], report: Report): void {
  const seen = new Map<string, Transition>();
  for (const edge of transitions) {
    const key = `${edge.from} ${edge.action}`;
    const first = seen.get(key);
    if (first)
      report.problem(
        edge.actionAt,
        `"${edge.from}" has the action "${edge.action}" in line ${first.actionAt.line} already; give one another name`,
      );
    else seen.set(key, edge);
  }
}

/** What Unknown has beside the initial state's transitions into deletion. */
const UNKNOWN: readonly string[] = ["restart", "raw", "reason"];

function clashes(state: State, transitions: readonly Transition[], report: Report): void {
  for (const { from, action, trigger, actionAt } of transitions)
    if (state.initial && from === state.name && trigger === "deletionTimestamp" && UNKNOWN.includes(methodName(action)))
      report.problem(
        actionAt,
        `"${action}": ${methodName(action)} is reserved for generated code (of Unknown, which has this transition, too); choose another name`,
      );
  for (const { name, at } of state.fields) {
    const action = transitions.find((edge) => edge.from === state.name && methodName(edge.action) === name);
    if (action)
      report.problem(
        at,
        `the field "${name}" of ${state.name} has the name of the method of ${action.action}; rename one`,
      );
  }
}

/** Transitions that were written as one, by their place. */
function byPlace(transitions: readonly Transition[]): Map<Position, Transition[]> {
  return Map.groupBy(transitions, ({ at }) => at);
}

/** Every field of the target comes from a parameter, or from a field of the source. */
function sources(at: Position, edges: readonly Transition[], { states }: Machine, report: Report): void {
  const { to, params } = edges[0]!;
  const target = states.find(({ name }) => name === to)!;
  for (const param of params) {
    const field = target.fields.find(({ name }) => name === param.name);
    if (field && !sameType(param.type, field.type))
      report.problem(param.at, mismatch(`the parameter "${param.name}"`, param, field, to));
    if (!field && param.type.kind !== "evidence")
      report.problem(
        param.at,
        `the parameter "${param.name}" is no field of ${to}, so that its value is lost; add the field, or remove the parameter`,
      );
  }
  for (const field of target.fields) {
    if (params.some(({ name }) => name === field.name)) continue;
    const lacking: string[] = [];
    for (const { from } of edges) {
      const carried = states.find(({ name }) => name === from)!.fields.find(({ name }) => name === field.name);
      if (carried ? !sameType(carried.type, field.type) : !field.type.optional) {
        if (carried) report.problem(at, mismatch(`${from}'s field "${field.name}"`, carried, field, to));
        else lacking.push(from);
      }
    }
    if (lacking.length > 0)
      report.problem(
        at,
        `the field "${field.name}" of ${to} comes from no parameter, and ${lacking.join(", ")} ${lacking.length > 1 ? "do" : "does"} not have it; add it to params`,
      );
  }
}

function mismatch(what: string, given: Field, field: Field, to: string): string {
  return `${what} is ${typeText(given.type)}, but ${to} has it as ${typeText(field.type)}; make them the same`;
}
