import type { Log, Notification, ReportingDescriptor, Result, Run } from "sarif";
import { type Fault, type Finding, type Known, rankOf, type Report, type RuleInfo, type Severity } from "./finding.ts";
import { compare } from "./findings.ts";
import { STALE, STALE_RULE } from "./silence.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** Reports as one SARIF 2.1.0 log with one run; paths are relative to the repository (`SRCROOT`). */
export function sarifOf(reports: readonly Report[]): Log {
  const rules = rulesOf(reports);
  const indices = new Map(rules.map(({ id }, index) => [id, index]));
  const results = reports.flatMap(({ label, findings, gone }) => [
    ...findings.map((finding) => resultOf(finding, label, indices)),
    ...gone.map((known) => absent(known, label, indices)),
  ]);
  const notifications = reports.flatMap(({ faults }) => faults.map(notificationOf));
  const versions = [...new Set(reports.map(({ engine }) => engine))].sort(compare);
  const run: Run = {
    tool: {
      driver: {
        name: "semgrep",
        informationUri: "https://semgrep.dev",
        ...(versions.length === 0 ? {} : { version: versions.join(", ") }),
        rules,
      },
    },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { SRCROOT: { description: { text: "The root of the repository." } } },
    invocations: [{ executionSuccessful: notifications.length === 0, toolExecutionNotifications: notifications }],
    results,
  };
  return { $schema: SCHEMA, version: "2.1.0", runs: [run] };
}

function rulesOf(reports: readonly Report[]): ReportingDescriptor[] {
  const stale = reports.some(({ findings }) => findings.some(({ rule }) => rule === STALE));
  const infos = new Map<string, RuleInfo>(
    reports.flatMap(({ rules }) => rules.map((rule): [string, RuleInfo] => [rule.id, rule])),
  );
  if (stale) infos.set(STALE, STALE_RULE);
  return [...infos.values()].sort((a, b) => compare(a.id, b.id)).map(descriptorOf);
}

function descriptorOf({ id, message, severity, references }: RuleInfo): ReportingDescriptor {
  const uri = references.find((reference) => reference.startsWith("https://"));
  const tags = references.filter((reference) => reference !== uri);
  return {
    id,
    name: id,
    shortDescription: { text: firstSentence(message) || id },
    fullDescription: { text: message || id },
    defaultConfiguration: { level: levelOf(severity) },
    ...(uri === undefined ? {} : { helpUri: uri }),
    ...(tags.length === 0 ? {} : { properties: { tags } }),
  };
}

function resultOf(finding: Finding, label: string, indices: ReadonlyMap<string, number>): Result {
  const { rule, path, start, end, message, severity, source, fingerprint, status } = finding;
  return {
    ruleId: rule,
    ruleIndex: indices.get(rule) ?? -1,
    level: levelOf(severity),
    message: { text: message || rule },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(path),
          region: {
            startLine: start.line,
            startColumn: start.column,
            endLine: end.line,
            endColumn: end.column,
            snippet: { text: source.join("\n") },
          },
        },
      },
    ],
    partialFingerprints: { "rulesSemgrep/v1": fingerprint },
    baselineState: status === "known" ? "unchanged" : "new",
    ...(status === "new" ? {} : { suppressions: [{ kind: status === "silenced" ? "inSource" : "external" }] }),
    properties: { target: label },
  };
}

function absent({ rule, path, fingerprint, text }: Known, label: string, indices: ReadonlyMap<string, number>): Result {
  return {
    ruleId: rule,
    ruleIndex: indices.get(rule) ?? -1,
    message: { text: `Not found any more: ${text}` },
    locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
    partialFingerprints: { "rulesSemgrep/v1": fingerprint },
    baselineState: "absent",
    properties: { target: label },
  };
}

function notificationOf({ what, file, line, rule, detail, advice }: Fault): Notification {
  const region = line === undefined ? {} : { region: { startLine: line } };
  return {
    level: "error",
    message: { text: `${what}: ${detail}\n${advice}` },
    ...(file === undefined
      ? {}
      : { locations: [{ physicalLocation: { artifactLocation: artifact(file), ...region } }] }),
    ...(rule === undefined ? {} : { associatedRule: { id: rule } }),
  };
}

function artifact(path: string): { uri: string; uriBaseId: string } {
  return { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: "SRCROOT" };
}

function levelOf(severity: Severity): "error" | "warning" | "note" {
  const rank = rankOf(severity) ?? 0;
  return rank >= 3 ? "error" : rank === 2 ? "warning" : "note";
}

function firstSentence(message: string): string {
  const text = message.replace(/\s+/g, " ").trim();
  const end = text.search(/[.!?]( |$)/);
  return end < 0 ? text : text.slice(0, end + 1);
}
