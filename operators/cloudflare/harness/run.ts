import { fakeServer } from "#lib/operator/fake/server.ts";
import type { KubeObject } from "#lib/operator/object.ts";
import { deployments } from "#lib/operator/resources.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { fakeCloudflare } from "../fake/server.ts";
import { exposures, namesOf, trespasses, unmet } from "./judge.ts";
import { type Staff, staff } from "./staff.ts";
import type { CallRecord, PlannedAction, Run, Stage, UserAction, Verdict } from "./types.ts";
import { wire } from "./wire.ts";

/** At least so often is looked whether the time of a run is over. */
const LOOK_MS = 10_000;

/** Does one run. The same run makes the same calls, so that call indexes of one run mean the same in another up to where they part. */
export async function runOnce({ subject, scenario, course, trace: traced = false, ...times }: Run): Promise<Verdict> {
  const { limitMs = 3_600_000, restMs = 400_000 } = times;
  const clock = virtualClock();
  const kube = fakeServer({ clock });
  const cloudflare = fakeCloudflare({ clock, lagMs: course.lagMs ?? 0, quota: { calls: 1_000_000 } });
  const zone = cloudflare.user.zone("example.org");
  const tunnel = cloudflare.user.tunnel("homelab");
  const stage: Stage = { kube, cloudflare, clock, zone, tunnel };
  scenario.setUp(stage);

  const problems: string[] = [];
  const trace: string[] = [];
  const startMs = clock.nowMs();
  const say = (text: string) => {
    if (traced) trace.push(`${((clock.nowMs() - startMs) / 1000).toFixed(1).padStart(7)} s  ${text}`);
  };
  const problem = (text: string) => {
    say(`!! ${text}`);
    problems.push(text);
  };

  const people = crowd(stage, scenario.actions, course.actions ?? [], say);
  const given = cloudflare.world;
  const foreign = new Set(namesOf(given));
  cloudflare.onChange(({ before, after, call }) => {
    if (call !== undefined)
      for (const what of trespasses(given, before, after)) problem(`trespass: ${what}, by ${call.method} ${call.path}`);
    else for (const name of namesOf(after)) if (!namesOf(before).includes(name)) foreign.add(name);
    const known = new Set(exposures(before).map(({ hostname }) => hostname));
    for (const { hostname, closed } of exposures(after)) {
      if (people.byHand && closed) continue;
      if (people.byHand || !known.has(hostname))
        problem(
          `exposed: ${hostname} has a route and no Access application${call ? `, by ${call.method} ${call.path}` : ""}`,
        );
    }
  });

  const line = wire({
    stage,
    faults: course.faults ?? [],
    staff: () => workers,
    say,
    problem,
    people: people.before,
    trace: traced,
  });
  const workers: Staff = staff({ subject, stage, through: line.through, say });
  workers.start();

  const left = lookout(stage, foreign);
  let restedFromMs: number | undefined;
  const isOver = (): boolean => {
    if (line.hot) return true;
    const nowMs = clock.nowMs();
    if (left().length > 0) restedFromMs = undefined;
    else {
      restedFromMs ??= nowMs;
      const rested = nowMs - restedFromMs >= restMs;
      if (people.next(rested)) restedFromMs = undefined;
      else if (rested && people.waiting === 0) return true;
    }
    if (nowMs - people.lastMs <= limitMs) return false;
    for (const what of left()) problem(what);
    if (left().length === 0) problem("never at rest: what was as it is to be did not stay so");
    return true;
  };
  const look = () => void clock.setTimer(LOOK_MS, look);
  look();
  await clock.until("the run is over", isOver, Infinity);
  workers.dismiss();
  return { problems, calls: line.calls, trace: withoutRepetitions(trace) };
}

/** What people do in a run. */
interface Crowd {
  /** Does what is due before a call. True: somebody has acted since it was asked last. */
  before(call: Pick<CallRecord, "index" | "lease">): boolean;
  /** Does the next thing that waits for the goal, or, when all has been at rest, for anything. False: there is none. */
  next(rested: boolean): boolean;
  /** Things that are still to be done. */
  readonly waiting: number;
  /** Whether anybody has acted past the operator. */
  readonly byHand: boolean;
  /** When somebody acted last. */
  readonly lastMs: number;
}

function crowd(
  stage: Stage,
  actions: readonly UserAction[],
  planned: readonly PlannedAction[],
  say: (text: string) => void,
): Crowd {
  const { clock } = stage;
  const placeOf = ({ at }: PlannedAction) => (at === "end" ? Infinity : at);
  const known = new Map(actions.map((action) => [action.name, action]));
  const unknown = planned.find(({ name }) => !known.has(name));
  if (unknown !== undefined)
    throw new RangeError(`There is no action ${JSON.stringify(unknown.name)} in the scenario.`);
  const pending = planned.toSorted((a, b) => placeOf(a) - placeOf(b));
  let waiting = pending.length;
  let byHand = false;
  let acted = false;
  let lastMs = clock.nowMs();
  const act = ({ name }: PlannedAction): void => {
    const action = known.get(name)!;
    waiting--;
    byHand ||= action.byHand === true;
    lastMs = clock.nowMs();
    acted = true;
    say(`-- somebody: ${name}`);
    action.act(stage);
  };
  return {
    before: ({ index, lease }) => {
      while (!lease && pending.length > 0 && placeOf(pending[0]!) <= index) {
        const one = pending.shift()!;
        if (one.lateMs === undefined) act(one);
        else clock.setTimer(one.lateMs, () => act(one));
      }
      const before = acted;
      acted = false;
      return before;
    },
    next: (rested) => {
      const [first] = pending;
      if (first === undefined || !(rested || first.at === "end")) return false;
      act(pending.shift()!);
      return true;
    },
    get waiting() {
      return waiting;
    },
    get byHand() {
      return byHand;
    },
    get lastMs() {
      return lastMs;
    },
  };
}

/** Says what is not yet as it is to be, and judges only when something has changed. */
function lookout(stage: Stage, foreign: ReadonlySet<string>): () => readonly string[] {
  let seen: readonly unknown[] = [];
  let left: readonly string[] = [];
  return () => {
    const now: readonly unknown[] = [stage.cloudflare.world, ...stage.kube.user.list<KubeObject>(deployments)];
    if (now.length !== seen.length || now.some((one, index) => one !== seen[index])) left = unmet(stage, foreign);
    seen = now;
    return left;
  };
}

/** The same without what only repeats the line before. */
function withoutRepetitions(lines: readonly string[]): readonly string[] {
  const text = (line: string | undefined) => line?.slice(12).replace(/^ *L?\d+ /, "");
  return lines.flatMap((line, index) => {
    if (text(line) !== text(lines[index - 1])) return [line];
    return text(line) === text(lines[index - 2]) ? [] : ["           …"];
  });
}
