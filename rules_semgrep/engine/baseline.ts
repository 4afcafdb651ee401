import { Refusal } from "./command.ts";
import type { Finding, Known } from "./finding.ts";
import { compare } from "./findings.ts";

/** What a comparison with a baseline says. */
export interface Compared {
  readonly findings: Finding[];
  readonly gone: Known[];
}

/** Reads a baseline; a Refusal names what is wrong with it. */
export function parseBaseline(text: string, name: string, label: string, update: string): Known[] {
  const refuse = (what: string): Refusal =>
    new Refusal(`${label}: the baseline cannot be used`, [`${name}: ${what}.`, `${update} writes it anew.`]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(`it is not JSON (${(error as Error).message})`);
  }
  const { version, findings } = (value ?? {}) as { version?: unknown; findings?: unknown };
  if (version !== 1) throw refuse(`expected "version": 1, found ${JSON.stringify(version)}`);
  if (!Array.isArray(findings) || !findings.every(isKnown)) {
    throw refuse("expected a list `findings`, each with rule, path, fingerprint and text");
  }
  const seen = new Set<string>();
  for (const { fingerprint } of findings) {
    if (seen.has(fingerprint)) throw refuse(`the fingerprint ${fingerprint} is there twice`);
    seen.add(fingerprint);
  }
  return findings;
}

/** Marks what the baseline knows; what it knows and nobody found is `gone`. */
export function compareWith(known: readonly Known[], findings: readonly Finding[]): Compared {
  const expected = new Set(known.map(({ fingerprint }) => fingerprint));
  const found = new Set(findings.map(({ fingerprint }) => fingerprint));
  return {
    findings: findings.map((finding) =>
      finding.status === "new" && expected.has(finding.fingerprint) ? { ...finding, status: "known" } : finding,
    ),
    gone: known.filter(({ fingerprint }) => !found.has(fingerprint)),
  };
}

/** The baseline that knows all findings that are not silenced. It has no lines, so that it stays the same when code moves. */
export function baselineOf(findings: readonly Finding[]): string {
  const known = findings
    .filter(({ status }) => status !== "silenced")
    .map(({ rule, path, fingerprint, source }) => ({ rule, path, text: (source[0] ?? "").trim(), fingerprint }))
    .sort((a, b) => compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint));
  return `${JSON.stringify({ version: 1, findings: known }, null, 2)}\n`;
}

function isKnown(value: unknown): value is Known {
  const { rule, path, fingerprint, text } = (value ?? {}) as Record<string, unknown>;
  return [rule, path, fingerprint, text].every((field) => typeof field === "string");
}
