import { fieldType, keptWith, paramType, property, shape } from "../emit/words.ts";
import type { Field, Guard, Machine, Problem } from "../model.ts";
import { tsc } from "./tsc.ts";

/** All that a guard can name beside its parameters: no clock, no chance, no I/O, no way to a constructor. */
const PURE_LIB = `
interface Object {} interface Function {} interface CallableFunction {} interface NewableFunction {} interface IArguments {}
interface RegExp {} interface Boolean {} interface Number {} interface Array<T> { readonly length: number; readonly [n: number]: T }
interface String { readonly length: number; startsWith(text: string): boolean; endsWith(text: string): boolean; includes(text: string): boolean }
declare const api: unique symbol; declare const fresh: unique symbol;
type Recorded<A extends string, F extends string> = string & { readonly [api]: readonly [A, F] };
type Evidence<A extends string, F extends string> = Recorded<A, F> & { readonly [fresh]: true };
interface Kept { readonly stateEnteredAt: number; readonly attempts: number }
`;
const CONFIG = JSON.stringify({
  compilerOptions: { noLib: true, strict: true, noEmit: true, types: [], target: "esnext", module: "esnext" },
  files: ["pure.d.ts", "guards.ts"],
});

/** A use of a guard, with what it sees there. */
interface Use {
  readonly guard: Guard;
  readonly from: readonly Field[];
  readonly params: readonly Field[];
}

/** Checks the types of guards that parse as they are used; each problem stands at its place in the YAML. */
export function checkGuards(machine: Machine): readonly Problem[] {
  const problems = new Map<string, Problem>();
  const report = ({ name, expression, place }: Guard, offset: number, message: string): void => {
    const problem = {
      file: machine.file,
      ...place(Math.min(offset, expression.length)),
      message: `guard ${name}: ${message}`,
    };
    problems.set(`${problem.line}:${problem.column}:${message}`, problem);
  };
  for (const { use, offset, message } of typeProblems(machine, usesOf(machine))) report(use.guard, offset, message);
  return [...problems.values()];
}

function usesOf({ transitions, states, properties }: Machine): Use[] {
  const edges = transitions.flatMap(({ from, params, guard }): Use[] => {
    const fields = states.find(({ name }) => name === from)!.fields;
    return guard ? [{ guard, from: fields, params }] : [];
  });
  const required = properties.flatMap((one): Use[] => {
    if (one.kind === "offers" && one.when) {
      const { when, actions, in: among } = one;
      return transitions
        .filter(({ from, action }) => among.includes(from) && actions.includes(action))
        .map(({ from, params }) => ({
          guard: when,
          from: states.find(({ name }) => name === from)!.fields,
          params,
        }));
    }
    if (one.kind !== "requires") return [];
    if (one.by === "to") return [{ guard: one.guard, from: [], params: [] }];
    return transitions
      .filter(({ action }) => action === one.name)
      .map(({ from, params }) => ({
        guard: one.guard,
        from: states.find(({ name }) => name === from)!.fields,
        params,
      }));
  });
  return [...edges, ...required];
}

function typeProblems(machine: Machine, uses: readonly Use[]): { use: Use; offset: number; message: string }[] {
  if (uses.length === 0) return [];
  let source = `export {};\ninterface Context { readonly nowMs: number; ${machine.context.map((field) => property(field, fieldType)).join(" ")} }\n`;
  const starts = uses.map(({ guard, from, params }) => {
    source += `((from: ${keptWith(from, fieldType)}, params: ${shape(params, paramType)}, ctx: Context): boolean => (`;
    const start = source.length;
    source += `${guard.expression}\n));\n`;
    return start;
  });
  const lines = lineStarts(source);
  const found = tsc({ "tsconfig.json": CONFIG, "pure.d.ts": PURE_LIB, "guards.ts": source });
  return found.map(({ file, line, column, text, code }) => {
    if (file !== "guards.ts") throw new Error(`${file}:${line}: ${text}; expected problems in guards only`);
    const pos = lines[line - 1]! + column - 1;
    const index = Math.max(
      0,
      starts.findLastIndex((start) => start <= pos),
    );
    const use = uses[index]!;
    const offset = Math.min(Math.max(0, pos - starts[index]!), use.guard.expression.length);
    const hint = [2304, 2339, 2552, 7017].includes(code)
      ? "; a guard sees from, params and ctx only (ctx.nowMs is the clock)"
      : "";
    return { use, offset, message: `${text.replace(/\.$/, "")} (TS${code})${hint}` };
  });
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
