import type { Node } from "yaml";
import type { Guard } from "../model.ts";
import type { Reader } from "./reader.ts";
import { suggestion } from "./suggest.ts";

/** Reads the guards that have names: a text (the expression), or a map with `when` and `description`. */
export function readGuards(reader: Reader, node: Node | undefined): ReadonlyMap<string, Guard> {
  const guards = new Map<string, Guard>();
  for (const [name, value, keyNode] of reader.pairs(node, "guards")) {
    if (!/^[a-z][A-Za-z0-9]*$/.test(name))
      reader.problem(
        keyNode,
        `"${name}": expected a guard's name such as policyKnown (letters and digits, a small letter first)`,
      );
    if (value === null) {
      reader.problem(keyNode, `the guard "${name}" has no expression; write ${name}: ctx.…`);
      continue;
    }
    const entries =
      "items" in value ? reader.entries(value, `guard ${name}`, ["description", "when"]) : { when: value };
    const when = reader.text(entries.when, `guard ${name}`);
    const description = "description" in entries ? (reader.text(entries.description, "description")?.value ?? "") : "";
    if (when === undefined || entries.when === undefined) {
      if (entries.when === undefined) reader.problem(keyNode, `the guard "${name}" has no "when"; write when: ctx.…`);
      continue;
    }
    guards.set(name, { name, description, expression: when.value, place: reader.places(entries.when) });
  }
  return guards;
}

/** The guard of a transition: the name of one, or an expression, which is then named for its action. */
export function readGuard(
  reader: Reader,
  node: Node | undefined,
  name: string,
  guards: ReadonlyMap<string, Guard>,
): Guard | undefined {
  const written = reader.text(node, "guard");
  if (written === undefined || node === undefined) return undefined;
  if (!/^[A-Za-z]\w*$/.test(written.value) || ["true", "false"].includes(written.value))
    return { name, description: "", expression: written.value, place: reader.places(node) };
  const found = guards.get(written.value);
  if (found === undefined)
    reader.problem(
      node,
      `there is no guard "${written.value}"${suggestion(written.value, [...guards.keys()]) || "; declare it under guards, or write an expression over from, params and ctx"}`,
    );
  return found;
}
