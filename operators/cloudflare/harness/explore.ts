import { randomNumbers } from "#lib/operator/fake/faults.ts";
import { runOnce } from "./run.ts";
import { worthwhile } from "./worthwhile.ts";
import type {
  CallRecord,
  Course,
  HarnessFault,
  Moment,
  PlannedFault,
  Run,
  Scenario,
  Subject,
  UserAction,
  Verdict,
} from "./types.ts";

/** What is to be explored. */
export interface Exploration {
  readonly subject: Subject;
  readonly scenario: Scenario;
  /** Each is done at every moment of a run without it: all of the scenario's unless told. */
  readonly actions?: readonly UserAction[];
  /** Each is tried at every call of a run with and without an action. */
  readonly faults: readonly HarnessFault[];
  /** Does only a part of the runs with a fault, which the seed draws. */
  readonly sample?: { readonly seed: number; readonly share: number };
  /** Whether each action is also followed by each at every later moment, instead of by faults. */
  readonly pairs?: boolean;
  /** Does actions only at every so many-th moment: 1 unless told. */
  readonly every?: number;
  /** Ends after so many findings: 1 unless told. */
  readonly enough?: number;
  readonly limitMs?: number;
  readonly restMs?: number;
}

/** A run that showed what must not be. */
export interface Finding {
  /** `delete the Deployment before call 4; crash at call 6`. */
  readonly name: string;
  readonly course: Course;
  readonly problems: readonly string[];
  readonly trace: readonly string[];
}

/** What exploring has shown. */
export interface Explored {
  readonly runs: number;
  readonly calls: number;
  readonly findings: readonly Finding[];
}

/** A part of an exploration that can be done apart from the others, in any order. */
export type Block =
  /** Each fault at each call, and nothing else. */
  | { readonly kind: "faults" }
  /** An action at a moment, alone, and with each fault at each call (or with each action at each later moment). */
  | { readonly kind: "action"; readonly action: string; readonly moment: Moment }
  /** An action some time after a call that has a fault, with each fault. */
  | { readonly kind: "aftermath"; readonly action: string; readonly at: number };

/** How long after a call with a fault somebody acts: while it has no answer yet, before and after it takes effect late, after a restart. */
const AFTERMATH_MS = [1_000, 12_000, 30_000];
/** Where the time between two calls is so long, somebody acts in it too. */
const GAP_MS = 2_000;

/** The parts of an exploration, in order: the same ones each time. */
export async function blocksOf(exploration: Exploration): Promise<readonly Block[]> {
  const { scenario, faults, pairs = false, every = 1, actions = scenario.actions } = exploration;
  const calls = (await runOnce(runOf(exploration, {}))).calls.filter(({ lease }) => !lease);
  const moments = momentsOf(calls).filter((_, index) => index % every === 0);
  const blocks: Block[] = pairs ? [] : [{ kind: "faults" }];
  for (const { name: action } of actions) {
    for (const moment of moments) blocks.push({ kind: "action", action, moment });
    if (faults.length > 0 && !pairs)
      for (const { index } of calls) if (index % every === 0) blocks.push({ kind: "aftermath", action, at: index });
  }
  return blocks;
}

/**
 * Does one part. Beside an action only those calls about the Lease have faults by which a leader asks whether it leads
 * still: what it does then is what it was about to do. Without an action all have.
 */
export async function exploreBlock(exploration: Exploration, block: Block): Promise<Explored> {
  const { sample, pairs = false, enough = 1, scenario, actions = scenario.actions } = exploration;
  const random = randomNumbers((sample?.seed ?? 1) + hashOf(JSON.stringify(block)));
  const drawn = () => sample === undefined || random() < sample.share;
  const findings: Finding[] = [];
  let runs = 0;
  let calls = 0;

  const attempt = async (course: Course): Promise<Verdict> => {
    const run = runOf(exploration, course);
    const verdict = await runOnce(run);
    runs++;
    calls += verdict.calls.length;
    if (verdict.problems.length > 0) {
      const { problems, trace } = await runOnce({ ...run, trace: true });
      findings.push({ name: nameOf(course), course, problems, trace });
    }
    return verdict;
  };
  const each = async (courses: Iterable<Course>): Promise<void> => {
    for (const course of courses) {
      if (findings.length >= enough) return;
      if (drawn()) await attempt(course);
    }
  };
  const faultsAt = (all: readonly CallRecord[], place: number): PlannedFault[] => {
    const { lease, text } = all[place]!;
    const kinds = exploration.faults.filter((kind) => !lease || block.kind === "faults" || kind === "leaderChange");
    if (lease && block.kind !== "faults" && !text.startsWith("get")) return [];
    return worthwhile(kinds, all, place, exploration.subject);
  };

  if (block.kind === "aftermath") {
    const all = (await runOnce(runOf(exploration, {}))).calls;
    const faults = faultsAt(
      all,
      all.findIndex(({ lease, index }) => !lease && index === block.at),
    );
    const planned = AFTERMATH_MS.map((lateMs) => ({ at: block.at, lateMs, name: block.action }));
    await each(faults.flatMap((fault) => planned.map((action) => ({ actions: [action], faults: [fault] }))));
    return { runs, calls, findings };
  }
  const first = block.kind === "action" ? [{ ...block.moment, name: block.action }] : [];
  const course: Course = first.length === 0 ? {} : { actions: first };
  const base = await attempt(course);
  if (pairs && block.kind === "action") {
    const later = momentsOf(base.calls.filter(({ lease }) => !lease)).filter((moment) => !before(moment, block.moment));
    await each(later.flatMap((moment) => actions.map(({ name }) => ({ actions: [...first, { ...moment, name }] }))));
  } else
    await each(
      base.calls.flatMap((_, place) => faultsAt(base.calls, place).map((fault) => ({ ...course, faults: [fault] }))),
    );
  return { runs, calls, findings };
}

/** Tries each action at every moment, each fault at every call, and each pair of both. */
export async function explore(exploration: Exploration): Promise<Explored> {
  const { enough = 1 } = exploration;
  let sum: Explored = { runs: 0, calls: 0, findings: [] };
  for (const block of await blocksOf(exploration)) {
    if (sum.findings.length >= enough) break;
    const { runs, calls, findings } = await exploreBlock(exploration, block);
    sum = { runs: sum.runs + runs, calls: sum.calls + calls, findings: [...sum.findings, ...findings] };
  }
  return sum;
}

const runOf = ({ subject, scenario, limitMs, restMs }: Exploration, course: Course): Run => ({
  subject,
  scenario,
  course,
  ...(limitMs !== undefined && { limitMs }),
  ...(restMs !== undefined && { restMs }),
});

/** Directly before each call, in each long time without a call, and when all is as it is to be. */
function momentsOf(calls: readonly CallRecord[]): Moment[] {
  const moments = calls.flatMap(({ index, atMs }, place): Moment[] => {
    const next = calls[place + 1];
    const long = next !== undefined && next.atMs - atMs > GAP_MS;
    return long ? [{ at: index }, { at: index, lateMs: Math.floor((next.atMs - atMs) / 2) }] : [{ at: index }];
  });
  return [...moments, { at: "end" }];
}

const before = (a: Moment, b: Moment): boolean =>
  b.at === "end"
    ? a.at !== "end"
    : a.at !== "end" && (a.at < b.at || (a.at === b.at && (a.lateMs ?? 0) < (b.lateMs ?? 0)));

/** A course in words. */
export function nameOf({ actions = [], faults = [], lagMs = 0 }: Course): string {
  const moment = ({ at, lateMs }: Moment) =>
    at === "end" ? "at the end" : lateMs === undefined ? `before call ${at}` : `${lateMs} ms after call ${at}`;
  const parts = [
    ...actions.map((action) => `${action.name} ${moment(action)}`),
    ...faults.map(({ kind, at, lease }) => `${kind} at ${lease ? "Lease " : ""}call ${at}`),
    ...(lagMs === 0 ? [] : [`lists are ${lagMs} ms late`]),
  ];
  return parts.join("; ") || "nothing happens";
}

/** A number that stands for a text (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}
