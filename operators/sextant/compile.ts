import { checkModel } from "./check/check.ts";
import { emitTypeScript } from "./emit/typescript.ts";
import { formatted } from "./emit/format.ts";
import { checkGuards } from "./guards/typecheck.ts";
import type { Machine, Problem } from "./model.ts";
import { readMachine } from "./read/machine.ts";

/** What became of a file: all problems in it, or the machine that has none. */
export type Checked =
  { readonly ok: true; readonly machine: Machine } | { readonly ok: false; readonly problems: readonly Problem[] };

/** The endings of what is written beside `<name>.yaml`. */
export const OUTPUTS = [".ts"] as const;

/**
 * Reads a machine, and checks its form and its guards.
 * @param file the path that messages and headers show
 */
export function validate(file: string, source: string): Checked {
  const { machine, problems } = readMachine(file, source);
  if (machine === undefined) return { ok: false, problems };
  const wrong = checkGuards(machine);
  return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, machine };
}

/** As `validate`, and explores every run of the machine. */
export function check(file: string, source: string): Checked & { readonly moments?: number } {
  const form = validate(file, source);
  if (!form.ok) return form;
  const { problems, moments } = checkModel(form.machine);
  return problems.length > 0 ? { ok: false, problems } : { ...form, moments };
}

/** Everything that is generated from a machine: ending → text. The same machine gives the same bytes. */
export async function generate(machine: Machine): Promise<ReadonlyMap<string, string>> {
  return new Map([[".ts", await formatted(emitTypeScript(machine), "babel-ts")]]);
}
