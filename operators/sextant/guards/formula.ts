import type { Expression, Node } from "oxc-parser";
import type { Field } from "../model.ts";
import { parseGuard } from "./parse.ts";

/** What a variable of a guard can be while a machine is explored. */
export type Value = string | number | boolean | undefined;

/** Values of variables by their names: `from.reason`, `ctx.policyKnown`, or `?` and a text that is not decided. */
export type Assignment = ReadonlyMap<string, Value>;

/** A guard that can be evaluated: over variables with few values, and over what it cannot decide (free). */
export interface Formula {
  readonly holds: (values: Assignment) => boolean;
  /** Names of variables and of undecided parts, each once. */
  readonly variables: readonly string[];
  /** Whether nothing in it is undecided. */
  readonly decided: boolean;
}

/** Numbers that a variable is compared with. */
export type Constants = Map<string, Set<number>>;

interface Scope {
  readonly fields: ReadonlyMap<string, Field>;
  readonly constants: Constants;
}

type Operand = { readonly variable: string } | { readonly constant: Value };

/**
 * Makes a formula of a guard that was checked. Decided are booleans, comparisons of enums, and comparisons of numbers
 * with constants (which are noted in `constants`); each other part is free to be true or false.
 */
export function formulaOf(
  expression: string,
  scope: { readonly from: readonly Field[]; readonly params: readonly Field[]; readonly ctx: readonly Field[] },
  constants: Constants,
): Formula {
  const parsed = parseGuard(expression);
  if ("problems" in parsed)
    throw new Error(`guard ${expression}: ${parsed.problems[0]?.message}; expected one that was checked`);
  const attempts: Field = { name: "attempts", type: { kind: "integer", optional: false }, at: { line: 1, column: 1 } };
  const fields = new Map<string, Field>();
  for (const [object, list] of Object.entries({ ...scope, from: [...scope.from, attempts] }))
    for (const field of list) fields.set(`${object}.${field.name}`, field);
  const variables = new Set<string>();
  const holds = boolean(parsed.ast, { source: parsed.source, scope: { fields, constants }, variables });
  const names = [...variables].sort();
  return { holds, variables: names, decided: names.every((name) => !name.startsWith("?")) };
}

interface Reading {
  readonly source: string;
  readonly scope: Scope;
  readonly variables: Set<string>;
}

function boolean(node: Expression, reading: Reading): (values: Assignment) => boolean {
  const of = (child: Expression): ((values: Assignment) => boolean) => boolean(child, reading);
  switch (node.type) {
    case "ParenthesizedExpression":
      return of(node.expression);
    case "Literal":
      if (typeof node.value === "boolean") return () => node.value === true;
      break;
    case "UnaryExpression":
      if (node.operator === "!") {
        const inner = of(node.argument);
        return (values) => !inner(values);
      }
      break;
    case "LogicalExpression": {
      if (node.operator === "??") break;
      const [left, right] = [of(node.left), of(node.right)];
      return node.operator === "&&"
        ? (values) => left(values) && right(values)
        : (values) => left(values) || right(values);
    }
    case "ConditionalExpression": {
      const [test, yes, no] = [of(node.test), of(node.consequent), of(node.alternate)];
      return (values) => (test(values) ? yes(values) : no(values));
    }
    case "MemberExpression": {
      const name = variableOf(node, reading.scope);
      if (name === undefined || reading.scope.fields.get(name)!.type.kind !== "boolean") break;
      reading.variables.add(name);
      return (values) => values.get(name) === true;
    }
    case "BinaryExpression": {
      const compared = comparison(node.operator, node.left as Expression, node.right, reading);
      if (compared) return compared;
      break;
    }
  }
  return undecided(node, reading);
}

function undecided(node: Node, { source, variables }: Reading): (values: Assignment) => boolean {
  const name = `?${source.slice(node.start, node.end).replace(/\s+/g, " ")}`;
  variables.add(name);
  return (values) => values.get(name) === true;
}

function comparison(
  operator: string,
  left: Expression,
  right: Expression,
  { scope, variables }: Reading,
): ((values: Assignment) => boolean) | undefined {
  const compare = comparisons[operator];
  const [a, b] = [operand(left, scope), operand(right, scope)];
  if (!compare || !a || !b) return undefined;
  const names = [a, b].flatMap((one) => ("variable" in one ? [one.variable] : []));
  const numeric = names.filter((name) => ["integer", "number", "time"].includes(scope.fields.get(name)!.type.kind));
  const numbers = [a, b].flatMap((one) =>
    "constant" in one && typeof one.constant === "number" ? [one.constant] : [],
  );
  if (numeric.length > 1 || (numeric.length === 1 && numbers.length === 0 && !("constant" in a || "constant" in b)))
    return undefined;
  for (const name of numeric) {
    const known = scope.constants.get(name) ?? new Set();
    for (const number of numbers) known.add(number);
    scope.constants.set(name, known);
  }
  for (const name of names) variables.add(name);
  const read = (one: Operand, values: Assignment): Value =>
    "variable" in one ? values.get(one.variable) : one.constant;
  return (values) => compare(read(a, values), read(b, values));
}

const comparisons: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  "===": (a, b) => a === b,
  "!==": (a, b) => a !== b,
  "<": (a, b) => Number(a) < Number(b),
  "<=": (a, b) => Number(a) <= Number(b),
  ">": (a, b) => Number(a) > Number(b),
  ">=": (a, b) => Number(a) >= Number(b),
};

function operand(node: Expression, scope: Scope): Operand | undefined {
  if (node.type === "ParenthesizedExpression") return operand(node.expression, scope);
  if (node.type === "Identifier" && node.name === "undefined") return { constant: undefined };
  if (node.type === "Literal" && ["string", "number", "boolean"].includes(typeof node.value))
    return { constant: node.value as Value };
  if (node.type === "UnaryExpression" && node.operator === "-") {
    const inner = operand(node.argument, scope);
    return inner && "constant" in inner && typeof inner.constant === "number"
      ? { constant: -inner.constant }
      : undefined;
  }
  const variable = variableOf(node, scope);
  const kind = variable === undefined ? undefined : scope.fields.get(variable)!.type.kind;
  return variable === undefined || kind === "text" || kind === "evidence" || kind === "time" ? undefined : { variable };
}

function variableOf(node: Expression, { fields }: Scope): string | undefined {
  if (node.type !== "MemberExpression" || node.computed || node.optional || node.object.type !== "Identifier")
    return undefined;
  const name = `${node.object.name}.${node.property.name}`;
  return fields.has(name) ? name : undefined;
}
