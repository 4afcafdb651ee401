import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { unpack } from "./archive.ts";
import { type Command, Refusal } from "./command.ts";
import { renderedBy } from "./render.ts";
import type { Template } from "./template.ts";
import { unifiedDiff } from "./text-diff.ts";
import { unstableCalls } from "./unstable.ts";

/** What `helm_determinism_test` asks for. */
export interface DeterminismParams extends Template {
  /** Functions that may stand in templates. */
  readonly allow: readonly string[];
}

/** Reads the templates for calls of chance, time and the cluster, and renders twice, at two times in two zones. */
export const determinism: Command<DeterminismParams> = async (params, { say }) => {
  const calls: string[] = [];
  for (const [path, contents] of await unpack(readFileSync(params.chart))) {
    if (!path.includes("/templates/")) continue;
    for (const { line, name } of unstableCalls(contents.toString(), params.allow))
      calls.push(`${path}:${line}: ${name}`);
  }
  if (calls.length > 0) {
    throw new Refusal(`${params.label}: templates call functions whose result is not the same each time`, [
      ...calls.sort(),
      "Take the value from values or from a Secret that exists; or, if this rendering does not come by, name the function in allow.",
    ]);
  }
  const first = (await renderedBy(params, say, "Pacific/Kiritimati")).toString();
  await setTimeout(1_100);
  const second = (await renderedBy(params, say, "Pacific/Niue")).toString();
  if (first === second) return 0;
  throw new Refusal(`${params.label}: two renderings of one chart with the same values differ`, [
    unifiedDiff("first", "second", first, second, 200),
    "A template, or a value that goes through tpl, uses the time, chance or the order of a map.",
  ]);
};
