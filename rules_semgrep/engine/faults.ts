import type { Ended, Target } from "./core.ts";
import type { Fault } from "./finding.ts";
import type { CoreError, CoreOutput } from "./output.ts";

/** Gives the name in the repository for a path that the engine was given. */
export type NameOf = (path: string) => string;

const REPORT = "Nothing was decided. If it happens again with the same sources, report it to semgrep.";

/** What the way the engine ended says: null when it ended well. */
export function faultOfEnd({ status, signal, stderr }: Ended): Fault | null {
  if (status === 0) return null;
  const how = signal !== null ? `was killed by ${signal}` : status === null ? "did not start" : `exited with ${status}`;
  const advice =
    signal === "SIGKILL"
      ? "The machine may be out of memory: give the test a larger size, or lower max_memory."
      : REPORT;
  return { what: "the engine did not finish", detail: `semgrep-core ${how}: ${lastWords(stderr)}`, advice };
}

/** The fault of output that cannot be read. */
export function unreadable(error: Error, stderr: string): Fault {
  const said = stderr.trim() === "" ? "" : `; it said: ${lastWords(stderr)}`;
  return {
    what: "the engine's output is not readable",
    detail: `semgrep-core: ${error.message}${said}`,
    advice: REPORT,
  };
}

/** All that the engine could not do, from what it wrote: every error counts, whatever severity the engine gives it. */
export function faultsIn(output: CoreOutput, stderr: string, targets: readonly Target[], nameOf: NameOf): Fault[] {
  const faults = output.errors.map((error) => faultOf(error, nameOf));
  for (const { rule_id: rule, details } of output.skipped_rules) {
    if (!faults.some((fault) => fault.rule === rule)) {
      faults.push({ what: "rule was skipped", rule, detail: details.trim(), advice: "Mend the rule, or exclude it." });
    }
  }
  return [...faults, ...unknownFields(stderr), ...notTaken(output, targets)];
}

function faultOf({ error_type, message, location, rule_id }: CoreError, nameOf: NameOf): Fault {
  const type = typeof error_type === "string" ? error_type : error_type[0];
  const known = KINDS[type];
  const file = location === undefined ? undefined : nameOf(location.path);
  const line = location?.start.line;
  return {
    what: known?.what ?? type,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(rule_id === undefined ? {} : { rule: rule_id }),
    detail: message.trim() || type,
    advice: known?.advice ?? REPORT,
  };
}

const SYNTAX = {
  what: "source does not parse",
  advice: "Rules did not see this part. Mend the syntax; if the file is right, take it out of srcs and say why.",
};
const TIMEOUT = {
  what: "rule ran out of time",
  advice: "Make the rule simpler, split the file, or raise rule_timeout.",
};
const RULE = { what: "rule does not parse", advice: "Mend the rule, or exclude it." };
const MEMORY = { what: "engine ran out of memory", advice: "Split the file, or raise max_memory." };

const KINDS: Readonly<Record<string, { what: string; advice: string }>> = {
  "Lexical error": SYNTAX,
  "Syntax error": SYNTAX,
  "Other syntax error": SYNTAX,
  "AST builder error": SYNTAX,
  PartialParsing: { ...SYNTAX, what: "source parses only in part" },
  "Rule parse error": RULE,
  "Invalid YAML": RULE,
  PatternParseError: RULE,
  "Pattern parse error": RULE,
  IncompatibleRule: { what: "rule is for another version of semgrep", advice: "Update the engine or the rule." },
  Timeout: TIMEOUT,
  FixpointTimeout: TIMEOUT,
  "Out of memory": MEMORY,
  "Stack overflow": MEMORY,
};

// A misspelt key changes what a rule means; the engine only warns of it.
function unknownFields(stderr: string): Fault[] {
  const said = stderr.matchAll(/Skipping unknown field '([^']*)' in rule "([^"]*)"/g);
  const all = new Map([...said].map(([, field = "", rule = ""]) => [`${rule}\n${field}`, { field, rule }]));
  return [...all.values()].map(({ field, rule }) => ({
    what: "rule has an unknown key",
    rule,
    detail: `semgrep-core does not know \`${field}\` and would run the rule without it`,
    advice: "Is it misspelt? Notes of your own belong under `metadata`.",
  }));
}

function notTaken(output: CoreOutput, targets: readonly Target[]): Fault[] {
  const taken = new Map<string, number>();
  for (const path of output.paths.scanned) taken.set(path, (taken.get(path) ?? 0) + 1);
  const wanted = new Map<string, { name: string; analyzers: string[] }>();
  for (const { path, name, analyzer } of targets) {
    wanted.set(path, { name, analyzers: [...(wanted.get(path)?.analyzers ?? []), analyzer] });
  }
  return [...wanted]
    .filter(([path, { analyzers }]) => (taken.get(path) ?? 0) < analyzers.length)
    .map(([path, { name, analyzers }]) => ({
      what: "source was not scanned",
      file: name,
      detail: `semgrep-core took it ${taken.get(path) ?? 0} times, expected ${analyzers.length} (${analyzers.join(", ")})`,
      advice: "No rule has seen all of this file. Is it there, and readable?",
    }));
}

function lastWords(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const telling = lines.filter((line) => line !== "" && !/^(Raised|Called|Re-raised) /.test(line));
  const failed = telling.find((line) => line.includes("ERROR")) ?? telling.at(-1);
  return failed?.replace(/\u001b\[[0-9;]*m/g, "").replace(/^\[[\d.]+\]\[ERROR\]: /, "") ?? "it said nothing";
}
