import type { Machine, Problem, State, Transition, Trigger } from "../model.ts";
import { sameType } from "../read/types.ts";
import { connected, validate } from "../read/validate.ts";
import { checkModel } from "./check.ts";
import { changedGuards } from "./mutate-guard.ts";

/** A machine with one fault put into it, and what the checks say to that. */
export interface Mutation {
  /** What was done, in words: `without Ready → Pending by Repair`. */
  readonly description: string;
  readonly line: number;
  /** What is found; empty when nothing notices. */
  readonly problems: readonly Problem[];
}

/** One change of one transition: what it becomes (undefined: it is gone). */
interface Change {
  readonly description: string;
  readonly edge: Transition | undefined;
}

const TRIGGERS: readonly (Trigger | undefined)[] = [undefined, "specChange", "drift", "deletionTimestamp"];

/**
 * Puts one fault after the other into a machine: drops each transition; leads it to each other state that could have its
 * fields; gives it each other trigger; drops each effect; changes its guard in one place.
 */
export function mutate(machine: Machine): readonly Mutation[] {
  return machine.transitions.flatMap((edge, index) =>
    changes(edge, machine).map(({ description, edge: changed }) => {
      const transitions = changed
        ? machine.transitions.with(index, changed)
        : machine.transitions.filter((one) => one !== edge);
      return { description, line: edge.at.line, problems: problemsOf({ ...machine, transitions }, edge.at.line) };
    }),
  );
}

function changes(edge: Transition, { states }: Machine): Change[] {
  const name = `${edge.from} → ${edge.to} by ${edge.action}`;
  const others = states.filter(({ name: to }) => to !== edge.to && to !== edge.from);
  const source = states.find(({ name: from }) => from === edge.from)!;
  const triggers = TRIGGERS.filter((trigger) => trigger !== edge.trigger);
  const without = (list: readonly string[], thing: string) => list.filter((one) => one !== thing);
  return [
    { description: `without ${name}`, edge: undefined },
    ...others
      .filter((to) => canLead(edge, source, to))
      .map((to) => ({ description: `${name} leading to ${to.name}`, edge: { ...edge, to: to.name } })),
    ...triggers.map((trigger) => ({
      description: trigger === undefined ? `${name} without a trigger` : `${name} with trigger: ${trigger}`,
      edge: { ...edge, trigger },
    })),
    ...edge.creates.map((thing) => ({
      description: `${name} without creates: ${thing}`,
      edge: { ...edge, creates: without(edge.creates, thing) },
    })),
    ...edge.removes.map((thing) => ({
      description: `${name} without removes: ${thing}`,
      edge: { ...edge, removes: without(edge.removes, thing) },
    })),
    ...changedGuards(edge).map((expression) => ({
      description: `${name} with the guard ${expression}`,
      edge: { ...edge, guard: { ...edge.guard!, expression, place: () => edge.guard!.place(0) } },
    })),
  ];
}

/** Whether a transition could lead to a state: its fields come from somewhere, and no parameter is lost. */
function canLead({ params }: Transition, source: State, to: State): boolean {
  const given = to.fields.every((field) => {
    const found = [...params, ...source.fields].find(({ name }) => name === field.name);
    return found ? sameType(found.type, field.type) : field.type.optional;
  });
  return (
    given && params.every(({ name, type }) => type.kind === "evidence" || to.fields.some((one) => one.name === name))
  );
}

function problemsOf(mutant: Machine, line: number): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Parameters<typeof validate>[1] = {
    problem: (where, message) =>
      problems.push({
        file: mutant.file,
        ...(where !== null && "line" in where ? where : { line, column: 1 }),
        message,
      }),
  };
  validate(mutant, report);
  connected(mutant, report);
  return problems.length > 0 ? problems : checkModel(mutant).problems;
}
