import { mkdir, realpath, symlink } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { type Command, Refusal } from "./command.ts";
import { type Limits, run, runCore, withTemporaryFolder } from "./core.ts";
import { faultOfEnd, faultsIn, unreadable } from "./faults.ts";
import type { Fault } from "./finding.ts";
import { parseOutput } from "./output.ts";
import type { Input, Rule } from "./rules.ts";
import { lookAt, targetsOf } from "./sources.ts";
import { type Verdict, verdicts } from "./verdicts.ts";

/** Rules and their annotated fixtures. */
export interface RulesTest extends Limits {
  readonly label: string;
  readonly core: string;
  readonly rules: readonly Input[];
  readonly fixtures: readonly Input[];
  readonly maxFileBytes: number;
}

/**
 * The test of rules: each finds what its fixtures annotate with `ruleid:`, and nothing else. The fixture of `<name>.yaml` is
 * `<name>.<extension>`, or `<name>.<anything>.<extension>`.
 */
export const rulesTest: Command<RulesTest> = async (params, io) => {
  const { readRules } = await import("./rules.ts");
  const rules = await readRules(params.rules, params.label);
  const pairs = paired(params);
  const faults = await faultsOfScan(params);
  if (faults.length > 0) {
    throw new Refusal(
      `${params.label}: rules and fixtures do not parse`,
      faults.flatMap(({ what, file, line, rule, detail, advice }) => [
        `${[file, line, rule].filter((part) => part !== undefined).join(":")}: ${what}: ${detail}`,
        `  ${advice}`,
      ]),
    );
  }
  const found = await withTemporaryFolder((folder) => osemgrep(params, pairs, folder));
  const wrong = found.filter(({ disagreement }) => disagreement !== "");
  if (wrong.length > 0) {
    throw new Refusal(
      `${params.label}: ${wrong.length} of ${rules.length} rules do not find what their fixtures say`,
      wrong.map(({ disagreement }) => disagreement),
    );
  }
  unproved(params, rules, found);
  io.say(`${params.label}: ${rules.length} rules agree with their fixtures\n`);
  return 0;
};

interface Pair {
  readonly rule: Input;
  readonly fixtures: readonly Input[];
}

function paired({ label, rules, fixtures }: RulesTest): Pair[] {
  const stem = (name: string): string => basename(name).split(".")[0] ?? "";
  const left = new Set(fixtures);
  const pairs = rules.map((rule) => {
    const own = fixtures.filter(({ name }) => stem(name) === stem(rule.name));
    for (const fixture of own) left.delete(fixture);
    return { rule, fixtures: own };
  });
  const bare = pairs.filter((pair) => pair.fixtures.length === 0).map(({ rule }) => rule.name);
  if (bare.length > 0) {
    throw new Refusal(`${label}: rules without a fixture`, [
      ...bare,
      "Expected <name>.<extension> for each <name>.yaml, with lines annotated by `ruleid: <id>` and `ok: <id>`.",
    ]);
  }
  if (left.size > 0) {
    const names = [...left].map(({ name }) => name);
    throw new Refusal(`${label}: fixtures without a rule`, [
      ...names,
      "Expected <name>.yaml among the rules for each <name>.<extension>.",
    ]);
  }
  return pairs;
}

// `osemgrep test` looks at the first match of a rule only where the fixture parses; what does not is seen by a scan.
async function faultsOfScan(params: RulesTest): Promise<readonly Fault[]> {
  const { files, faults } = lookAt(params.fixtures, params.maxFileBytes);
  const targets = targetsOf(files);
  const ended = await runCore(params.core, params.rules, targets, params);
  const end = faultOfEnd(ended);
  if (end !== null) return [...faults, end];
  try {
    const names = new Map([...files, ...params.rules].map(({ path, name }) => [path, name]));
    return [
      ...faults,
      ...faultsIn(parseOutput(ended.stdout), ended.stderr, targets, (path) => names.get(path) ?? path),
    ];
  } catch (error) {
    return [...faults, unreadable(error as Error, ended.stderr)];
  }
}

async function osemgrep({ core, label }: RulesTest, pairs: readonly Pair[], folder: string): Promise<Verdict[]> {
  const program = join(folder, "osemgrep");
  await symlink(await realpath(core), program);
  const names = new Map<string, string>();
  for (const [index, { rule, fixtures }] of pairs.entries()) {
    const own = join(folder, "rules", String(index));
    await mkdir(own, { recursive: true });
    for (const { path, name } of [rule, ...fixtures]) {
      const link = join(own, linkName(name, rule.name));
      await symlink(resolve(path), link);
      names.set(await realpath(path), name);
    }
  }
  const ended = await run(program, ["test", "--json", "--strict", join(folder, "rules")], folder);
  if (ended.stdout.trim() === "") {
    throw new Refusal(`${label}: the engine did not test the rules`, [
      faultOfEnd(ended)?.detail ?? `semgrep-core said: ${ended.stderr.trim()}`,
    ]);
  }
  return verdicts(ended.stdout, (path) => names.get(path) ?? path);
}

// A YAML fixture is known by `.test.yaml`.
function linkName(name: string, rule: string): string {
  const file = basename(name);
  const yaml = /\.ya?ml$/.test(file);
  return name === rule || !yaml || /\.test\.ya?ml$/.test(file) ? file : file.replace(/(\.ya?ml)$/, ".test$1");
}

function unproved({ label }: RulesTest, rules: readonly Rule[], found: readonly Verdict[]): void {
  const proved = new Set(found.filter(({ expected }) => expected > 0).map(({ rule }) => rule));
  const bare = rules.filter(({ id }) => !proved.has(id));
  if (bare.length === 0) return;
  throw new Refusal(`${label}: rules whose fixtures expect no finding`, [
    ...bare.map(({ id, file }) => `${file}: ${id}`),
    "A rule that finds nothing would pass. Annotate a line with `ruleid: <id>`.",
  ]);
}
