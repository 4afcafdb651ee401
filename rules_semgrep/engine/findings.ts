import { createHash } from "node:crypto";
import { type Finding, MAX_SOURCE_LINES, type Place, rankOf, type Severity } from "./finding.ts";
import type { CoreMatch, CorePlace } from "./output.ts";

/** Gives the lines of a source, by the path that the engine was given. */
export type LinesOf = (path: string) => readonly string[];

/**
 * Makes findings of the engine's matches: each once, in the order of files and lines, with the source that matched and a fingerprint.
 * Status is `silenced` where a comment says so, `new` elsewhere.
 */
export function findingsOf(
  matches: readonly CoreMatch[],
  nameOf: (path: string) => string,
  linesOf: LinesOf,
): Finding[] {
  const bare = matches.map((match) => findingOf(match, nameOf(match.path), linesOf));
  return withFingerprints(unique(bare).sort(byPlace));
}

/** Orders findings by path, line, column and rule. */
export function byPlace(a: Finding, b: Finding): number {
  return (
    compare(a.path, b.path) ||
    a.start.line - b.start.line ||
    a.start.column - b.start.column ||
    compare(a.rule, b.rule) ||
    a.end.line - b.end.line ||
    a.end.column - b.end.column ||
    compare(a.message, b.message)
  );
}

/** Orders by code units, the same everywhere. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Fills in fingerprints. Findings have to be in order: of several with the same rule, path and text, each counts on from the one before.
 */
export function withFingerprints(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  return findings.map((finding) => {
    const text = finding.source.map((line) => line.trim().replace(/\s+/g, " "));
    const key = JSON.stringify([finding.rule, finding.path, ...text]);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const fingerprint = createHash("sha256").update(`${key}${count}`).digest("hex").slice(0, 32);
    return { ...finding, fingerprint };
  });
}

function findingOf({ check_id, path, start, end, extra }: CoreMatch, name: string, linesOf: LinesOf): Finding {
  const lines = linesOf(path);
  const severity = extra.severity ?? "WARNING";
  return {
    rule: check_id,
    path: name,
    start: placeIn(lines, start),
    end: placeIn(lines, end),
    severity: rankOf(severity) === undefined ? "WARNING" : (severity as Severity),
    message: (extra.message ?? "").trim(),
    source: lines.slice(start.line - 1, Math.min(end.line, start.line - 1 + MAX_SOURCE_LINES)),
    ...(extra.fix === undefined ? {} : { fix: extra.fix }),
    notes: notesOf(extra.dataflow_trace?.taint_source),
    fingerprint: "",
    status: extra.is_ignored ? "silenced" : "new",
  };
}

function placeIn(lines: readonly string[], { line, col }: CorePlace): Place {
  const before = Buffer.from(lines[line - 1] ?? "").subarray(0, col - 1);
  return { line, column: before.toString().length + 1 };
}

// ["CliLoc", [place, text]], or ["CliCall", [[place, text], ...]] where a call is on the way.
function notesOf(source: unknown): string[] {
  if (!Array.isArray(source)) return [];
  const [kind, value] = source as [unknown, unknown];
  const at = kind === "CliCall" && Array.isArray(value) ? (value[0] as unknown) : value;
  if (!Array.isArray(at)) return [];
  const [place, text] = at as [{ start?: CorePlace } | undefined, unknown];
  return place?.start === undefined
    ? []
    : [`the value comes from line ${place.start.line}: ${String(text).split("\n")[0]}`];
}

function unique(findings: readonly Finding[]): Finding[] {
  const key = (finding: Finding): string =>
    JSON.stringify([finding.rule, finding.path, finding.start, finding.end, finding.message]);
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}
