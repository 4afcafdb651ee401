import type { Severity } from "../finding.ts";
import type { Advisory, Affected, Judgement } from "./advisory.ts";
import { broken, list, record, text } from "./document.ts";
import type { Ecosystem } from "./lock.ts";
import { canonical } from "./names.ts";
import { compareVersions, isVersion } from "./version.ts";

const ECOSYSTEMS: readonly Ecosystem[] = ["npm", "PyPI", "Go", "Maven"];
const KINDS = ["introduced", "fixed", "last_affected", "limit"] as const;

interface Event {
  readonly kind: (typeof KINDS)[number];
  readonly version: string;
  /** Whether it is no version of the ecosystem, so that nothing can be compared with it. */
  readonly isOdd: boolean;
}

/**
 * Reads an OSV record (https://ossf.github.io/osv-schema). Packages of ecosystems without a lockfile reader are left out: no lockfile can
 * hold them.
 *
 * @returns null for a record that was withdrawn
 * @throws Refusal that names the file
 */
export function readOsv(value: unknown, file: string): Advisory | null {
  const osv = record(value);
  const id = text(osv["id"]);
  if (id === "") throw broken(file, undefined, "expected an `id`", "Is it an OSV record?");
  if (text(osv["withdrawn"]) !== "") return null;
  const where = `${file}: ${id}`;
  if (!Array.isArray(osv["affected"])) throw broken(where, undefined, "expected a list `affected`", "Is it cut off?");
  return {
    id,
    aliases: list(osv["aliases"]).map(text),
    file,
    severity: severityOf(osv),
    message: text(osv["summary"]) || text(osv["details"]).split("\n")[0] || id,
    references: list(osv["references"]).flatMap((reference) => text(record(reference)["url"]) || []),
    affected: list(osv["affected"]).flatMap((each) => affectedOf(record(each), where)),
    rule: null,
  };
}

function affectedOf(affected: Readonly<Record<string, unknown>>, where: string): Affected[] {
  const { ecosystem: home, name } = record(affected["package"]);
  // "Maven:https://..." names a registry of the ecosystem.
  const [kind = ""] = text(home).split(":");
  const ecosystem = ECOSYSTEMS.find((each) => each === kind);
  if (affected["package"] === undefined) return [];
  if (kind === "" || text(name) === "") {
    throw broken(where, undefined, "expected an ecosystem and a name in `affected[].package`", "Is it cut off?");
  }
  if (ecosystem === undefined) return [];
  const versions = list(affected["versions"]).map(text);
  const ranges = list(affected["ranges"])
    .map(record)
    .filter(({ type }) => type !== "GIT")
    .map((range) => eventsOf(range, ecosystem, where));
  const judge = (version: string): Judgement => {
    if (versions.length === 0 && ranges.length === 0) {
      return { is: "unclear", why: "the advisory names commits, not versions" };
    }
    const odd = ranges.flat().find(({ isOdd }) => isOdd);
    if (odd !== undefined) {
      return {
        is: "unclear",
        why: `the advisory says ${odd.kind} "${odd.version}", which is no version of ${ecosystem}`,
      };
    }
    const hit = ranges.find((events) => isIn(events, ecosystem, version));
    if (hit === undefined && !versions.some((other) => isSame(ecosystem, version, other))) return { is: "unaffected" };
    const fixed = firstFix(hit === undefined ? ranges.flat() : hit, ecosystem, version);
    return fixed === undefined ? { is: "affected" } : { is: "affected", fixed };
  };
  return [{ ecosystem, name: canonical(ecosystem, text(name)), judge }];
}

function eventsOf(range: Readonly<Record<string, unknown>>, ecosystem: Ecosystem, where: string): Event[] {
  const type = text(range["type"]);
  if (type !== "SEMVER" && type !== "ECOSYSTEM") {
    throw broken(
      where,
      undefined,
      `expected a range of type SEMVER, ECOSYSTEM or GIT, found "${type}"`,
      "Is it cut off?",
    );
  }
  const events = list(range["events"]).map((value): Event => {
    const event = record(value);
    const kind = KINDS.find((each) => each in event);
    const version = kind === undefined ? "" : text(event[kind]);
    const isSpecial = (kind === "introduced" && version === "0") || (kind === "limit" && version === "*");
    if (kind === undefined || Object.keys(event).length !== 1 || version === "") {
      const what = `${JSON.stringify(event)} is no event of a range`;
      throw broken(where, undefined, what, `Expected one of ${KINDS.join(", ")} with a version.`);
    }
    return { kind, version, isOdd: !isSpecial && !isVersion(ecosystem, version) };
  });
  if (!events.some(({ kind }) => kind === "introduced")) {
    throw broken(where, undefined, "a range has no event `introduced`", "Is it cut off?");
  }
  return events;
}

// The evaluation of the OSV schema: https://ossf.github.io/osv-schema/#evaluation
function isIn(events: readonly Event[], ecosystem: Ecosystem, version: string): boolean {
  const order = (event: Event): number =>
    event.version === "0" && event.kind === "introduced" ? 1 : compareVersions(ecosystem, version, event.version);
  const limits = events.filter(({ kind }) => kind === "limit");
  if (limits.length > 0 && !limits.some((limit) => limit.version === "*" || order(limit) < 0)) return false;
  let affected = false;
  for (const event of sorted(events, ecosystem)) {
    if (event.kind === "introduced" && order(event) >= 0) affected = true;
    if (event.kind === "fixed" && order(event) >= 0) affected = false;
    if (event.kind === "last_affected" && order(event) > 0) affected = false;
  }
  return affected;
}

function sorted(events: readonly Event[], ecosystem: Ecosystem): Event[] {
  const isFirst = ({ kind, version }: Event): boolean => kind === "introduced" && version === "0";
  return events
    .filter(({ kind }) => kind !== "limit")
    .sort((a, b) => {
      if (isFirst(a) || isFirst(b)) return Number(isFirst(b)) - Number(isFirst(a));
      return compareVersions(ecosystem, a.version, b.version);
    });
}

function firstFix(events: readonly Event[], ecosystem: Ecosystem, version: string): string | undefined {
  return events
    .filter(({ kind, version: fix }) => kind === "fixed" && compareVersions(ecosystem, fix, version) > 0)
    .map(({ version: fix }) => fix)
    .sort((a, b) => compareVersions(ecosystem, a, b))[0];
}

function isSame(ecosystem: Ecosystem, version: string, other: string): boolean {
  if (version === other) return true;
  return isVersion(ecosystem, other) && compareVersions(ecosystem, version, other) === 0;
}

const WORDS: Readonly<Record<string, Severity>> = {
  LOW: "LOW",
  MODERATE: "MEDIUM",
  MEDIUM: "MEDIUM",
  HIGH: "HIGH",
  CRITICAL: "CRITICAL",
};

// Databases say it in a word; where there is none, it counts as high until somebody knows better.
function severityOf(osv: Readonly<Record<string, unknown>>): Severity {
  return WORDS[text(record(osv["database_specific"])["severity"]).toUpperCase()] ?? "HIGH";
}
