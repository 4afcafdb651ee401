import { emitTypeScript } from "./emit/typescript.ts";
import { formatted } from "./emit/format.ts";
import type { Machine, Problem } from "./model.ts";
import { readMachine } from "./read/machine.ts";

/** What became of a file: all problems in it, or the machine that has none. */
export type Checked =
  { readonly ok: true; readonly machine: Machine } | { readonly ok: false; readonly problems: readonly Problem[] };

/** The endings of what is written beside `<name>.yaml`. */
export const OUTPUTS = [".ts"] as const;

/**
 * Reads a machine, and checks its form.
 * @param file the path that messages and headers show
 */
export function check(file: string, source: string): Checked {
  const { machine, problems } = readMachine(file, source);
  return machine === undefined ? { ok: false, problems } : { ok: true, machine };
}

/** Everything that is generated from a machine: ending → text. The same machine gives the same bytes. */
export async function generate(machine: Machine): Promise<ReadonlyMap<string, string>> {
  return new Map([[".ts", await formatted(emitTypeScript(machine), "babel-ts")]]);
}
