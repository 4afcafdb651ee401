import type { Field, FieldType, Machine } from "../model.ts";
import { methodName } from "../read/names.ts";
import { header } from "./typescript.ts";
import { guardKey, openToUnknown } from "./words.ts";

/** The machine's property tests, before they are formatted. `name` is the file's, without ending. */
export function emitPropertyTest(machine: Machine, name: string): string {
  const { states, transitions, context } = machine;
  const initial = states.find((state) => state.initial)!;
  const fields = [
    ...states.flatMap((state) => state.fields),
    ...transitions.flatMap(({ params }) => params),
    ...context,
  ];
  const uses = (kind: FieldType["kind"]): boolean => fields.some(({ type }) => type.kind === kind);
  const guarded = transitions.some(({ guard }) => guard);
  const unknown = transitions.filter(
    (edge) =>
      edge.from === initial.name && edge.trigger === "deletionTimestamp" && !edge.guard && openToUnknown(edge, machine),
  );
  const edges = [
    ...transitions,
    { from: "Unknown", to: initial.name, action: "Restart", params: [], guard: undefined },
    ...unknown.map((edge) => ({ ...edge, from: "Unknown" })),
  ];
  const lines = [
    `// ${header(machine)}`,
    `import fc from "fast-check";`,
    `import { expect, test } from "vitest";`,
    ...(uses("evidence") ? [`import { mint } from "#lib/machine/evidence.ts";`] : []),
    `import { decodesAnything, type Edge, takesEdge, type Trial, walks } from "#lib/machine/properties.ts";`,
    ...(states.some((state) => state.fields.some(({ type }) => type.kind === "time"))
      ? [`import { writeTime } from "#lib/machine/status.ts";`]
      : []),
    `import { type Context, decodeStatus, encodeStatus, ${guarded ? "guards, " : ""}type Handlers, type State, TRANSITIONS, visit } from "./${name}.ts";`,
    "",
    "const time = fc.integer({ min: 0, max: 4_102_444_800_000 });",
    ...(uses("number")
      ? ["const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);"]
      : []),
    "const stateEnteredAt = time.map((ms) => new Date(ms).toISOString());",
    "const attempts = fc.integer({ min: 1, max: 20 });",
    ...(uses("evidence")
      ? [
          "const evidence = <A extends string, F extends string>(api: A, field: F) => fc.string({ minLength: 1 }).map((value) => mint(api, field, value));",
        ]
      : []),
    `const contexts: fc.Arbitrary<Context> = ${record([...context.map((field) => entry(field, arbitrary)), { key: "nowMs", value: "time", optional: false }])};`,
    "",
    "const statuses = {",
    ...states.map(
      (state) =>
        `${state.name}: ${record([
          { key: "phase", value: `fc.constant("${state.name}")`, optional: false },
          { key: "stateEnteredAt", value: "stateEnteredAt", optional: false },
          { key: "attempts", value: "attempts", optional: true },
          ...state.fields.map((field) => entry(field, statusArbitrary)),
        ])},`,
    ),
    "};",
    "",
    "/** Hands a state to the code of one phase; another phase would be a fault of the test. */",
    'function as<P extends State["phase"]>(state: State, phase: P): Extract<State, { phase: P }> {',
    "if (state.phase !== phase) throw new Error(`expected ${phase}, got ${state.phase}`);",
    "return state as Extract<State, { phase: P }>;",
    "}",
    "",
    "const edges: Edge<State, Context>[] = [",
    ...edges.map((edge) => {
      const inputs = record(edge.params.map((field) => entry(field, arbitrary)));
      const types = `{ ${edge.params.length > 0 ? "params, " : ""}ctx }`;
      const params =
        edge.params.length > 0
          ? `params as Parameters<Extract<State, { phase: "${edge.from}" }>["${methodName(edge.action)}"]>[0], `
          : "";
      const guard = edge.guard
        ? `guard: (state, { params, ctx }) => guards.${guardKey(edge as Machine["transitions"][number])}(as(state, "${edge.from}"), params as Parameters<typeof guards.${guardKey(edge as Machine["transitions"][number])}>[1], ctx),`
        : "";
      return `{ from: "${edge.from}", to: "${edge.to}", action: "${edge.action}", inputs: fc.record({ params: ${inputs}, ctx: contexts }), take: (state, ${types}) => as(state, "${edge.from}").${methodName(edge.action)}(${params}ctx), ${guard} },`;
    }),
    "];",
    "",
    "const handlers: Handlers<string> = {",
    ...[...states.map((state) => state.name), "Unknown"].map((state) => `${state}: ({ phase }) => phase,`),
    "};",
    "",
    `const trial: Trial<State, Context> = { initial: "${initial.name}", encode: encodeStatus, decode: decodeStatus, visited: (state) => visit(state, handlers),`,
    `failed: (state) => ("failed" in state ? state.failed() : undefined), statuses, edges };`,
    "",
    `test.each(edges)("$from → $to by $action is taken if and only if its guard allows it", (edge) => takesEdge(trial, edge));`,
    "",
    `test("every run from a new resource follows the transitions, through crashes and failures", () => walks(trial));`,
    "",
    `test("any status is read, and a status of the machine is written back as it was", () => decodesAnything(trial));`,
    "",
    `test("every transition is tried", () => expect(edges.map(({ from, to, action }) => ({ from, to, action }))).toEqual(TRANSITIONS.map(({ from, to, action }) => ({ from, to, action }))));`,
    "",
  ];
  return lines.filter((line, index) => line !== "" || lines[index - 1] !== "").join("\n");
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly optional: boolean;
}

const entry = ({ name, type }: Field, of: (type: FieldType) => string): Entry => ({
  key: name,
  value: of(type),
  optional: type.optional,
});

function record(entries: readonly Entry[]): string {
  const keys = entries.map(({ key, value }) => (key === value ? key : `${key}: ${value}`)).join(", ");
  const required = entries.filter(({ optional }) => !optional).map(({ key }) => `"${key}"`);
  return entries.length === required.length
    ? `fc.record({ ${keys} })`
    : `fc.record({ ${keys} }, { requiredKeys: [${required.join(", ")}] })`;
}

function arbitrary(type: FieldType): string {
  switch (type.kind) {
    case "evidence":
      return `evidence(${JSON.stringify(type.api)}, ${JSON.stringify(type.field)})`;
    case "text":
      return "fc.string()";
    case "integer":
      return "fc.integer()";
    case "number":
      return "number";
    case "boolean":
      return "fc.boolean()";
    case "time":
      return "time";
    case "enum":
      return `fc.constantFrom(${type.values.map((value) => JSON.stringify(value)).join(", ")})`;
  }
}

const statusArbitrary = (type: FieldType): string => (type.kind === "time" ? "time.map(writeTime)" : arbitrary(type));
