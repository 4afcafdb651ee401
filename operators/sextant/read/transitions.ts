import { isMap, type Node } from "yaml";
import type { Guard, State, Transition, Trigger } from "../model.ts";
import { readFields } from "./fields.ts";
import { readGuard } from "./guards.ts";
import { actionNameProblem, methodName } from "./names.ts";
import type { Reader } from "./reader.ts";
import { suggestion } from "./suggest.ts";

/** Keys of a transition, in the order of the reference. */
export const TRANSITION_KEYS = [
  "from",
  "to",
  "action",
  "params",
  "guard",
  "trigger",
  "description",
  "creates",
  "removes",
] as const;
const triggers: readonly Trigger[] = ["deletionTimestamp", "specChange", "drift"];

/** Reads the transitions; one with several sources becomes one for each. */
export function readTransitions(
  reader: Reader,
  node: Node | undefined,
  known: {
    readonly states: readonly State[];
    /** Whether the name of every state could be read; otherwise one that is not there may be among the others. */
    readonly named: boolean;
    readonly guards: ReadonlyMap<string, Guard>;
    readonly machine: string;
  },
): readonly Transition[] {
  const names = known.states.map(({ name }) => name);
  const defined = (name: string): boolean => names.includes(name);
  return reader.items(node, "transitions").flatMap((item): Transition[] => {
    const entries = reader.entries(item, "transition", TRANSITION_KEYS);
    for (const key of ["from", "to", "action"] as const)
      if (entries[key] === undefined && isMap(item)) reader.problem(item, `the transition has no "${key}"; add it`);
    const action = reader.text(entries.action, "action");
    const to = reader.text(entries.to, "to");
    const problem = action && actionNameProblem(action.value);
    if (problem !== undefined) reader.problem(action!.at, problem);
    if (to && !defined(to.value) && known.named)
      reader.problem(to.at, `there is no state "${to.value}"${suggestion(to.value, names)}`);
    const trigger = readTrigger(reader, entries.trigger);
    const shared = {
      to: to?.value ?? "",
      action: action?.value ?? "",
      params: readFields(reader, entries.params, "params", known.machine),
      guard: readGuard(reader, entries.guard, methodName(action?.value ?? ""), known.guards),
      trigger,
      description: reader.text(entries.description, "description")?.value ?? "",
      creates: readThings(reader, entries.creates, "creates"),
      removes: readThings(reader, entries.removes, "removes"),
      at: reader.at(item),
      actionAt: action?.at ?? reader.at(item),
    };
    const sources = reader.texts(entries.from, "from").flatMap(({ value, at }) => {
      if (value === "*") return everyState(known.states, shared.to, trigger);
      if (!defined(value) && known.named) reader.problem(at, `there is no state "${value}"${suggestion(value, names)}`);
      return defined(value) ? [value] : [];
    });
    for (const [index, from] of sources.entries())
      if (sources.indexOf(from) < index)
        reader.problem(entries.from ?? null, `"${from}" stands twice in "from" (also by "*"); remove one`);
    return to && action && defined(to.value) ? sources.map((from) => ({ ...shared, from })) : [];
  });
}

/** Reads the name of a trigger. */
export function readTrigger(reader: Reader, node: Node | undefined): Trigger | undefined {
  const written = reader.text(node, "trigger");
  const found = triggers.find((one) => one === written?.value);
  if (written && !found)
    reader.problem(written.at, `there is no trigger "${written.value}"${suggestion(written.value, triggers)}`);
  return found;
}

/** What "*" stands for: all states outside deletion but the target; without a trigger also no goal and, on the way to an error, no error. */
function everyState(states: readonly State[], to: string, trigger: Trigger | undefined): string[] {
  const target = states.find(({ name }) => name === to);
  return states
    .filter(({ name, deletion }) => name !== to && deletion === (trigger === undefined && (target?.deletion ?? false)))
    .filter(({ terminal, error }) => trigger !== undefined || !(terminal || (error && target?.error)))
    .map(({ name }) => name);
}

function readThings(reader: Reader, node: Node | undefined, what: string): readonly string[] {
  return reader.texts(node, what).flatMap(({ value, at }) => {
    if (/^[a-z][A-Za-z0-9]*$/.test(value)) return [value];
    reader.problem(at, `"${value}": expected a name such as dnsRecord (letters and digits, a small letter first)`);
    return [];
  });
}
