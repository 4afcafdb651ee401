import { readFile, writeFile } from "node:fs/promises";
import type { Command } from "../command.ts";
import { Refusal } from "../command.ts";
import type { Input } from "../rules.ts";
import { readAdvisories } from "./advisories.ts";
import { type ClosureLock, closureOf } from "./closure.ts";
import type { Dependency } from "./dependency.ts";
import type { PlacedMatch } from "./dependency-findings.ts";
import { matchAll, type Matches } from "./match.ts";
import { readLocks, type Source } from "./read.ts";

/** Matches whose lines are known: what a test reads. */
export interface PlacedMatches extends Omit<Matches, "matches"> {
  readonly matches: readonly PlacedMatch[];
}

/** Action: keeps of lockfiles what a target depends on. The output stays the same when other packages change. */
export const scaPackages: Command<{
  readonly label: string;
  readonly lockfiles: readonly Input[];
  readonly closure: readonly Dependency[] | null;
  readonly out: string;
}> = async ({ label, lockfiles, closure, out }) => {
  const locks = readLocks(await sourcesOf(lockfiles));
  await writeJson(out, closureOf(locks, closure, label));
  return 0;
};

/** Action: what advisories say of these packages. The output stays the same when other advisories change. */
export const scaMatches: Command<{
  readonly label: string;
  readonly packages: string;
  readonly advisories: readonly Input[];
  readonly excluded: readonly string[];
  readonly out: string;
}> = async ({ label, packages, advisories, excluded, out }) => {
  const [locks, all] = await Promise.all([
    readJson<ClosureLock[]>(packages),
    sourcesOf(advisories).then(readAdvisories),
  ]);
  const known = new Set(all.flatMap(({ id, aliases }) => [id, ...aliases]));
  const unknown = excluded.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new Refusal(`${label}: exclude_advisories names what is not in advisories`, [
      `There is no advisory ${unknown.join(", ")} among the ${all.length} advisories.`,
      "Was it withdrawn? Take it out of exclude_advisories, or mend the id.",
    ]);
  }
  await writeJson(out, matchAll(locks, all));
  return 0;
};

/** Action: adds the lines of a lockfile to matches. Without a match the output stays the same when the lockfile changes. */
export const scaPlaces: Command<{
  readonly matches: string;
  readonly lockfiles: readonly Input[];
  readonly out: string;
}> = async ({ matches, lockfiles, out }) => {
  const found = await readJson<Matches>(matches);
  const wanted = new Set(found.matches.map(({ lockfile }) => lockfile));
  const sources = await sourcesOf(lockfiles);
  const locks = wanted.size === 0 ? [] : readLocks(sources);
  const place = (lockfile: string, entry: string): Pick<PlacedMatch, "line" | "source"> => {
    const lines = sources.find(({ file }) => file === lockfile)?.text.split("\n") ?? [];
    const lock = locks.find(({ file }) => file === lockfile);
    const line = lock?.packages.find(({ id }) => id === entry)?.line ?? 1;
    return { line, source: lines[line - 1] ?? "" };
  };
  const placed: PlacedMatches = {
    ...found,
    matches: found.matches.map((match) => ({ ...match, ...place(match.lockfile, match.entry) })),
  };
  await writeJson(out, placed);
  return 0;
};

async function sourcesOf(inputs: readonly Input[]): Promise<Source[]> {
  return Promise.all(inputs.map(async ({ path, name }) => ({ text: await readFile(path, "utf8"), file: name })));
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, "utf8")) as T;
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 1)}\n`);
}
