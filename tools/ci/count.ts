import type { BuildEvent } from "./events.ts";
import { countCases } from "./junit.ts";

/** Something that failed: a target, or Bazel itself, with the log when there is one. */
export interface Failure {
  readonly label: string;
  readonly what: string;
  readonly log: string | null;
}

/** What a run of `bazel test` came to. Tests are test cases where the target reported them, and the target itself where not. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly testTargets: number;
  readonly cachedTargets: number;
  readonly failures: readonly Failure[];
}

/** Reads the file of a `file:` URI; null when it cannot be read here. */
export type ReadUri = (uri: string) => string | null;

type Attempt = NonNullable<BuildEvent["testResult"]>;

interface Target {
  isTest: boolean;
  status: string | null;
  built: boolean | null;
  skipped: boolean;
  reason: string;
  /** The last attempt of each run and shard. */
  readonly attempts: Map<string, { readonly attempt: number; readonly result: Attempt }>;
}

const PASSING = new Set(["PASSED", "FLAKY"]);

function collect(events: readonly BuildEvent[]): Map<string, Target> {
  const targets = new Map<string, Target>();
  const at = (label: string): Target => {
    const target = targets.get(label) ?? {
      isTest: false,
      status: null,
      built: null,
      skipped: false,
      reason: "",
      attempts: new Map(),
    };
    targets.set(label, target);
    return target;
  };
  for (const { id, configured, completed, aborted, testResult, testSummary } of events) {
    const label = id?.targetConfigured?.label ?? id?.targetCompleted?.label;
    if (label !== undefined && configured?.testSize) at(label).isTest = true;
    if (label !== undefined && aborted?.reason === "SKIPPED") at(label).skipped = true;
    else if (label !== undefined && aborted)
      Object.assign(at(label), { built: false, reason: aborted.description ?? aborted.reason ?? "" });
    if (label !== undefined && completed) {
      const target = at(label);
      target.built = (target.built ?? true) && completed.success === true;
      if (completed.failureDetail?.message) target.reason = completed.failureDetail.message;
    }
    if (id?.testResult && testResult) {
      const { label: test, run = 1, shard = 1, attempt = 1 } = id.testResult;
      const key = `${run}/${shard}`;
      const attempts = at(test).attempts;
      if ((attempts.get(key)?.attempt ?? 0) <= attempt) attempts.set(key, { attempt, result: testResult });
    }
    if (id?.testSummary && testSummary) at(id.testSummary.label).status = testSummary.overallStatus ?? "NO_STATUS";
  }
  return targets;
}

const uriOf = ({ testActionOutput = [] }: Attempt, name: string) =>
  testActionOutput.find((file) => file.name === name)?.uri;

function countTarget(label: string, target: Target, readUri: ReadUri) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const failures: Failure[] = [];
  for (const { result } of target.attempts.values()) {
    const uri = uriOf(result, "test.xml");
    const xml = uri === undefined ? null : readUri(uri);
    const passes = result.status === "PASSED";
    const cases = (xml === null ? null : countCases(xml)) ?? {
      passed: passes ? 1 : 0,
      failed: passes ? 0 : 1,
      skipped: 0,
    };
    count.passed += cases.passed;
    count.skipped += cases.skipped;
    count.failed += passes ? cases.failed : Math.max(1, cases.failed);
    if (!passes || cases.failed > 0)
      failures.push({ label, what: result.status ?? "FAILED", log: uriOf(result, "test.log") ?? null });
  }
  if (!PASSING.has(target.status ?? "") && failures.length === 0) {
    count.failed++;
    failures.push({ label, what: target.status ?? "NO STATUS", log: null });
  }
  return { count, failures };
}

/**
 * Counts a run from its build events. `bazelStatus` is the exit status of Bazel: a status that no target explains counts as
 * one failure, and so does a run in which nothing was tested.
 */
export function countEvents(events: readonly BuildEvent[], bazelStatus: number, readUri: ReadUri): Tally {
  const total = { passed: 0, failed: 0, skipped: 0, testTargets: 0, cachedTargets: 0 };
  const failures: Failure[] = [];
  for (const [label, target] of collect(events)) {
    if (target.skipped) {
      if (target.isTest) total.skipped++;
    } else if (target.status !== null && target.status !== "FAILED_TO_BUILD" && target.attempts.size > 0) {
      const { count, failures: found } = countTarget(label, target, readUri);
      total.passed += count.passed;
      total.failed += count.failed;
      total.skipped += count.skipped;
      total.testTargets++;
      const cached = [...target.attempts.values()].every(
        ({ result }) => result.cachedLocally || result.executionInfo?.cachedRemotely,
      );
      if (cached) total.cachedTargets++;
      failures.push(...found);
    } else if (target.isTest || target.built === false) {
      total.failed++;
      failures.push({
        label,
        what: `was not built${target.reason === "" ? "" : `: ${firstLine(target.reason)}`}`,
        log: null,
      });
    }
  }
  const outside = outsideFailure(events, bazelStatus, total.passed + total.failed, failures.length > 0);
  if (outside !== null) failures.push(outside);
  return { ...total, failed: total.failed + (outside === null ? 0 : 1), failures };
}

function outsideFailure(
  events: readonly BuildEvent[],
  status: number,
  ran: number,
  explained: boolean,
): Failure | null {
  const broken = events.find(({ id, aborted }) => id?.pattern && aborted);
  if (broken)
    return {
      label: "bazel",
      what: firstLine(broken.aborted?.description ?? "the targets could not be loaded"),
      log: null,
    };
  const finished = events.find((event) => event.finished);
  if (!finished) return { label: "bazel", what: `ended with status ${status} before the run was finished`, log: null };
  if (status !== 0 && !explained)
    return {
      label: "bazel",
      what: `ended with status ${status} (${finished.finished?.exitCode?.name ?? "no name"})`,
      log: null,
    };
  return ran === 0 ? { label: "bazel", what: "ran no test", log: null } : null;
}

const firstLine = (text: string): string => {
  const line = text.split("\n")[0] ?? "";
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};
