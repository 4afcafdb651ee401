import { createHash } from "node:crypto";
import type { Finding, RuleInfo } from "../finding.ts";
import { compare } from "../findings.ts";
import type { Match } from "./match.ts";
import type { Reach } from "./reach.ts";
import { updateCommand } from "./update.ts";

/** A match, and the line of its entry in the lockfile. */
export interface PlacedMatch extends Match {
  readonly line: number;
  /** The line as it stands there. */
  readonly source: string;
}

/** What a test decides of matches. */
export interface Decisions {
  /** Whether affected versions whose vulnerable calls were not found fail the test. */
  readonly failUnreachable: boolean;
  /** Ids of advisories, or aliases of them, and why they do not count. */
  readonly excluded: Readonly<Record<string, string>>;
}

const CALLS = 5;

/**
 * Makes findings of matches, in the order that they have. `rule` is the advisory, `path` the lockfile; the fingerprint is from both and the
 * package's name and version, so that it stays when the lockfile is written anew.
 *
 * @param reachOf says whether what is vulnerable is called
 */
export function dependencyFindings(
  matches: readonly PlacedMatch[],
  reachOf: (match: PlacedMatch) => Reach,
  { failUnreachable, excluded }: Decisions,
): Finding[] {
  return matches.map((match) => {
    const reach = reachOf(match);
    const reason = [match.id, ...match.aliases].map((name) => excluded[name]).find((why) => why !== undefined);
    const isHarmless = reach.is === "unreachable" && match.unclear === null && !failUnreachable;
    return {
      rule: match.id,
      path: match.lockfile,
      start: { line: match.line, column: indent(match.source) + 1 },
      end: { line: match.line, column: match.source.trimEnd().length + 1 },
      severity: isHarmless ? "INVENTORY" : match.severity,
      message: messageOf(match),
      source: [match.source.trimEnd()],
      notes: [...notesOf(match, reach), ...(reason === undefined ? [] : [`excluded: ${reason}`])],
      fingerprint: fingerprintOf(match),
      status: reason === undefined ? "new" : "silenced",
      silence: `exclude_advisories = {"${match.id}": "<reason>"}`,
    };
  });
}

/** What is said of the advisories of matches beside the findings. */
export function advisoryInfos(matches: readonly Match[]): RuleInfo[] {
  const infos = matches.map(({ id, severity, message, references, aliases, file }): [string, RuleInfo] => [
    id,
    { id, severity, message, references: [...references, ...aliases], file },
  ]);
  return [...new Map(infos).values()].sort((a, b) => compare(a.id, b.id));
}

function messageOf({ package: name, version, unclear, message }: Match): string {
  const named = `${name} ${version}`.trim();
  const what =
    unclear === null
      ? `${named} is affected: ${message}`
      : `${named} cannot be compared: ${unclear}. What the advisory says: ${message}`;
  return what.trim();
}

function notesOf(match: Match, reach: Reach): string[] {
  const { through, relation, aliases, fixed, unclear, notes, file } = match;
  const way = through.join(" → ");
  return [
    ...(aliases.length === 0 ? [] : [`also known as ${aliases.join(", ")}`]),
    `advisory: ${file}`,
    relation === "transitive"
      ? `through ${way}`
      : relation === "direct"
        ? "a direct dependency"
        : "listed in the lockfile",
    ...notes,
    reachNote(reach),
    ...(unclear !== null
      ? ["is it one that the advisory means? If not, exclude the advisory and say why"]
      : [fixed === null ? "no version without it is known" : `fixed in ${fixed}`, `update: ${updateCommand(match)}`]),
  ];
}

function reachNote(reach: Reach): string {
  if (reach.is === "not-analysed") return `calls: not analysed: ${reach.why}`;
  if (reach.is === "unreachable")
    return `calls: no call found in ${reach.sources} source${reach.sources === 1 ? "" : "s"}`;
  const more = reach.at.length > CALLS ? ` and ${reach.at.length - CALLS} more` : "";
  return `calls: reachable at ${reach.at.slice(0, CALLS).join(", ")}${more}`;
}

function fingerprintOf({ id, lockfile, package: name, version, entry }: Match): string {
  const key = JSON.stringify([id, lockfile, name, version === "" ? entry : version]);
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}

function indent(line: string): number {
  return line.length - line.trimStart().length;
}
