import { readFile } from "node:fs/promises";
import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from "yaml";
import { Refusal } from "./command.ts";
import { rankOf, type RuleInfo, type Severity } from "./finding.ts";
import { analyzerOf, languageNames, RESERVED } from "./languages.ts";

/** A file of a rule: where it is, and what it is called in messages. */
export interface Input {
  readonly path: string;
  readonly name: string;
}

/** A rule, as far as it is needed beside the engine. */
export interface Rule extends RuleInfo {
  /** Of semgrep-core. */
  readonly analyzers: readonly string[];
}

/**
 * Reads rule files. What semgrep-core would pass over in silence is refused here: rules that need semgrep's Python program, languages that
 * are not scanned, two rules of one id, files without rules. Whether patterns parse is left to the engine.
 *
 * @throws Refusal that names file, line and rule
 */
export async function readRules(files: readonly Input[], label: string): Promise<Rule[]> {
  const texts = await Promise.all(files.map(({ path }) => readFile(path, "utf8")));
  const rules: Rule[] = [];
  const seen = new Map<string, string>();
  for (const [index, { name }] of files.entries()) {
    for (const { rule, line } of rulesIn(texts[index] ?? "", name, label)) {
      const before = seen.get(rule.id);
      if (before !== undefined) {
        throw refusal(
          label,
          `${name}:${line}`,
          rule.id,
          `there is already a rule of this id, ${before}`,
          "Give one of them another id, or list one file only.",
        );
      }
      seen.set(rule.id, `${name}:${line}`);
      rules.push(rule);
    }
  }
  return rules;
}

function rulesIn(text: string, file: string, label: string): { rule: Rule; line: number }[] {
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const document = parseDocument(text, { logLevel: "silent", prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = lineAt(error.pos[0]);
    throw refusal(
      label,
      `${file}:${line}`,
      undefined,
      error.message.split("\n")[0] ?? "",
      "A rule file is YAML with a list `rules`.",
    );
  }
  const list = document.get("rules");
  if (!isSeq(list) || list.items.length === 0) {
    throw refusal(
      label,
      file,
      undefined,
      "expected a list `rules` with at least one rule, found none",
      "Is this a fixture? Fixtures belong to semgrep_rules_test.",
    );
  }
  return list.items.map((node) => {
    const line = lineAt((node as YAMLMap).range?.[0] ?? 0);
    if (!isMap(node))
      throw refusal(
        label,
        `${file}:${line}`,
        undefined,
        "expected a mapping for each of `rules`",
        "Look at the indentation.",
      );
    return { rule: ruleOf(node, file, line, label), line };
  });
}

function ruleOf(node: YAMLMap, file: string, line: number, label: string): Rule {
  const raw = node.toJSON() as Record<string, unknown>;
  const id = text(raw["id"]);
  const where = `${file}:${line}`;
  const refuse = (what: string, advice: string): Refusal => refusal(label, where, id, what, advice);
  if (id === "") throw refuse("it has no id", "Add `id: <name>`.");
  if (id.startsWith(RESERVED)) throw refuse(`ids that begin with ${RESERVED} are reserved`, "Choose another id.");
  const mode = text(raw["mode"]) || "search";
  if (mode !== "search" && mode !== "taint") {
    throw refuse(
      `mode: ${mode} is not done by semgrep-core, which would pass over the rule in silence`,
      "Write it with mode: search or mode: taint, or leave it out.",
    );
  }
  const internal = Object.keys(raw).find((key) => key.startsWith("r2c-internal"));
  if (internal !== undefined) {
    throw refuse(
      `${internal} is done by semgrep's Python program, semgrep-core passes over the rule in silence`,
      "A rule about dependencies is an advisory: it does not belong into `rules`.",
    );
  }
  if (raw["validators"] !== undefined) {
    throw refuse("validators ask servers whether a secret is valid, which no test can", "Leave `validators` out.");
  }
  const severity = text(raw["severity"]).toUpperCase();
  if (rankOf(severity) === undefined) {
    throw refuse(`expected a severity such as ERROR, WARNING or INFO, found "${severity}"`, "Set `severity`.");
  }
  return {
    id,
    file,
    severity: severity as Severity,
    message: text(raw["message"]).trim(),
    references: referencesIn(raw["metadata"]),
    analyzers: languagesOf(raw["languages"], refuse),
  };
}

function languagesOf(value: unknown, refuse: (what: string, advice: string) => Refusal): string[] {
  const names = Array.isArray(value) ? value.map(text) : [];
  if (names.length === 0) throw refuse("it names no language", "Add `languages: [...]`.");
  return names.map((name) => {
    const analyzer = analyzerOf(name);
    if (analyzer === undefined) {
      throw refuse(
        `language ${name} is not scanned, so it would never find anything`,
        `Languages are ${languageNames().join(", ")}.`,
      );
    }
    return analyzer;
  });
}

function referencesIn(metadata: unknown): string[] {
  if (typeof metadata !== "object" || metadata === null) return [];
  const { references, cwe, owasp } = metadata as Record<string, unknown>;
  return [...new Set([references, cwe, owasp].flat().map(text))].filter((reference) => reference !== "");
}

function text(value: unknown): string {
  const plain = isScalar(value) ? value.value : value;
  return typeof plain === "string" ? plain : "";
}

function refusal(label: string, where: string, rule: string | undefined, what: string, advice: string): Refusal {
  return new Refusal(`${label}: a rule file was rejected`, [
    `${where}: ${rule === undefined ? "" : `rule ${rule}: `}${what}.`,
    advice,
  ]);
}
