import fc from "fast-check";
import { expect, test } from "vitest";
import type { Field, FieldType } from "../model.ts";
import { readMachine } from "../read/machine.ts";
import { combinations, domainOf } from "./domain.ts";
import { type Constants, formulaOf, type Value } from "./formula.ts";
import { checkGuards } from "./typecheck.ts";

const machine = (guard: string): string => `context: { ready: boolean, count: integer, name: text }
states:
  - { name: Pending, initial: true }
  - { name: Working, fields: { requestID: string, mode: "enum(a, b)", note: text? } }
  - { name: Ready, terminal: true }
transitions:
  - { from: Pending, to: Working, action: Start, params: { requestID: string, mode: "enum(a, b)" } }
  - from: Working
    to: Ready
    action: Finish
    guard: ${guard}
`;

function problems(guard: string): string[] {
  const read = readMachine("m.yaml", machine(guard));
  return (read.machine ? checkGuards(read.machine) : read.problems).map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

test.each([
  "ctx.ready",
  `from.mode === "a" && ctx.count > 3`,
  "!(ctx.nowMs - from.stateEnteredAt < 60000) || from.attempts >= 2",
  `ctx.name.startsWith("x") ? ctx.ready : from.note !== undefined`,
  "`${ctx.name}-` === ctx.name",
])("%s is a guard", (guard) => {
  expect(problems(JSON.stringify(guard))).toEqual([]);
});

test.each([
  ["ctx.readdy", "readdy", /Property 'readdy' does not exist on type 'Context'\. Did you mean 'ready'\?/],
  ["ctx.count", "ctx", /Type 'number' is not assignable to type 'boolean'/],
  ["ctx.ready && Date.now() > 5", "Date", /Cannot find name 'Date'.*a guard sees from, params and ctx only/],
  ["Math.random() > 0.5", "Math", /Cannot find name 'Math'/],
  ["fetch(ctx.name) === undefined", "fetch", /Cannot find name 'fetch'/],
  ["globalThis.process === undefined", "process", /TS7017/],
  ["ctx.name.constructor === undefined", "constructor", /Property 'constructor' does not exist/],
  ["require(ctx.name) === 1", "require", /Cannot find name 'require'/],
  [`from.mode === "c"`, "from", /no overlap/],
  ["params.requestID !== ctx.name", "requestID", /Property 'requestID' does not exist on type '\{\}'/],
  ["(ctx.ready = true)", "ctx", /AssignmentExpression \(=\) is no part of a guard/],
  ["ctx.count++ > 1", "ctx", /UpdateExpression/],
  ["await ctx.ready", "await", /AwaitExpression/],
  ["(ctx.name as any)", "ctx", /TSAsExpression/],
  ["ctx.name!", "ctx", /TSNonNullExpression/],
  ["(() => true)()", "() =>", /ArrowFunctionExpression/],
  ["new Date() > 1", "new", /NewExpression/],
  ["(ctx.ready, true)", "ctx", /SequenceExpression/],
  ["true) || (false", "true", /parentheses are not balanced/],
  ["true)); process.exit((1", "); ", /does not parse/],
  ["ctx.ready // always", "//", /a guard has no comments/],
  [`"requestID" in from`, `"requestID"`, /BinaryExpression \(in\)/],
  ["/x/.test(ctx.name)", "/x/", /Literal/],
])("%s is refused at %s", (guard, where, message) => {
  const found = problems(`|-\n      ${guard}`);
  expect(found).toEqual([expect.stringMatching(message)]);
  expect(found[0]!.split(" ")[0]).toBe(`12:${guard.indexOf(where) + 7}`);
});

test("what ends too early is refused at its end", () => {
  expect(problems("ctx.ready &&")).toEqual([expect.stringMatching(/^11:24 guard finish: does not parse/)]);
});

test("a problem in a guard of several lines stands at its line, also behind letters that take two bytes", () => {
  expect(problems(`|\n      ctx.name === "ä" &&\n        ctx.redy`)).toEqual([
    expect.stringMatching(/^13:13 guard finish: Property 'redy' does not exist/),
  ]);
});

const at = { line: 1, column: 1 };
const field = (name: string, type: FieldType): Field => ({ name, type, at });
const scope = {
  from: [field("mode", { kind: "enum", values: ["a", "b", "c"], optional: true })],
  params: [],
  ctx: [field("ready", { kind: "boolean", optional: false }), field("count", { kind: "integer", optional: false })],
};

interface Tree {
  readonly text: string;
  readonly value: (mode: Value, ready: boolean, count: number) => boolean;
}

const { tree } = fc.letrec<{ tree: Tree; leaf: Tree }>((tie) => ({
  leaf: fc.oneof(
    fc.constant<Tree>({ text: "ctx.ready", value: (_, ready) => ready }),
    fc.constantFrom("a", "b").map((one): Tree => ({ text: `from.mode === "${one}"`, value: (mode) => mode === one })),
    fc.constantFrom("undefined", `"c"`).map((one): Tree => ({
      text: `${one} !== from.mode`,
      value: (mode) => mode !== (one === `"c"` ? "c" : undefined),
    })),
    fc
      .tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom("<", "<=", ">", ">=", "===", "!=="))
      .map(([n, operator]): Tree => ({
        text: `ctx.count ${operator} ${n}`,
        value: (_m, _r, count) =>
          ({
            "<": count < n,
            "<=": count <= n,
            ">": count > n,
            ">=": count >= n,
            "===": count === n,
            "!==": count !== n,
          })[operator]!,
      })),
  ),
  tree: fc.oneof(
    { maxDepth: 4 },
    tie("leaf"),
    tie("tree").map((one): Tree => ({ text: `!(${one.text})`, value: (...args) => !one.value(...args) })),
    fc.tuple(tie("tree"), tie("tree")).map(([a, b]): Tree => ({
      text: `(${a.text} && ${b.text})`,
      value: (...args) => a.value(...args) && b.value(...args),
    })),
    fc.tuple(tie("tree"), tie("tree")).map(([a, b]): Tree => ({
      text: `(${a.text} || ${b.text})`,
      value: (...args) => a.value(...args) || b.value(...args),
    })),
    fc.tuple(tie("tree"), tie("tree"), tie("tree")).map(([a, b, c]): Tree => ({
      text: `(${a.text} ? ${b.text} : ${c.text})`,
      value: (...args) => (a.value(...args) ? b.value(...args) : c.value(...args)),
    })),
  ),
}));

test("a formula says what the expression says, whatever its variables hold", () => {
  const values = fc.tuple(
    fc.constantFrom<Value>("a", "b", "c", undefined),
    fc.boolean(),
    fc.integer({ min: -5, max: 5 }),
  );
  fc.assert(
    fc.property(tree, values, (expression, [mode, ready, count]) => {
      const formula = formulaOf(expression.text, scope, new Map());
      const given = new Map<string, Value>([
        ["from.mode", mode],
        ["ctx.ready", ready],
        ["ctx.count", count],
      ]);
      expect(formula.decided).toBe(true);
      expect(formula.holds(given)).toBe(expression.value(mode, ready, count));
    }),
  );
});

test("the values that are explored stand for all: an expression that holds for some number holds for one of them", () => {
  fc.assert(
    fc.property(tree, fc.integer({ min: -9, max: 9 }), fc.boolean(), (expression, count, ready) => {
      const constants: Constants = new Map();
      const formula = formulaOf(expression.text, scope, constants);
      const wanted = expression.value("a", ready, count);
      const domain = domainOf(scope.ctx[1]!, constants.get("ctx.count") ?? []);
      const found = [...combinations(["ctx.count"], () => domain)].some((one) => {
        const values = new Map<string, Value>([["from.mode", "a"], ["ctx.ready", ready], ...one]);
        return formula.holds(values) === wanted;
      });
      expect(found).toBe(true);
    }),
  );
});

test("what cannot be decided is free, and the same text is the same", () => {
  const formula = formulaOf("ctx.nowMs > 5 && ctx.ready && !(ctx.nowMs  >  5)", scope, new Map());
  expect(formula.decided).toBe(false);
  expect(formula.variables.filter((name) => name.startsWith("?")).length).toBeGreaterThan(0);
});
