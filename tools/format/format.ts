import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { contentDigest } from "./digest.ts";
import { makeFormatters, type Programs } from "./formatters.ts";
import { generate } from "./generate.ts";
import type { Generated, Generator } from "./generators.ts";
import { leftAlone, listFiles } from "./git.ts";
import { formattersOf } from "./languages.ts";
import { openMemory } from "./memory.ts";
import type { Formatter, Job, Outcome } from "./model.ts";
import { passedKey, plan, type PlanFile, type Reason, type Work } from "./plan.ts";
import { settle } from "./settle.ts";
import { openTree, type Tree } from "./tree.ts";
import { replaceFile } from "./write.ts";

/** What one run is about. `within` limits it to these files and folders, relative to the root; empty means everything. */
export interface Run {
  readonly root: string;
  /** The folder of the memory. */
  readonly memory: string;
  readonly within: readonly string[];
  readonly check: boolean;
  readonly explain: boolean;
  readonly all: boolean;
  readonly programs: Programs;
  readonly generators: readonly Generator[];
  /** Called as files are judged: how many of how many. */
  readonly progress: (done: number, of: number) => void;
}

/** Something that went wrong. `path` is null when it is about the tool as a whole. */
export interface Failure {
  readonly path: string | null;
  readonly tool: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** A file that was formatted, or under `check` would be. */
export interface Change {
  readonly path: string;
  readonly tool: string;
}

/** What a run found and did. */
export interface Summary {
  /** Files that have a formatter. */
  readonly files: number;
  /** Verdicts taken from the memory. */
  readonly remembered: number;
  /** Processes and threads of formatters and generators that were started. */
  readonly started: number;
  readonly changes: readonly Change[];
  readonly failures: readonly Failure[];
  readonly generated: readonly Generated[];
  /** Under `explain`: for every file, each formatter's reason. */
  readonly explanations: readonly (readonly [path: string, text: string])[];
}

/** Runs the generators, then the formatters, then the checkers. Rejects only when git or the memory fails. */
export async function format(run: Run): Promise<Summary> {
  const memory = openMemory(run.memory, Date.now());
  const tree = openTree(run.root, run.memory, Date.now);
  let started = 0;
  const count = (): void => void started++;
  const generated = run.within.length > 0 ? [] : await generate(run, tree, memory, count);

  const listing = await listFiles(run.root);
  const failures: Failure[] = listing.unreadable
    .filter((path) => formattersOf(path, false).length > 0 && isWithin(path, run.within))
    .map((path) => failure(path, "format", "its name is not UTF-8; rename it or leave it alone by .gitattributes"));
  const paths = listing.paths.filter((path) => isWithin(path, run.within));
  const formatters = makeFormatters(tree, run.programs, count);
  const files = lookAt(tree, paths, failures);
  const changes: Change[] = [];

  const writers = formatters.filter(({ writes }) => writes);
  const works = [...plan(files, writers, memory.has, tree.before, run.all)];
  const meter = { done: 0, of: works.reduce((sum, { paths: todo }) => sum + todo.length, 0) };
  const perform = async ({ formatter, paths: todo }: Work): Promise<void> => {
    const jobs = readJobs(tree, formatter, todo, failures);
    const open = new Map(jobs.map((job) => [job.path, job.content]));
    try {
      await settle(formatter, jobs, (path, outcome) => {
        const content = open.get(path);
        open.delete(path);
        run.progress(++meter.done, meter.of);
        if (content !== undefined) conclude(formatter, { path, content }, outcome);
      });
    } catch (error) {
      failures.push(failure(null, formatter.name, `${(error as Error).message} (${open.size} files were not judged)`));
    } finally {
      await formatter.close();
    }
  };
  const conclude = (formatter: Formatter, { path, content }: Job, outcome: Outcome): void => {
    if (outcome.kind === "failed") {
      failures.push(...outcome.problems.map((problem) => ({ path, tool: formatter.name, ...problem })));
      return;
    }
    const same = outcome.content.equals(content);
    if (!same && run.check) changes.push({ path, tool: formatter.name });
    else if (same || write(run.root, formatter, { path, content }, outcome.content, changes, failures)) {
      memory.add(passedKey(formatter, path, contentDigest(outcome.content)));
    }
  };

  await Promise.all(works.map(perform));
  const failed = new Set(failures.map(({ path }) => path));
  const checkers = formatters.filter(({ writes }) => !writes);
  const judged = files.filter(
    (file) => !failed.has(file.path) && checkers.some(({ name }) => file.formatters.includes(name)),
  );
  const checks = plan(
    lookAt(
      tree,
      judged.map(({ path }) => path),
      failures,
    ),
    checkers,
    memory.has,
    tree.before,
    run.all,
  );
  meter.of += checks.reduce((sum, { paths: todo }) => sum + todo.length, 0);
  await Promise.all(checks.map(perform));

  works.push(...checks);
  const explanations = run.explain ? await explain(run, files, works, listing.paths) : [];
  memory.save();
  lookAt(
    tree,
    changes.map(({ path }) => path),
    [],
  );
  const tools = Object.fromEntries(formatters.map(({ name, tool, config }) => [name, [tool, config] as const]));
  if (run.within.length > 0) tree.save();
  else tree.save(tools);
  const remembered = works.reduce((sum, { reasons, paths: todo }) => sum + reasons.size - todo.length, 0);
  return {
    files: files.length,
    remembered,
    started,
    changes: sorted(changes),
    failures: sorted(failures),
    generated,
    explanations,
  };
}

function lookAt(tree: Tree, paths: readonly string[], failures: Failure[]): PlanFile[] {
  return paths.flatMap((path) => {
    try {
      if (formattersOf(path, true).length === 0) return [];
      const known = tree.known(path);
      const formatters = known === undefined ? [] : formattersOf(path, known.shell);
      return known === undefined || formatters.length === 0 ? [] : [{ path, digest: known.digest, formatters }];
    } catch (error) {
      failures.push(failure(path, "format", `it cannot be read: ${(error as Error).message}`));
      return [];
    }
  });
}

function readJobs(tree: Tree, formatter: Formatter, paths: readonly string[], failures: Failure[]): Job[] {
  return paths.flatMap((path) => {
    try {
      const content = tree.read(path);
      if (isUtf8(content)) return [{ path, content }];
      const message = "it is not UTF-8; save it as UTF-8, or leave it alone by .gitattributes (-format)";
      failures.push(failure(path, formatter.name, message));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
        failures.push(failure(path, formatter.name, `it cannot be read: ${(error as Error).message}`));
      }
    }
    return [];
  });
}

function write(
  root: string,
  { name }: Formatter,
  job: Job,
  to: Buffer,
  changes: Change[],
  failures: Failure[],
): boolean {
  try {
    const written = replaceFile(join(root, job.path), job.content, to);
    if (written === "written") changes.push({ path: job.path, tool: name });
    if (written === "changed meanwhile") {
      failures.push(
        failure(job.path, name, "it changed while it was being formatted and was left as it is; run format again"),
      );
    }
    return written === "written";
  } catch (error) {
    failures.push(failure(job.path, name, `it could not be replaced and is as it was: ${(error as Error).message}`));
    return false;
  }
}

async function explain(
  run: Run,
  files: readonly PlanFile[],
  works: readonly Work[],
  listed: readonly string[],
): Promise<(readonly [string, string])[]> {
  const texts = new Map<string, string>();
  for (const path of listed) texts.set(path, "no formatter has files of this kind");
  for (const path of listed)
    if (formattersOf(path, false).length > 0) texts.set(path, "it is not a plain file of the tree");
  for (const { path, formatters } of files) {
    const reasonOf = (name: string): Reason | undefined =>
      works.find((work) => work.formatter.name === name)?.reasons.get(path);
    texts.set(
      path,
      formatters.map((name) => `${name}: ${reasonOf(name) ?? "not asked, as the file failed before"}`).join("; "),
    );
  }
  for (const [path, reason] of await leftAlone(run.root, listed)) texts.set(path, reason);
  return [...texts].filter(([path]) => isWithin(path, run.within)).sort(([a], [b]) => (a < b ? -1 : 1));
}

function isWithin(path: string, within: readonly string[]): boolean {
  return within.length === 0 || within.some((limit) => limit === "" || path === limit || path.startsWith(`${limit}/`));
}

function failure(path: string | null, tool: string, message: string): Failure {
  return { path, tool, line: null, column: null, message };
}

function sorted<Item extends { path: string | null }>(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => ((a.path ?? "") < (b.path ?? "") ? -1 : (a.path ?? "") > (b.path ?? "") ? 1 : 0));
}
