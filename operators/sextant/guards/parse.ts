import { parseSync, type Expression, type Node } from "oxc-parser";

/** What a guard may be made of. All else could change something, wait, or hide a type. */
const allowed: Readonly<Record<string, (node: Node) => boolean>> = {
  ParenthesizedExpression: () => true,
  LogicalExpression: () => true,
  ConditionalExpression: () => true,
  ChainExpression: () => true,
  TemplateLiteral: () => true,
  TemplateElement: () => true,
  Identifier: () => true,
  MemberExpression: () => true,
  CallExpression: () => true,
  Literal: (node) => !("regex" in node),
  UnaryExpression: (node) => "operator" in node && ["!", "-", "+", "typeof"].includes(node.operator),
  BinaryExpression: (node) => "operator" in node && !["in", "instanceof"].includes(node.operator),
};

/** Something wrong within an expression: where, in UTF-16 units from its beginning, and what. */
export interface GuardProblem {
  readonly offset: number;
  readonly message: string;
}

/** Parses a guard as one expression, without anything that could have an effect. */
export function parseGuard(
  expression: string,
): { readonly ast: Expression; readonly source: string } | { readonly problems: readonly GuardProblem[] } {
  const source = `(${expression}\n)`;
  const { program, errors, comments } = parseSync("guard.ts", source);
  const statement = program.body[0];
  if (errors[0])
    return fail(
      errors[0].labels[0]?.start ?? 1,
      `does not parse: ${errors[0].message}; expected one TypeScript expression`,
    );
  if (comments[0]) return fail(comments[0].start, "a guard has no comments; describe it by its description");
  if (program.body.length !== 1 || statement?.type !== "ExpressionStatement")
    return fail(1, "expected one TypeScript expression that is true or false");
  const whole = statement.expression;
  if (whole.type !== "ParenthesizedExpression" || whole.end !== source.length)
    return fail(1, "the parentheses are not balanced; expected one TypeScript expression");
  const problems = [...walk(whole)].flatMap((node) =>
    allowed[node.type]?.(node) ? [] : [{ offset: Math.max(0, node.start - 1), message: forbidden(node) }],
  );
  return problems.length > 0 ? { problems: problems.slice(0, 1) } : { ast: whole.expression, source };
}

/** What is wrong with the form of a guard. */
export function syntaxProblems(expression: string): readonly GuardProblem[] {
  const parsed = parseGuard(expression);
  return "problems" in parsed ? parsed.problems : [];
}

function forbidden(node: Node): string {
  const operator = "operator" in node ? ` (${String(node.operator)})` : "";
  return `${node.type}${operator} is no part of a guard; a guard compares and combines from, params and ctx, and changes nothing`;
}

const fail = (start: number, message: string): { readonly problems: readonly GuardProblem[] } => ({
  problems: [{ offset: Math.max(0, start - 1), message }],
});

/** The names that a guard reads, without those of properties. */
export function namesIn(expression: string): ReadonlySet<string> {
  const parsed = parseGuard(expression);
  if ("problems" in parsed) return new Set();
  const nodes = [...walk(parsed.ast)];
  const properties = new Set(
    nodes.flatMap((node): Node[] => (node.type === "MemberExpression" && !node.computed ? [node.property] : [])),
  );
  return new Set(nodes.flatMap((node) => (node.type === "Identifier" && !properties.has(node) ? [node.name] : [])));
}

/** A node and all below it, in the order of the source. */
export function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node) as unknown[])
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (typeof child === "object" && child !== null && "type" in child && "start" in child)
        yield* walk(child as Node);
}
