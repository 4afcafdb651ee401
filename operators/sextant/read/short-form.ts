import type { Machine, Transition } from "../model.ts";

/**
 * The last step of the short form. A file with nothing but states (name, initial, terminal, fields) and transitions
 * (from, to, action, params) may leave it out: when one state has no way out and one goal no way in, `Complete` leads
 * from the one to the other. A file that uses anything more says everything.
 */
export function impliedCompletion(machine: Machine): Transition | undefined {
  const { states, transitions } = machine;
  const first = transitions[0];
  if (first === undefined || usesMore(machine)) return undefined;
  const ends = states.filter(({ name, terminal }) => !terminal && !transitions.some(({ from }) => from === name));
  const goals = states.filter(({ name, terminal }) => terminal && !transitions.some(({ to }) => to === name));
  const [end, goal] = [ends[0], goals[0]];
  if (ends.length !== 1 || goals.length !== 1 || !end || !goal || end.initial) return undefined;
  return {
    ...first,
    from: end.name,
    to: goal.name,
    action: "Complete",
    params: goal.fields.filter(({ name }) => !end.fields.some((field) => field.name === name)),
    description: "All is done. The short form implies this step.",
    at: end.at,
    actionAt: end.at,
  };
}

function usesMore({ states, transitions, context, properties, description, kind, group, version }: Machine): boolean {
  const words = [description, kind, group, version];
  return (
    context.length + properties.length > 0 ||
    words.some((word) => word !== undefined && word !== "") ||
    states.some(
      (one) =>
        one.error ||
        one.deletion ||
        one.requeueMs !== undefined ||
        one.expectedWithinMs !== undefined ||
        one.description !== "",
    ) ||
    transitions.some(
      (one) => one.guard || one.trigger || one.description !== "" || one.creates.length + one.removes.length > 0,
    )
  );
}
