import { checkModel } from "./check/check.ts";
import { emitAlerts } from "./emit/alerts.ts";
import { emitDashboard } from "./emit/dashboard.ts";
import { emitPage } from "./emit/page.ts";
import { emitPropertyTest } from "./emit/property-test.ts";
import { emitTypeScript } from "./emit/typescript.ts";
import { formatted } from "./emit/format.ts";
import { checkGuards } from "./guards/typecheck.ts";
import type { Machine, Problem } from "./model.ts";
import { readMachine } from "./read/machine.ts";

/** What became of a file: all problems in it, or the machine that has none. */
export type Checked =
  /** `moments` is how many were explored; 0 before that. */
  | { readonly ok: true; readonly machine: Machine; readonly moments: number }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The endings of what is written beside `<name>.yaml`. */
export const OUTPUTS = [".ts", ".md", ".property.test.ts"] as const;

/** The endings of what is kept up to date beside it where it is wanted. */
export const WANTED = [".alerts.yaml", ".dashboard.json"] as const;

/**
 * Reads a machine, and checks its form and its guards.
 * @param file the path that messages and headers show
 */
export function validate(file: string, source: string): Checked {
  const { machine, problems } = readMachine(file, source);
  if (machine === undefined) return { ok: false, problems };
  const wrong = checkGuards(machine);
  return wrong.length > 0 ? { ok: false, problems: wrong } : { ok: true, machine, moments: 0 };
}

/** As `validate`, and explores every run of the machine. */
export function check(file: string, source: string): Checked {
  const form = validate(file, source);
  if (!form.ok) return form;
  const { problems, moments } = checkModel(form.machine);
  return problems.length > 0 ? { ok: false, problems } : { ...form, moments };
}

/**
 * Everything that is generated from a machine that was checked: ending → text. The same machine gives the same bytes.
 * @param name of the file, without folder and ending
 * @param moments what `check` has explored
 * @param wanted which of WANTED to generate, too
 */
export async function generate(
  machine: Machine,
  name: string,
  moments: number,
  wanted: (ending: string) => boolean = () => false,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map([
    [".ts", await formatted(emitTypeScript(machine), "babel-ts")],
    [".md", await formatted(emitPage(machine, moments), "markdown")],
    [".property.test.ts", await formatted(emitPropertyTest(machine, name), "babel-ts")],
  ]);
  if (wanted(".alerts.yaml")) files.set(".alerts.yaml", await formatted(emitAlerts(machine), "yaml"));
  if (wanted(".dashboard.json"))
    files.set(".dashboard.json", await formatted(JSON.stringify(emitDashboard(machine)), "json"));
  return files;
}
