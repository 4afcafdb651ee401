import type { Field, Machine, State, Transition } from "../model.ts";
import { namesIn } from "../guards/parse.ts";
import { methodName } from "../read/names.ts";
import { emitStatus } from "./status.ts";
import { emitTables } from "./tables.ts";
import { comment, exitsOf, fieldType, guardKey, keptWith, openToUnknown, paramType, property, shape } from "./words.ts";

/** The line that generated files begin with. */
export const header = (machine: Machine): string =>
  `Generated from ${machine.file} by //operators/sextant; do not edit.`;

/** The machine's TypeScript, before it is formatted. */
export function emitTypeScript(machine: Machine): string {
  const names = machine.states.map(({ name }) => name);
  const guarded = machine.transitions.some(({ guard }) => guard);
  const fields = [...machine.states.flatMap((state) => state.fields), ...machine.context];
  const evidence = machine.transitions.flatMap(({ params }) => params).some(({ type }) => type.kind === "evidence");
  const recorded = fields.some(({ type }) => type.kind === "evidence");
  const kinds = [evidence ? "Evidence" : "", recorded ? "Recorded" : ""].filter((kind) => kind !== "");
  return [
    `// ${header(machine)}`,
    `import type { Registry } from "prom-client";`,
    kinds.length > 0 ? `import type { ${kinds.join(", ")} } from "#lib/machine/evidence.ts";` : "",
    `import { machineMetrics } from "#lib/machine/metrics.ts";`,
    `import type { Observer } from "#lib/machine/observer.ts";`,
    `import { ${guarded ? "Refused, " : ""}retryDelayMs, SpentStateError } from "#lib/machine/state.ts";`,
    `import { readStatus, writeTime } from "#lib/machine/status.ts";`,
    "",
    `const KEY: unique symbol = Symbol(${JSON.stringify(machine.name)});`,
    "",
    "/** What transitions and guards see of the world: the clock, and what was observed. */",
    `export interface Context { readonly nowMs: number; ${machine.context.map((field) => property(field, fieldType)).join(" ")} }`,
    "",
    "/** What every state keeps: when it was entered (milliseconds since the epoch), and how often it has failed. */",
    "interface Kept { readonly stateEnteredAt: number; readonly attempts: number }",
    "",
    "const entered = (ctx: Context): Kept => ({ stateEnteredAt: ctx.nowMs, attempts: 0 });",
    "",
    guarded ? emitGuards(machine) : "",
    ...machine.states.map((state) => emitState(machine, state)),
    emitUnknown(machine),
    `/** Every state that a resource can be in${machine.kind ? `: a ${machine.kind}` : ""}. */`,
    `export type State = ${[...names, "Unknown"].join(" | ")};`,
    "",
    "/** The names of the states. */",
    `export type Phase = State["phase"];`,
    "",
    "/** One handler for each state. */",
    'export type Handlers<R> = { readonly [S in State as S["phase"]]: (state: S) => R };',
    "",
    "/** Calls the handler of a state. A handler that is missing does not compile. */",
    "export function visit<R>(state: State, handlers: Handlers<R>): R {",
    "switch (state.phase) {",
    ...[...names, "Unknown"].map((name) => `case "${name}": return handlers.${name}(state);`),
    "} }",
    "",
    emitStatus(machine),
    emitTables(machine),
  ].join("\n");
}

function emitGuards(machine: Machine): string {
  const edges = machine.transitions.filter(({ guard }) => guard);
  return [
    "/** The guards, by state and action: pure functions of what is recorded, what is given, and what was observed. */",
    "export const guards = {",
    ...edges.map((edge) => {
      const fields = machine.states.find(({ name }) => name === edge.from)!.fields;
      const { name, description, expression } = edge.guard!;
      const names = namesIn(expression);
      const uses = (word: string): string => (names.has(word) ? word : `_${word}`);
      return [
        `/** ${comment(`${name}: ${description || expression}`)} */`,
        `${guardKey(edge)}: (`,
        `${uses("from")}: ${keptWith(fields, fieldType)}, ${uses("params")}: ${shape(edge.params, paramType)}, ${uses("ctx")}: Context`,
        `): boolean => (${expression}),`,
      ].join("\n");
    }),
    "};",
    "",
  ].join("\n");
}

function emitState(machine: Machine, state: State): string {
  const { name, fields, description } = state;
  const flags = (["initial", "terminal", "error", "deletion"] as const).filter((flag) => state[flag]);
  const kept = keptWith(fields, fieldType);
  return [
    `/** ${comment(`${description || `The state ${name}.`} ${flags.length > 0 ? `Flags: ${flags.join(", ")}.` : ""}`)} */`,
    `export class ${name} {`,
    `readonly phase = "${name}";`,
    "readonly stateEnteredAt: number;",
    "readonly attempts: number;",
    ...fields.map((field) => property(field, fieldType)),
    "#spent = false;",
    "",
    `private constructor(fields: ${kept}) {`,
    ...["stateEnteredAt", "attempts", ...fields.map((field) => field.name)].map(
      (field) => `this.${field} = fields.${field};`,
    ),
    "Object.freeze(this);",
    "}",
    "",
    `static [KEY](fields: ${kept}): ${name} { return new ${name}(fields); }`,
    "",
    "/** Whether a transition has been taken from it. */",
    "get spent(): boolean { return this.#spent; }",
    "",
    ...exitsOf(machine, state).map((edge) => emitTransition(machine, edge)),
    ...(state.terminal && state.deletion
      ? []
      : [emitFailed(name, fields), emitLeave(exitsOf(machine, state).some(({ guard }) => guard))]),
    "}",
    "",
  ].join("\n");
}

/** How a state is left: at once, or after a guard was asked. */
function emitLeave(asked: boolean): string {
  const throws = "if (this.#spent) throw new SpentStateError(this.phase, use);";
  return [
    ...(asked ? [`#unspent(use: string): void { ${throws} }`, ""] : []),
    `#leave(use: string): void { ${asked ? "this.#unspent(use);" : throws}`,
    "this.#spent = true; }",
  ].join("\n");
}

function emitFailed(name: string, fields: readonly Field[]): string {
  const values = [
    "stateEnteredAt: this.stateEnteredAt",
    "attempts: this.attempts + 1",
    ...fields.map((one) => keep(one, "this")),
  ];
  return [
    "/** The same state after one more failed attempt. */",
    `failed(): ${name} {`,
    `this.#leave("failed");`,
    `return ${name}[KEY]({ ${values.join(", ")} });`,
    "}",
    "",
  ].join("\n");
}

/** A field's value, left out where it is optional and absent. */
function keep({ name, type }: Field, from: string): string {
  return type.optional
    ? `...(${from}.${name} === undefined ? {} : { ${name}: ${from}.${name} })`
    : `${name}: ${from}.${name}`;
}

function emitTransition(machine: Machine, edge: Transition): string {
  const { to, params, guard, trigger } = edge;
  const target = machine.states.find(({ name }) => name === to)!;
  const source = machine.states.find(({ name }) => name === edge.from)!;
  const method = methodName(edge.action);
  const args = [...(params.length > 0 ? [`params: ${shape(params, paramType)}`] : []), "ctx: Context"];
  const result = guard ? `${to} | Refused<"${edge.from}", ${JSON.stringify(guard.name)}>` : to;
  const values = target.fields.flatMap((field) => {
    const param = params.find(({ name }) => name === field.name);
    if (param) return [keep(param, "params")];
    return source.fields.some(({ name }) => name === field.name) ? [keep(field, "this")] : [];
  });
  const refusal = `if (!guards.${guardKey(edge)}(this, ${params.length > 0 ? "params" : "{}"}, ctx)) return new Refused(this.phase, "${edge.action}", ${JSON.stringify(guard?.name)});`;
  return [
    `/** ${comment(`→ ${to}${trigger ? ` (${trigger})` : ""}${guard ? `, if ${guard.name}` : ""}. ${edge.description}`)} */`,
    `${method}(${args.join(", ")}): ${result} {`,
    ...(guard ? [`this.#unspent("${method}");`, refusal, "this.#spent = true;"] : [`this.#leave("${method}");`]),
    `return ${to}[KEY](${values.length > 0 ? `{ ...entered(ctx), ${values.join(", ")} }` : "entered(ctx)"});`,
    "}",
    "",
  ].join("\n");
}

function emitUnknown(machine: Machine): string {
  const initial = machine.states.find((state) => state.initial)!;
  const deletion = machine.transitions.filter(
    (edge) =>
      edge.from === initial.name && edge.trigger === "deletionTimestamp" && !edge.guard && openToUnknown(edge, machine),
  );
  return [
    "/** A status that no state of this machine has written: it is kept as it was found, and work begins anew. */",
    "export class Unknown {",
    `readonly phase = "Unknown";`,
    "readonly stateEnteredAt: number;",
    "readonly attempts = 0;",
    "/** The status as it was found. */",
    "readonly raw: unknown;",
    "/** What is wrong with it. */",
    "readonly reason: string;",
    "#spent = false;",
    "",
    "private constructor(stateEnteredAt: number, raw: unknown, reason: string) {",
    "this.stateEnteredAt = stateEnteredAt;",
    "this.raw = raw;",
    "this.reason = reason;",
    "Object.freeze(this);",
    "}",
    "",
    "static [KEY](nowMs: number, raw: unknown, reason: string): Unknown { return new Unknown(nowMs, raw, reason); }",
    "",
    "/** Whether a transition has been taken from it. */",
    "get spent(): boolean { return this.#spent; }",
    "",
    `/** → ${initial.name}: what exists outside is found again by its name or owner. */`,
    `restart(ctx: Context): ${initial.name} {`,
    `this.#leave("restart");`,
    `return ${initial.name}[KEY](entered(ctx));`,
    "}",
    "",
    ...deletion.map((edge) => emitTransition(machine, edge)),
    emitLeave(false),
    "}",
    "",
  ].join("\n");
}
