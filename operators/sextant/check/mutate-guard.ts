import type { Expression } from "oxc-parser";
import { parseGuard, walk } from "../guards/parse.ts";
import type { Transition } from "../model.ts";

/** Operators that a slip of the pen turns into each other. */
const SLIPS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">"],
  "<=": ["<", ">="],
  ">": [">=", "<"],
  ">=": [">", "<="],
  "===": ["!=="],
  "!==": ["==="],
};

/**
 * Each way to change a guard in one place: always true, without a side of && or ||, with the other of the two, with a
 * comparison turned around or off by one, with one ! more or less.
 */
export function changedGuards({ guard }: Transition): readonly string[] {
  if (!guard) return [];
  const parsed = parseGuard(guard.expression);
  if ("problems" in parsed) return [];
  const { ast, source } = parsed;
  const found = new Set<string>(["true"]);
  const text = (node: Expression): string => source.slice(node.start, node.end);
  const replace = (node: Expression, by: string): void => {
    found.add(`${source.slice(1, node.start)}${by}${source.slice(node.end)}`.replace(/\s*\)$/, "").trim());
  };
  for (const node of walk(ast)) {
    if (node.type === "LogicalExpression" && node.operator !== "??") {
      for (const side of [node.left, node.right]) replace(node, text(side));
      replace(node, `(${text(node.left)} ${node.operator === "&&" ? "||" : "&&"} ${text(node.right)})`);
    }
    if (node.type === "UnaryExpression" && node.operator === "!") replace(node, text(node.argument));
    if (node.type === "MemberExpression" && isCondition(node, ast)) replace(node, `!${text(node)}`);
    if (node.type === "BinaryExpression")
      for (const operator of SLIPS[node.operator] ?? [])
        replace(node, `${text(node.left as Expression)} ${operator} ${text(node.right)}`);
    if (node.type === "Literal" && typeof node.value === "number")
      for (const value of [node.value - 1, node.value + 1]) replace(node, value < 0 ? `(${value})` : String(value));
  }
  found.delete(guard.expression.trim());
  return [...found];
}

/** Whether a node is true or false by itself, as far as the expression around it tells: no side of a comparison, no object of a member. */
function isCondition(node: Expression, ast: Expression): boolean {
  for (const parent of walk(ast)) {
    if (parent.type === "BinaryExpression" && (parent.left === node || parent.right === node)) return false;
    if (parent.type === "MemberExpression" && parent.object === node) return false;
    if (parent.type === "CallExpression" && (parent.callee === node || parent.arguments.includes(node))) return false;
    if (parent.type === "UnaryExpression" && parent.argument === node && parent.operator !== "!") return false;
  }
  return true;
}
