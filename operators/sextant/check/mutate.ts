import type { Expression } from "oxc-parser";
import { parseGuard, walk } from "../guards/parse.ts";
import type { Machine, Problem, Transition } from "../model.ts";
import { connected, validate } from "../read/validate.ts";
import { checkModel } from "./check.ts";

/** A machine with one fault put into it, and what the checks say to that. */
export interface Mutation {
  readonly description: string;
  readonly line: number;
  /** What is found; empty when nothing notices. */
  readonly problems: readonly Problem[];
}

/** Drops each transition, and weakens each guard in every way; tells what the checks find. */
export function mutate(machine: Machine): readonly Mutation[] {
  return machine.transitions.flatMap((edge, index) => {
    const name = `${edge.from} → ${edge.to} by ${edge.action}`;
    const others = machine.transitions.filter((one) => one !== edge);
    const dropped = result(machine, others, edge.at.line, `without ${name}`);
    const weaker = weakened(edge).map((expression) => {
      const guard = { ...edge.guard!, expression, place: () => edge.guard!.place(0) };
      const transitions = machine.transitions.with(index, { ...edge, guard });
      return result(machine, transitions, edge.at.line, `${name} with the guard ${expression}`);
    });
    return [dropped, ...weaker];
  });
}

function result(machine: Machine, transitions: readonly Transition[], line: number, description: string): Mutation {
  const mutant = { ...machine, transitions };
  const problems: Problem[] = [];
  const report: Parameters<typeof validate>[1] = {
    problem: (where, message) =>
      problems.push({
        file: machine.file,
        ...(where !== null && "line" in where ? where : { line, column: 1 }),
        message,
      }),
  };
  validate(mutant, report);
  connected(mutant, report);
  return { description, line, problems: problems.length > 0 ? problems : checkModel(mutant).problems };
}

/** Each way to make a guard true more often: without a condition, with a limit more, or always. */
function weakened({ guard }: Transition): readonly string[] {
  if (!guard) return [];
  const parsed = parseGuard(guard.expression);
  if ("problems" in parsed) return [];
  const { ast, source } = parsed;
  const found = new Set<string>(["true"]);
  const replace = (node: Expression, text: string): void => {
    found.add(`${source.slice(1, node.start)}${text}${source.slice(node.end)}`.replace(/\s*\)$/, "").trim());
  };
  const text = (node: Expression): string => source.slice(node.start, node.end);
  for (const node of walk(ast)) {
    if (node.type === "LogicalExpression" && node.operator === "&&")
      for (const side of [node.left, node.right]) replace(node, text(side));
    const looser = node.type === "BinaryExpression" ? { "<": "<=", ">": ">=" }[node.operator as string] : undefined;
    if (looser !== undefined && node.type === "BinaryExpression")
      replace(node, `${text(node.left as Expression)} ${looser} ${text(node.right)}`);
  }
  found.delete(guard.expression.trim());
  return [...found];
}
