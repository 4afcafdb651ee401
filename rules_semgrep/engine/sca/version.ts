import { compare as comparePep440, satisfies, valid as validPep440 } from "@renovatebot/pep440";
import semver from "semver";
import type { Ecosystem } from "./lock.ts";
import { compareMaven, isMavenVersion } from "./maven-version.ts";

/** Whether a text is a version of an ecosystem, so that it can be compared. */
export function isVersion(ecosystem: Ecosystem, text: string): boolean {
  if (ecosystem === "PyPI") return validPep440(text) !== null;
  if (ecosystem === "Maven") return isMavenVersion(text);
  return semver.valid(text) !== null;
}

/**
 * Orders two versions as their ecosystem does: npm and Go by SemVer (Go's pseudo-versions are pre-releases, "v" is optional), PyPI by
 * PEP 440, Maven by its own comparator. Both have to be versions, see `isVersion`.
 *
 * @returns below 0, 0 or above 0
 */
export function compareVersions(ecosystem: Ecosystem, a: string, b: string): number {
  if (ecosystem === "PyPI") return comparePep440(a, b);
  if (ecosystem === "Maven") return compareMaven(a, b);
  return semver.compare(a, b);
}

/** A range of versions, as rules of Semgrep write it. */
export type Range = (version: string) => boolean;

type Comparison = readonly [operator: string, test: (order: number) => boolean];

// Longer ones first.
const OPERATORS: readonly Comparison[] = [
  ["<=", (order) => order <= 0],
  [">=", (order) => order >= 0],
  ["===", (order) => order === 0],
  ["==", (order) => order === 0],
  ["!=", (order) => order !== 0],
  ["<", (order) => order < 0],
  [">", (order) => order > 0],
  ["=", (order) => order === 0],
];

/**
 * Reads a range: comparisons with a comma between them, all of which have to hold; for npm all that npm's ranges have, for PyPI `~=` and
 * `==1.*` too. Pre-releases count as what they are, versions before their release: no range leaves them out.
 *
 * @returns null for what is no range of the ecosystem
 */
export function parseRange(ecosystem: Ecosystem, text: string): Range | null {
  if (text.trim() === "*") return () => true;
  if (ecosystem === "npm") {
    const spaced = text.split(",").join(" ").replaceAll("==", "=");
    if (text.trim() === "" || semver.validRange(spaced) === null) return null;
    return (version) => semver.satisfies(version, spaced, { includePrerelease: true });
  }
  const parts = text.split(",").map((part) => parseComparison(ecosystem, part.trim()));
  if (parts.some((part) => part === null)) return null;
  return (version) => parts.every((part) => part?.(version));
}

function parseComparison(ecosystem: Ecosystem, part: string): Range | null {
  const isLoose = part.startsWith("~=") || (part.endsWith(".*") && (part.startsWith("==") || part.startsWith("!=")));
  if (ecosystem === "PyPI" && isLoose) {
    const wanted = part.replaceAll(" ", "");
    const version = wanted.slice(2).replace(".*", "");
    return isVersion(ecosystem, version) ? (given) => satisfies(given, wanted, { prereleases: true }) : null;
  }
  const found = OPERATORS.find(([operator]) => part.startsWith(operator));
  if (found === undefined)
    return isVersion(ecosystem, part) ? (version) => compareVersions(ecosystem, version, part) === 0 : null;
  const [operator, holds] = found;
  const bound = part.slice(operator.length).trim();
  if (!isVersion(ecosystem, bound)) return null;
  return (version) => holds(compareVersions(ecosystem, version, bound));
}
