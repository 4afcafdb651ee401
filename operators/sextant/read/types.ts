import type { FieldType } from "../model.ts";
import { suggestion } from "./suggest.ts";

const plain = ["text", "integer", "number", "boolean", "time"] as const;

/**
 * Reads a type: `string` (an identifier of the machine's own API), `evidence(api, field)`, `text`, `integer`, `number`,
 * `boolean`, `time`, `enum(a, b)`; a `?` at the end makes it optional. An error is a sentence.
 */
export function parseType(
  written: string,
  owner: { readonly machine: string; readonly name: string },
): { readonly type: FieldType } | { readonly error: string } {
  const optional = written.endsWith("?");
  const text = written.replace(/\?$/, "").trim();
  const kind = plain.find((one) => one === text);
  if (kind !== undefined) return { type: { kind, optional } };
  if (text === "string") return { type: { kind: "evidence", api: owner.machine, field: owner.name, optional } };
  const call = /^(\w+)\((.*)\)$/.exec(text);
  const args = call?.[2]!.split(",").map((arg) => arg.trim()) ?? [];
  if (call?.[1] === "evidence") {
    if (args.length === 2 && args.every((arg) => /^[A-Za-z][\w.-]*$/.test(arg)))
      return { type: { kind: "evidence", api: args[0]!, field: args[1]!, optional } };
    return { error: `"${written}": expected evidence(<api>, <field>), such as evidence(cloudflare.dns, id)` };
  }
  if (call?.[1] === "enum") {
    if (args.every((arg) => /^[A-Za-z][\w-]*$/.test(arg)) && new Set(args).size === args.length)
      return { type: { kind: "enum", values: args, optional } };
    return { error: `"${written}": expected different words, such as enum(public, private)` };
  }
  const known = [...plain, "string", "evidence(api, field)", "enum(a, b)"];
  return { error: `unknown type "${written}"${suggestion(text, known)}` };
}

/** Whether a value of one type is a value of the other. */
export function sameType(a: FieldType, b: FieldType): boolean {
  return typeText({ ...a, optional: false }) === typeText({ ...b, optional: false }) && (b.optional || !a.optional);
}

/** The type as the YAML has it. */
export function typeText(type: FieldType): string {
  const mark = type.optional ? "?" : "";
  if (type.kind === "evidence") return `evidence(${type.api}, ${type.field})${mark}`;
  return type.kind === "enum" ? `enum(${type.values.join(", ")})${mark}` : `${type.kind}${mark}`;
}
