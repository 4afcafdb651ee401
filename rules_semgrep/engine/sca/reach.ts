import type { CoreMatch } from "../output.ts";
import { analyzerOf, RESERVED, TEXT_ANALYZERS } from "../languages.ts";
import type { ReachRule } from "./advisory.ts";
import type { Match } from "./match.ts";

/** Whether first-party code calls what is vulnerable. */
export type Reach =
  | { readonly is: "reachable"; /** `file:line`, in order, each once. */ readonly at: readonly string[] }
  | { readonly is: "unreachable"; readonly sources: number }
  | { readonly is: "not-analysed"; readonly why: string };

/** The rule file for semgrep-core that looks for the calls of all matches; null when there is nothing to look for. */
export function reachRules(matches: readonly Match[]): string | null {
  const rules = new Map(matches.flatMap(({ id, rule }) => (rule === null ? [] : [[id, rule] as const])));
  if (rules.size === 0) return null;
  return JSON.stringify({ rules: [...rules].map(([id, rule]) => ({ ...rule, id: reachId(id) })) });
}

/** Whether a result is of a rule of `reachRules`. */
export function isReachResult({ check_id: id }: Pick<CoreMatch, "check_id">): boolean {
  return id.startsWith(`${RESERVED}reach.`);
}

/**
 * What the engine found of the calls of a match.
 *
 * @param results all that it found
 * @param analyzers those of the sources, a list for each
 * @param nameOf gives the name in the repository for a path in them
 */
export function reachOf(
  { id, rule }: Match,
  results: readonly CoreMatch[],
  analyzers: readonly (readonly string[])[],
  nameOf: (path: string) => string,
): Reach {
  if (rule === null) return { is: "not-analysed", why: "the advisory has no pattern" };
  const readable = analyzers.filter((each) => reads(rule, each)).length;
  if (readable === 0) return { is: "not-analysed", why: `no source is ${rule.languages.join(" or ")}` };
  const places = results
    .filter(({ check_id: check }) => check === reachId(id))
    .map(({ path, start }) => ({ path, start }));
  if (places.length === 0) return { is: "unreachable", sources: readable };
  const sorted = places
    .map(({ path, start }) => ({ name: nameOf(path), line: start.line }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.line - b.line));
  return { is: "reachable", at: [...new Set(sorted.map(({ name, line }) => `${name}:${line}`))] };
}

function reads({ languages }: ReachRule, analyzers: readonly string[]): boolean {
  return languages.some((language) => [...analyzers, ...TEXT_ANALYZERS].includes(analyzerOf(language) ?? ""));
}

function reachId(id: string): string {
  return `${RESERVED}reach.${id}`;
}
