import { rankOf } from "../finding.ts";
import { compare } from "../findings.ts";
import type { Advisory, Judgement, ReachRule } from "./advisory.ts";
import type { ClosureLock, ClosurePackage } from "./closure.ts";
import type { Ecosystem, Relation, Tool } from "./lock.ts";
import type { Severity } from "../finding.ts";
import { canonical } from "./names.ts";
import { compareVersions, isVersion } from "./version.ts";

/** An advisory that speaks of a package of a closure. */
export interface Match {
  /** The advisory's. */
  readonly id: string;
  /** Other names, those of advisories that say the same included. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly message: string;
  readonly references: readonly string[];
  /** The advisory's file. */
  readonly file: string;
  readonly rule: ReachRule | null;
  readonly lockfile: string;
  readonly tool: Tool;
  readonly ecosystem: Ecosystem;
  readonly package: string;
  readonly version: string;
  /** Of the entry in the lockfile. */
  readonly entry: string;
  readonly relation: Relation;
  /** The shortest way to it: `name version`, the package itself last. */
  readonly through: readonly string[];
  readonly notes: readonly string[];
  /** Why the version could not be compared; null when it is affected. */
  readonly unclear: string | null;
  readonly fixed: string | null;
}

/** What advisories say of closures, and how much was looked at. */
export interface Matches {
  readonly locks: readonly (Pick<ClosureLock, "file" | "notes" | "scope"> & { readonly packages: number })[];
  readonly matches: readonly Match[];
}

/** Compares the packages of closures with advisories. One that cannot be compared is a match too, with the reason. */
export function matchAll(locks: readonly ClosureLock[], advisories: readonly Advisory[]): Matches {
  const index = new Map<string, Advisory[]>();
  for (const advisory of advisories) {
    for (const key of new Set(advisory.affected.map(({ ecosystem, name }) => keyOf(ecosystem, name)))) {
      index.set(key, [...(index.get(key) ?? []), advisory]);
    }
  }
  const matches = locks.flatMap((lock) => {
    const ways = waysIn(lock);
    const all = lock.packages.flatMap((each) => {
      const speaking = index.get(keyOf(each.ecosystem, each.name)) ?? [];
      return sameThings(speaking.flatMap((advisory) => matchOf(advisory, each, lock, ways.get(each.id) ?? [])));
    });
    return shortest(all);
  });
  return {
    locks: locks.map(({ file, notes, scope, packages }) => ({
      file,
      notes,
      scope,
      packages: packages.length,
    })),
    matches: matches.sort(
      (a, b) =>
        compare(a.lockfile, b.lockfile) ||
        compare(a.package, b.package) ||
        compare(a.version, b.version) ||
        compare(a.id, b.id),
    ),
  };
}

function matchOf(advisory: Advisory, found: ClosurePackage, lock: ClosureLock, through: readonly string[]): Match[] {
  const verdict = judge(advisory, found);
  if (verdict.is === "unaffected") return [];
  const { affected: _, ...about } = advisory;
  return [
    {
      ...about,
      lockfile: lock.file,
      tool: lock.tool,
      ecosystem: found.ecosystem,
      package: found.name,
      version: found.version,
      entry: found.id,
      relation: found.relation,
      through,
      notes: found.notes,
      unclear: verdict.is === "unclear" ? verdict.why : null,
      fixed: verdict.is === "affected" ? (verdict.fixed ?? null) : null,
    },
  ];
}

function judge(advisory: Advisory, { ecosystem, name, version, opaque }: ClosurePackage): Judgement {
  const speaking = advisory.affected.filter(
    (each) => each.ecosystem === ecosystem && each.name === canonical(ecosystem, name),
  );
  if (opaque !== undefined) return { is: "unclear", why: opaque };
  if (!isVersion(ecosystem, version)) return { is: "unclear", why: `"${version}" is no version of ${ecosystem}` };
  const judgements = speaking.map(({ judge: judgeVersion }) => judgeVersion(version));
  const hits = judgements.filter((judgement) => judgement.is === "affected");
  if (hits.length > 0) {
    const fixes = hits.flatMap(({ fixed }) => fixed ?? []).filter((fix) => isVersion(ecosystem, fix));
    const [fixed] = fixes.sort((a, b) => compareVersions(ecosystem, a, b));
    return fixed === undefined ? (hits[0] ?? { is: "affected" }) : { is: "affected", fixed };
  }
  return judgements.find((judgement) => judgement.is === "unclear") ?? { is: "unaffected" };
}

// Advisories of several databases often say the same: one of them is kept, one with a rule first.
function sameThings(matches: readonly Match[]): Match[] {
  const kept: Match[] = [];
  const inOrder = [...matches].sort((a, b) => Number(a.rule === null) - Number(b.rule === null) || compare(a.id, b.id));
  for (const match of inOrder) {
    const names = [match.id, ...match.aliases];
    const at = kept.findIndex(({ id, aliases }) => names.some((name) => name === id || aliases.includes(name)));
    const before = kept[at];
    if (before === undefined) {
      kept.push({ ...match, aliases: [...match.aliases].sort(compare) });
      continue;
    }
    const aliases = [...new Set([...before.aliases, ...names])].filter((name) => name !== before.id).sort(compare);
    const isWorse = (rankOf(match.severity) ?? 0) > (rankOf(before.severity) ?? 0);
    kept[at] = {
      ...before,
      aliases,
      severity: isWorse ? match.severity : before.severity,
      unclear: before.unclear === null ? null : match.unclear,
      fixed: before.fixed ?? match.fixed,
    };
  }
  return kept;
}

// A version may have several entries, one for each set of peers.
function shortest(matches: readonly Match[]): Match[] {
  const kept = new Map<string, Match>();
  for (const match of matches) {
    const key = JSON.stringify([match.id, match.package, match.version, match.unclear]);
    const before = kept.get(key);
    if (before === undefined || match.through.length < before.through.length) kept.set(key, match);
  }
  return [...kept.values()];
}

// Breadth first from what is direct; entries are in order, so that the way is always the same.
function waysIn({ packages }: ClosureLock): Map<string, string[]> {
  const all = new Map(packages.map((each) => [each.id, each]));
  const nameOf = (id: string): string => `${all.get(id)?.name} ${all.get(id)?.version}`.trim();
  const starts = packages.filter(({ relation }) => relation !== "transitive");
  const ways = new Map(starts.map(({ id }) => [id, [nameOf(id)]]));
  const queue = starts.map(({ id }) => id);
  for (let at = 0; at < queue.length; at += 1) {
    const id = queue[at] ?? "";
    for (const edge of all.get(id)?.edges ?? []) {
      if (ways.has(edge)) continue;
      ways.set(edge, [...(ways.get(id) ?? []), nameOf(edge)]);
      queue.push(edge);
    }
  }
  return ways;
}

function keyOf(ecosystem: Ecosystem, name: string): string {
  return `${ecosystem} ${canonical(ecosystem, name)}`;
}
