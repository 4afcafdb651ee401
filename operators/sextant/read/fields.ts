import { isMap, isScalar, type Node } from "yaml";
import type { Field } from "../model.ts";
import { fieldNameProblem } from "./names.ts";
import type { Reader } from "./reader.ts";
import { parseType } from "./types.ts";

/** Reads fields, parameters or the context: a map of names to types, or a list of such maps. */
export function readFields(reader: Reader, node: Node | undefined, what: string, machine: string): readonly Field[] {
  if (node === undefined) return [];
  const maps = isMap(node) ? [node] : reader.items(node, what);
  const fields: Field[] = [];
  for (const map of maps) {
    if (isScalar(map) && typeof map.value === "string" && !map.value.includes(":")) {
      reader.problem(map, `${what}: "${map.value}" has no type; write ${map.value}: string`);
      continue;
    }
    for (const [name, value, keyNode] of reader.pairs(map, what)) {
      const at = reader.at(keyNode);
      const problem = fieldNameProblem(name);
      if (problem !== undefined) reader.problem(at, problem);
      if (maps.length > 1 && fields.some((field) => field.name === name))
        reader.problem(at, `"${name}" stands twice in ${what}; remove one`);
      const written = value === null ? undefined : reader.text(value, `type of ${name}`);
      if (value === null) reader.problem(at, `"${name}" has no type; write ${name}: string`);
      if (written === undefined) continue;
      const parsed = parseType(written.value, { machine, name });
      if ("error" in parsed) reader.problem(written.at, parsed.error);
      else fields.push({ name, type: parsed.type, at });
    }
  }
  return fields;
}

/** Fields of a state: those of its groups, then its own; two of one name are a problem. */
export function withGroups(
  reader: Reader,
  own: readonly Field[],
  groups: Node | undefined,
  known: ReadonlyMap<string, readonly Field[]>,
): readonly Field[] {
  const fields: Field[] = [];
  for (const group of reader.texts(groups, "fieldGroups")) {
    const found = known.get(group.value);
    if (found === undefined)
      reader.problem(
        group.at,
        `there is no field group "${group.value}"; expected one of ${[...known.keys()].join(", ") || "none"}`,
      );
    else fields.push(...found.map((field) => ({ ...field, at: group.at })));
  }
  fields.push(...own);
  for (const [index, field] of fields.entries()) {
    const first = fields.findIndex(({ name }) => name === field.name);
    if (first < index)
      reader.problem(field.at, `the field "${field.name}" comes twice, also by a field group; remove one`);
  }
  return fields;
}
