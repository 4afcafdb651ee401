import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Refusal } from "../engine/command.ts";
import { readRules } from "../engine/rules.ts";

/** A pack as a file, and rules of it that scans would refuse, each with why. */
export interface PackFile {
  readonly text: string;
  /** By id. */
  readonly rules: ReadonlyMap<string, string>;
  readonly leftOut: readonly string[];
}

/** Makes a file of a pack: its rules in the order of their ids, without those that scans refuse. @throws Refusal */
export async function packFile(bytes: Uint8Array, name: string): Promise<PackFile> {
  const all = rulesIn(bytes, name);
  const kept: [string, unknown][] = [];
  const leftOut: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), "semgrep-pack-"));
  try {
    for (const [index, rule] of all.entries()) {
      const path = join(folder, `${index}.yaml`);
      await writeFile(path, stringify({ rules: [rule] }));
      try {
        const [read] = await readRules([{ path, name }], name);
        kept.push([read!.id, rule]);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        leftOut.push(error.message.split("\n").slice(1, 2).join("").trim());
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (kept.length === 0) throw new Refusal(`${name}: no rule of it can be used`, leftOut.slice(0, 5));
  kept.sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    text: stringify({ rules: kept.map(([, rule]) => rule) }, { lineWidth: 0 }),
    rules: new Map(kept.map(([id, rule]) => [id, stringify(rule)])),
    leftOut: leftOut.sort(),
  };
}

/** The rules of a file that `packFile` made, by id. */
export function rulesOf(text: string): Map<string, string> {
  const { rules } = parse(text) as { rules: { id: string }[] };
  return new Map(rules.map((rule) => [rule.id, stringify(rule)]));
}

function rulesIn(bytes: Uint8Array, name: string): unknown[] {
  let value: unknown;
  try {
    value = parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Refusal(`${name}: what came is not YAML`, [(error as Error).message.split("\n")[0] ?? ""]);
  }
  const { rules } = (value ?? {}) as { rules?: unknown };
  if (Array.isArray(rules) && rules.length > 0) return rules;
  throw new Refusal(`${name}: what came has no rules`, [
    "Expected a mapping with a list `rules`.",
    "Check its source.",
  ]);
}
