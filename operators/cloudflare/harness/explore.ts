import { randomNumbers } from "#lib/operator/fake/faults.ts";
import { runOnce } from "./run.ts";
import type { CallRecord, HarnessFault, Operator, Run, Stage, UserAction, Verdict } from "./types.ts";

/** What is to be explored. */
export interface Exploration {
  readonly operator: Operator;
  readonly setUp: (stage: Stage) => void;
  /** Each is done at every call of a run without it, and at its end. */
  readonly actions: readonly UserAction[];
  /** Each is tried at every call of a run with and without an action. */
  readonly faults: readonly HarnessFault[];
  /** Does only a part of the runs with a fault, which the seed draws. */
  readonly sample?: { readonly seed: number; readonly share: number };
  /** Does each action only at every so many-th call: 1 unless told. */
  readonly every?: number;
  /** Ends after so many findings: 1 unless told. */
  readonly enough?: number;
  readonly limitMs?: number;
  readonly restMs?: number;
  /** Hears how many runs have been done, now and then. */
  readonly progress?: (runs: number) => void;
}

/** A run that showed what must not be. */
export interface Finding {
  /** `delete the Deployment before call 4; crash at call 6`. */
  readonly name: string;
  readonly problems: readonly string[];
  readonly trace: readonly string[];
}

/** What is tried in one run. */
interface Attempt {
  readonly actions?: Run["actions"];
  readonly fault?: { readonly at: number; readonly kind: HarnessFault };
}

/** What exploring has shown. */
export interface Explored {
  readonly runs: number;
  readonly calls: number;
  readonly findings: readonly Finding[];
}

/** Tries each action at every moment, each fault at every call, and each pair of both. */
export async function explore(exploration: Exploration): Promise<Explored> {
  const { operator, setUp, enough = 1, sample } = exploration;
  const random = randomNumbers(sample?.seed ?? 1);
  const findings: Finding[] = [];
  let runs = 0;
  let calls = 0;

  const attempt = async (what: Attempt): Promise<Verdict> => {
    const { limitMs, restMs } = exploration;
    const run: Run = {
      operator,
      setUp,
      ...(what.actions && { actions: what.actions }),
      ...(what.fault && { fault: ({ index }) => (index === what.fault!.at ? what.fault!.kind : undefined) }),
      ...(limitMs !== undefined && { limitMs }),
      ...(restMs !== undefined && { restMs }),
    };
    const verdict = await runOnce(run);
    runs++;
    calls += verdict.calls.length;
    if (runs % 100 === 0) exploration.progress?.(runs);
    if (verdict.problems.length > 0) {
      const { problems, trace } = await runOnce({ ...run, trace: true });
      findings.push({ name: nameOf(what), problems, trace });
    }
    return verdict;
  };
  const withFaults = async (actions: NonNullable<Run["actions"]>, base: Verdict): Promise<void> => {
    for (const call of base.calls.slice(0, base.callsToGoal)) {
      for (const kind of exploration.faults) {
        if (findings.length >= enough) return;
        if (!applies(kind, call) || (sample && random() >= sample.share)) continue;
        await attempt({ actions, fault: { at: call.index, kind } });
      }
    }
  };

  const base = await attempt({});
  await withFaults([], base);
  for (const action of exploration.actions) {
    for (let at = 0; at <= base.callsToGoal; at += exploration.every ?? 1) {
      if (findings.length >= enough) return { runs, calls, findings };
      const actions = [{ at: at === base.callsToGoal ? Infinity : at, action }];
      await withFaults(actions, await attempt({ actions }));
    }
  }
  return { runs, calls, findings };
}

/** Whether a fault changes anything at a call. */
function applies(kind: HarnessFault, { write, server }: CallRecord): boolean {
  if (kind === "stale") return !write;
  if (kind === "lateCommit") return write && server === "cloudflare";
  if (kind === "crash" || kind === "timeoutAfterCommit") return write;
  return true;
}

function nameOf({ actions = [], fault }: Attempt): string {
  const acts = actions.map(
    ({ at, action }) => `${action.name} ${at === Infinity ? "at the end" : `before call ${at}`}`,
  );
  return [...acts, ...(fault ? [`${fault.kind} at call ${fault.at}`] : [])].join("; ") || "nothing happens";
}
