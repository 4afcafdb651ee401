import assert from "node:assert/strict";
import { Refusal } from "../command.ts";
import type { Lock } from "./lock.ts";
import { readLocks } from "./read.ts";

/** Reads one lockfile; leading white space of the text's lines is that of its first line. */
export function locked(file: string, text: string): Lock {
  const [lock] = readLocks([{ file, text: flush(text) }]);
  assert.ok(lock !== undefined);
  return lock;
}

/** Asserts that something is refused with a message that has all of the texts. */
export function refused(run: () => unknown, ...texts: readonly string[]): void {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof Refusal, `expected a refusal, received ${String((error as Error).stack)}`);
    for (const text of texts) assert.ok(error.message.includes(text), `expected "${text}" in: ${error.message}`);
    return;
  }
  assert.fail(`expected a refusal with ${texts.join(", ")}`);
}

/** `name version relation → edges` of each package, with why it cannot be compared and its line. */
export function told({ packages }: Lock): string[] {
  return packages.map(({ name, version, relation, edges, opaque, notes, line }) => {
    const to = edges.length === 0 ? "" : ` → ${edges.join(" ")}`;
    const aside = [...(opaque === undefined ? [] : [opaque]), ...notes].map((text) => ` (${text})`).join("");
    return `${line}: ${name} ${version} ${relation}${to}${aside}`;
  });
}

/** `importer:name=id` of each root. */
export function rootsOf({ roots }: Lock): string[] {
  return roots.map(({ importer, name, id }) => `${importer ?? "*"}:${name}=${id ?? "first-party"}`);
}

/** Takes the indentation of the first line from all lines, and the line break at the start. */
export function flush(text: string): string {
  const lines = text.replace(/^\n/, "").split("\n");
  const indent = (lines[0] ?? "").length - (lines[0] ?? "").trimStart().length;
  return lines.map((line) => (line.slice(0, indent).trim() === "" ? line.slice(indent) : line)).join("\n");
}
