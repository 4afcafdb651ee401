import type { Field, FieldType, Machine, State, Transition } from "../model.ts";
import { methodName } from "../read/names.ts";

/** The type of a parameter in TypeScript: what an API has just given. */
export function paramType(type: FieldType): string {
  switch (type.kind) {
    case "evidence":
      return `Evidence<${JSON.stringify(type.api)}, ${JSON.stringify(type.field)}>`;
    case "enum":
      return type.values.map((value) => JSON.stringify(value)).join(" | ");
    case "text":
      return "string";
    case "boolean":
      return "boolean";
    default:
      return "number";
  }
}

/** The type of a field in TypeScript: what was recorded. */
export const fieldType = (type: FieldType): string =>
  type.kind === "evidence" ? `Recorded<${JSON.stringify(type.api)}, ${JSON.stringify(type.field)}>` : paramType(type);

/** A property of an object type. */
export function property({ name, type }: Field, of: (type: FieldType) => string): string {
  return `readonly ${name}${type.optional ? "?" : ""}: ${of(type)}${type.optional ? " | undefined" : ""};`;
}

/** The object type of some fields. */
export const shape = (fields: readonly Field[], of: (type: FieldType) => string): string =>
  `{ ${fields.map((field) => property(field, of)).join(" ")} }`;

/** What a state with some fields is made of. */
export const keptWith = (fields: readonly Field[], of: (type: FieldType) => string): string =>
  fields.length > 0 ? `Kept & ${shape(fields, of)}` : "Kept";

/** Transitions out of a state, in the order of the file. */
export const exitsOf = ({ transitions }: Machine, state: State): readonly Transition[] =>
  transitions.filter(({ from }) => from === state.name);

/** Whether an edge is open to a resource whose status is unknown: it needs nothing that was recorded. */
export function openToUnknown(edge: Transition, machine: Machine): boolean {
  const target = machine.states.find(({ name }) => name === edge.to)!;
  return target.fields.every(({ name, type }) => type.optional || edge.params.some((param) => param.name === name));
}

/** The name of an edge among the guards of generated code. */
export const guardKey = (edge: Pick<Transition, "from" | "action">): string =>
  `${edge.from}_${methodName(edge.action)}`;

/** A sentence for a doc comment, safe within one. */
export const comment = (text: string): string => text.replaceAll("*/", "*\\/").replace(/\s+/g, " ").trim();

/** What the names of a machine's metrics begin with: model-cache → model_cache. */
export const metricPrefix = (machine: string): string => machine.replaceAll("-", "_");

/** model-cache → ModelCache. */
export const pascal = (name: string): string =>
  name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A time in the largest unit that needs no fraction: 90000 → 90s. */
export function durationText(ms: number): string {
  const units = [
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
    ["ms", 1],
  ] as const;
  const [unit, size] = units.find(([, one]) => ms % one === 0 && ms >= one) ?? ["s", 1000];
  return `${ms / size}${unit}`;
}
