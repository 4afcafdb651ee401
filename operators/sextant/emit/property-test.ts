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
    `import { decodesAnything, edgesOf, statusesOf, takesEdge, times, type Trial, walks } from "#lib/machine/properties.ts";`,
    ...(states.some((state) => state.fields.some(({ type }) => type.kind === "time"))
      ? [`import { writeTime } from "#lib/machine/status.ts";`]
      : []),
    `import { type Context, decodeStatus, encodeStatus, ${guarded ? "guards, " : ""}type Handlers, type State, TRANSITIONS, visit } from "./${name}.ts";`,
    "",
    ...(uses("number")
      ? ["const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);"]
      : []),
    ...(uses("evidence")
      ? [
          "const evidence = <A extends string, F extends string>(api: A, field: F) => fc.string({ minLength: 1 }).map((value) => mint(api, field, value));",
        ]
      : []),
    `const contexts: fc.Arbitrary<Context> = ${record([...context.map((field) => entry(field, arbitrary)), { key: "nowMs", value: "times", optional: false }])};`,
    "",
    "const statuses = {",
    ...states.map(({ name: phase, fields: own }) => {
      const recorded = own.length > 0 ? `, ${record(own.map((field) => entry(field, statusArbitrary)))}` : "";
      return `${phase}: statusesOf("${phase}"${recorded}),`;
    }),
    "};",
    "",
    "const edge = edgesOf<State, Context>(contexts);",
    "",
    "const edges = [",
    ...edges.map(({ from, to, action, params, guard }) => {
      const inputs = record(params.map((field) => entry(field, arbitrary)));
      const takes = params.length > 0 ? "(state, params, ctx)" : "(state, _params, ctx)";
      const take = `${takes} => state.${methodName(action)}(${params.length > 0 ? "params, " : ""}ctx)`;
      const asks = guard ? `, guards.${guardKey({ from, action })}` : "";
      return `edge("${from}", "${to}", "${action}", ${inputs}, ${take}${asks}),`;
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
      return "times";
    case "enum":
      return `fc.constantFrom(${type.values.map((value) => JSON.stringify(value)).join(", ")})`;
  }
}

const statusArbitrary = (type: FieldType): string => (type.kind === "time" ? "times.map(writeTime)" : arbitrary(type));
