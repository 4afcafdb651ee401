import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Limits, runCore, withTemporaryFolder } from "../core.ts";
import { faultOfEnd, faultsIn, unreadable } from "../faults.ts";
import type { Dependencies, Fault, Report } from "../finding.ts";
import { type CoreMatch, type CoreOutput, parseOutput } from "../output.ts";
import type { Input } from "../rules.ts";
import { lookAt, type Source, targetsOf } from "../sources.ts";
import type { PlacedMatches } from "./commands.ts";
import { advisoryInfos, type Decisions, dependencyFindings } from "./dependency-findings.ts";
import { isReachResult, reachOf, reachRules } from "./reach.ts";

/** What a check of dependencies is of. */
export interface DependencyScan extends Limits, Decisions {
  readonly label: string;
  /** semgrep-core. */
  readonly core: string;
  /** First-party sources, in which calls are looked for. */
  readonly sources: readonly Input[];
  /** What the actions before it made: matches with their lines. */
  readonly dependencies: string;
  readonly maxFileBytes: number;
}

interface Looked {
  readonly results: readonly CoreMatch[];
  readonly faults: readonly Fault[];
  readonly files: readonly Source[];
  readonly engine: string;
}

const RULES = "the patterns of advisories";

/** Decides on matches: the engine runs only when one of their advisories has a pattern. No baseline is applied. */
export async function dependencyReport(params: DependencyScan): Promise<Report> {
  const { locks, matches } = JSON.parse(await readFile(params.dependencies, "utf8")) as PlacedMatches;
  const patterns = reachRules(matches);
  const { results, faults, files, engine } =
    patterns === null ? { results: [], faults: [], files: [], engine: "unused" } : await look(params, patterns);
  const analyzers = files.map((file) => file.analyzers);
  const names = new Map(files.map(({ path, name }) => [path, name]));
  const nameOf = (path: string): string => names.get(path) ?? path;
  const rules = advisoryInfos(matches);
  return {
    label: params.label,
    engine,
    rules,
    findings: dependencyFindings(matches, (match) => reachOf(match, results, analyzers, nameOf), params),
    faults,
    gone: [],
    scanned: [],
    unscanned: [],
    dependencies: dependenciesOf(locks, rules.length),
  };
}

async function look(params: DependencyScan, rules: string): Promise<Looked> {
  const { files, faults } = lookAt(params.sources, params.maxFileBytes);
  if (files.length === 0) return { results: [], faults, files, engine: "unused" };
  const targets = targetsOf(files);
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, "reach.json");
    await writeFile(path, rules);
    const ended = await runCore(params.core, [{ path, name: RULES }], targets, {
      ruleTimeout: params.ruleTimeout,
      maxMemory: params.maxMemory,
    });
    const end = faultOfEnd(ended);
    let output: CoreOutput;
    try {
      output = parseOutput(ended.stdout);
    } catch (error) {
      const fault = end ?? unreadable(error as Error, ended.stderr);
      return { results: [], faults: [...faults, fault], files, engine: "unknown" };
    }
    const names = new Map([...files, { path, name: RULES }].map((file) => [file.path, file.name]));
    const said = faultsIn(output, ended.stderr, targets, (from) => names.get(from) ?? from);
    return {
      results: output.results.filter(isReachResult),
      faults: [...faults, ...(end === null ? [] : [end]), ...said],
      files,
      engine: output.version,
    };
  });
}

function dependenciesOf(locks: PlacedMatches["locks"], advisories: number): Dependencies {
  return {
    advisories,
    lockfiles: locks.map(({ file, packages }) => ({ file, packages })),
    notes: locks.flatMap(({ file, notes }) => notes.map((note) => `${file}: ${note}`)),
  };
}
