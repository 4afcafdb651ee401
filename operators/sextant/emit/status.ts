import type { FieldType, Machine, State } from "../model.ts";
import { fieldType, shape } from "./words.ts";

/** Status types, and the conversion from and to the status of a resource. */
export function emitStatus(machine: Machine): string {
  const initial = machine.states.find((state) => state.initial)!;
  return [
    "const RULES = {",
    ...machine.states.map(
      ({ name, fields }) => `${name}: { ${fields.map((field) => `${field.name}: ${rule(field.type)}`).join(", ")} },`,
    ),
    "} as const;",
    "",
    "/** A state as the resource's status has it: flat, with times in RFC 3339. */",
    `export type Status = ${machine.states.map(statusType).join(" | ")};`,
    "",
    "/**",
    ` * The status of a state, to be written to the resource's ${machine.statusField}; an unknown one gives back what was found.`,
    " * @throws SpentStateError when the state was left",
    " */",
    "export function encodeStatus(state: Exclude<State, Unknown>): Status;",
    "export function encodeStatus(state: State): unknown;",
    "export function encodeStatus(state: State): unknown {",
    `if (state.spent) throw new SpentStateError(state.phase, "encodeStatus");`,
    `if (state.phase === "Unknown") return state.raw;`,
    "const kept = { phase: state.phase, stateEnteredAt: writeTime(state.stateEnteredAt), ...(state.attempts > 0 ? { attempts: state.attempts } : {}) };",
    "switch (state.phase) {",
    ...machine.states.map(
      ({ name, fields }) =>
        `case "${name}": return { ...kept, ${fields.map((field) => written(field.name, field.type)).join(", ")} };`,
    ),
    "} }",
    "",
    "/**",
    ` * The state that a status says: ${initial.name} when there is none yet, and Unknown, with what was found, when it is`,
    " * no status of this machine. Never throws.",
    " */",
    "export function decodeStatus(raw: unknown, nowMs: number): State {",
    "const read = readStatus(raw, RULES);",
    `if (read.kind === "empty") return ${initial.name}[KEY]({ stateEnteredAt: nowMs, attempts: 0 });`,
    `if (read.kind === "invalid") return Unknown[KEY](nowMs, raw, read.reason);`,
    "const kept: Kept = { stateEnteredAt: read.stateEnteredAt, attempts: read.attempts };",
    "switch (read.phase as keyof typeof RULES) {",
    ...machine.states.map(({ name, fields }) =>
      fields.length > 0
        ? `case "${name}": return ${name}[KEY]({ ...kept, ...(read.fields as ${shape(fields, fieldType)}) });`
        : `case "${name}": return ${name}[KEY](kept);`,
    ),
    "} }",
    "",
  ].join("\n");
}

function rule(type: FieldType): string {
  const kind = type.kind === "evidence" ? "identifier" : type.kind;
  const values = type.kind === "enum" ? `, values: ${JSON.stringify(type.values)}` : "";
  return `{ kind: "${kind}"${values}${type.optional ? ", optional: true" : ""} }`;
}

function statusType({ name, fields }: State): string {
  const times = (type: FieldType): string => (type.kind === "time" ? "string" : fieldType(type));
  return `({ readonly phase: "${name}"; readonly stateEnteredAt: string; readonly attempts?: number } & ${shape(fields, times).replaceAll(" | undefined;", ";")})`;
}

function written(name: string, type: FieldType): string {
  const value = type.kind === "time" ? `writeTime(state.${name})` : `state.${name}`;
  return type.optional ? `...(state.${name} === undefined ? {} : { ${name}: ${value} })` : `${name}: ${value}`;
}
