import { faultAt, noFaults, randomNumbers } from "#lib/operator/fake/faults.ts";
import { fakeServer } from "#lib/operator/fake/server.ts";
import { deployments } from "#lib/operator/resources.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { noFaults as noCloudflareFaults } from "../fake/faults.ts";
import { fakeCloudflare } from "../fake/server.ts";
import { exposures, namesOf, unmet } from "./judge.ts";
import { never, type PlannedCall, Process } from "./process.ts";
import type { CallRecord, HarnessFault, Run, Stage, Verdict } from "./types.ts";

const STEP_MS = 1_000;
const RESTART_MS = 2_000;
/** Calls without time passing between them that no work on a few Deployments needs. */
const HOT = 500;
/** When a process that leads no longer learns of it, and when it is ended for good. */
const DEPOSED_MS = 3_000;
const ENDED_MS = 40_000;

/** Does one run. The same run makes the same calls, so that call indexes of one run mean the same in another up to where they part. */
export async function runOnce(run: Run): Promise<Verdict> {
  const { limitMs = 3_600_000, restMs = 660_000 } = run;
  const clock = virtualClock();
  const kube = fakeServer({ clock });
  const cloudflare = fakeCloudflare({ clock, lagMs: run.lagMs ?? 0, quota: { calls: 1_000_000 } });
  const zone = cloudflare.user.zone("example.org");
  const tunnel = cloudflare.user.tunnel("homelab");
  const stage: Stage = { kube, cloudflare, clock, zone, tunnel };
  run.setUp(stage);

  const calls: CallRecord[] = [];
  const problems: string[] = [];
  const trace: string[] = [];
  const foreign = new Set(namesOf(cloudflare.world));
  const pending = (run.actions ?? []).toSorted((a, b) => a.at - b.at);
  const startMs = clock.nowMs();
  let byHand = false;
  let term = 0;
  let leader: Process | undefined;
  let lastActMs = startMs;
  let hot = { atMs: startMs, calls: 0 };

  const say = (text: string) => {
    if (run.trace) trace.push(`${((clock.nowMs() - startMs) / 1000).toFixed(1).padStart(7)} s  ${text}`);
  };
  const sayFailure = ({ index }: CallRecord, answer: unknown) => {
    const failure = failureOf(answer);
    if (failure !== undefined) say(`    ${index} failed: ${failure}`);
  };
  const problem = (text: string) => {
    say(`!! ${text}`);
    problems.push(text);
  };
  cloudflare.onChange(({ before, after, call }) => {
    if (call === undefined) for (const name of namesOf(after)) if (!namesOf(before).includes(name)) foreign.add(name);
    const known = new Set(exposures(before).map(({ hostname }) => hostname));
    for (const { hostname, closed } of exposures(after)) {
      if (byHand && closed) continue;
      if (byHand || !known.has(hostname))
        problem(
          `exposed: ${hostname} has a route and no Access application${call ? `, by ${call.method} ${call.path}` : ""}`,
        );
    }
  });
  const actNext = () => {
    const { action } = pending.shift()!;
    byHand ||= action.byHand === true;
    lastActMs = clock.nowMs();
    say(`-- somebody: ${action.name}`);
    action.act(stage);
  };

  const through = async <R>(process: Process, planned: PlannedCall, make: () => Promise<R>): Promise<R> => {
    if (!process.alive) return await never;
    if (hot.atMs !== clock.nowMs()) hot = { atMs: clock.nowMs(), calls: 0 };
    if (++hot.calls > HOT) {
      if (hot.calls === HOT + 1) problem(`hot loop: ${HOT} calls without a pause, the last one ${planned.text}`);
      process.kill();
      return await never;
    }
    const call: CallRecord = { ...planned, index: calls.length };
    calls.push(call);
    while (pending.length > 0 && pending[0]!.at <= call.index) actNext();
    const kind = run.fault?.(call);
    say(`${String(call.index).padStart(3)} ${process.name} ${call.text}${kind === undefined ? "" : `   << ${kind}`}`);
    if (kind === "crashBefore") {
      die(process);
      return await never;
    }
    arm(call, kind);
    const work = make();
    arm(call, undefined);
    work.catch(() => {});
    if (kind === "crash") die(process);
    if (kind === "leaderChange") changeLeader();
    if (run.trace) void work.then((answer) => sayFailure(call, answer)).catch(() => {});
    return await process.heard(work);
  };
  /** Sets the servers up so that the next call, and none after it, has the fault. */
  const arm = ({ server }: CallRecord, kind: HarnessFault | undefined) => {
    kube.setFaults(noFaults);
    cloudflare.setFaults(noCloudflareFaults);
    if (kind === "missedEvent") {
      kube.setFaults(faultAt(kube.calls, "missedEvent"));
      void kube.api(deployments).get({ namespace: "none", name: "none" });
      kube.setFaults(noFaults);
    }
    if (kind !== "timeoutAfterCommit" && kind !== "lateCommit" && kind !== "stale") return;
    if (server === "cloudflare") cloudflare.setFaults(() => kind);
    else kube.setFaults(() => (kind === "lateCommit" ? "timeoutAfterCommit" : kind));
  };

  const start = (): void => {
    const own = ++term;
    const process: Process = new Process({
      name: `p${own}`,
      clock,
      kube,
      fetch: cloudflare.fetch,
      random: randomNumbers(own),
      through,
      leads: () => own === term,
      term: own,
    });
    say(`-- ${process.name} starts`);
    leader = process;
    run.operator(process.surroundings).then(
      () => say(`-- ${process.name} has ended`),
      (error: unknown) => {
        if (!process.alive) return;
        say(`-- ${process.name} fails: ${error instanceof Error ? error.message : String(error)}`);
        die(process);
      },
    );
  };
  const die = (process: Process) => {
    process.kill();
    if (process !== leader) return;
    term++;
    clock.setTimer(RESTART_MS, () => start());
  };
  const changeLeader = () => {
    const old = leader!;
    start();
    clock.setTimer(DEPOSED_MS, () => old.depose());
    clock.setTimer(ENDED_MS, () => old.kill());
  };

  start();
  let callsToGoal = -1;
  let restedFromMs: number | undefined;
  for (;;) {
    await clock.advance(restedFromMs === undefined ? STEP_MS : 10 * STEP_MS);
    if (hot.calls > HOT) break;
    const left = unmet(stage, foreign);
    if (left.length > 0) restedFromMs = undefined;
    else if (pending.length > 0) {
      actNext();
      restedFromMs = undefined;
    } else {
      if (callsToGoal < 0) callsToGoal = calls.length;
      restedFromMs ??= clock.nowMs();
      if (clock.nowMs() - restedFromMs >= restMs) break;
    }
    if (clock.nowMs() - lastActMs > limitMs) {
      for (const what of left) problem(what);
      if (left.length === 0) problem("never at rest: what was as it is to be did not stay so");
      break;
    }
  }
  leader?.kill();
  return {
    problems,
    calls,
    callsToGoal: callsToGoal < 0 ? calls.length : callsToGoal,
    trace: withoutRepetitions(trace),
  };
}

/** What an answer failed with; undefined for one that did not. */
function failureOf(answer: unknown): string | undefined {
  const { ok, status = 200, error } = answer as { ok?: boolean; status?: number; error?: { kind: string } };
  if (ok === false) return error?.kind;
  return status >= 400 ? String(status) : undefined;
}

/** The same without what only repeats the line before. */
function withoutRepetitions(lines: readonly string[]): readonly string[] {
  const text = (line: string | undefined) => line?.slice(12).replace(/^ *\d+ /, "");
  return lines.flatMap((line, index) => {
    if (text(line) !== text(lines[index - 1])) return [line];
    return text(line) === text(lines[index - 2]) ? [] : ["           …"];
  });
}
