import { type PartChild, endRemains, startChild } from "./child.ts";
import { startGuard } from "./guard.ts";
import type { PlannedPart } from "./part.ts";
import { pauseFor, untilReady } from "./ready.ts";
import { STEADY_MS, decideRestart } from "./restart.ts";

/** Where a part is in its life. */
export type Phase = "waiting" | "starting" | "ready" | "restarting" | "stopping" | "stopped" | "failed";

/** What the status line of a part shows; `since` is a time in milliseconds since the epoch. */
export interface PartState {
  readonly name: string;
  readonly phase: Phase;
  readonly since: number;
  readonly restarts: number;
  /** Why it is in this phase, when that is worth a word. */
  readonly note: string;
}

/** How a start came out. */
export type StartOutcome =
  | { readonly kind: "ready" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly part: string; readonly reason: string; readonly tail: readonly string[] };

/** Settings and edges of a supervisor; times are in milliseconds. */
export interface SupervisorOptions {
  readonly parts: readonly PlannedPart[];
  /** Random id of this run, which marks its processes. */
  readonly run: string;
  readonly node: string;
  readonly onLine: (part: string, line: string) => void;
  readonly onChange: (state: PartState) => void;
  readonly readyDeadlineMs?: number;
  readonly graceMs?: number;
}

/** Runs the parts of a plan: starts each behind what it needs, restarts what ends, and stops in the reverse order. */
export interface Supervisor {
  readonly wardenPid: () => number | undefined;
  readonly states: () => readonly PartState[];
  /** Starts everything; resolves when all parts are ready, one could not be started, or `stop` was called. */
  readonly start: () => Promise<StartOutcome>;
  /** Stops everything; resolves when no process is left. Calling it again is harmless. */
  readonly stop: () => Promise<void>;
  /** Makes a running `stop` impatient: SIGKILL at once. */
  readonly hurry: () => void;
}

const TAIL_LINES = 20;

interface Runner {
  readonly part: PlannedPart;
  state: PartState;
  child: PartChild | null;
  /** Resolves when the part has been ready once. */
  readonly firstReady: PromiseWithResolvers<void>;
  /** Resolves when the part will not run again. */
  done: Promise<void>;
  readonly tail: string[];
}

/** Makes a supervisor for the parts of a plan; nothing is started yet but the warden. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { run, node, graceMs = 8_000, readyDeadlineMs = 90_000 } = options;
  const guard = startGuard(run, node);
  const stopping = new AbortController();
  const hurried = new AbortController();
  const outcome = Promise.withResolvers<StartOutcome>();
  const runners = options.parts.map((part): Runner => ({
    part,
    state: { name: part.name, phase: "waiting", since: Date.now(), restarts: 0, note: "" },
    child: null,
    firstReady: Promise.withResolvers(),
    done: Promise.resolve(),
    tail: [],
  }));
  const byName = new Map(runners.map((runner) => [runner.part.name, runner]));
  const aborted = new Promise<void>((resolve) => stopping.signal.addEventListener("abort", () => resolve()));

  const change = (runner: Runner, phase: Phase, note = "", restarts = runner.state.restarts) => {
    runner.state = { ...runner.state, phase, note, restarts, since: Date.now() };
    options.onChange(runner.state);
  };

  const fail = (runner: Runner, reason: string) => {
    change(runner, "failed", reason);
    outcome.resolve({ kind: "failed", part: runner.part.name, reason, tail: [...runner.tail] });
  };

  const collectLine = (runner: Runner) => (line: string) => {
    runner.tail.push(line);
    if (runner.tail.length > TAIL_LINES) runner.tail.shift();
    options.onLine(runner.part.name, line);
  };

  async function watchReady(runner: Runner, attempt: AbortSignal): Promise<void> {
    const late = setTimeout(() => {
      if (!attempt.aborted) fail(runner, `it was not ready ${Math.round(readyDeadlineMs / 1000)} s after its start`);
    }, readyDeadlineMs);
    if (await untilReady(runner.part.ready, attempt)) {
      change(runner, "ready");
      runner.firstReady.resolve();
    }
    clearTimeout(late);
  }

  async function live(runner: Runner): Promise<void> {
    const { part } = runner;
    const needed = part.after.map((name) => byName.get(name)?.firstReady.promise);
    await Promise.race([Promise.all(needed), aborted]);
    let wasReady = false;
    void runner.firstReady.promise.then(() => (wasReady = true));
    for (let quickEnds = 0; !stopping.signal.aborted && runner.state.phase !== "failed";) {
      const startedAt = Date.now();
      change(runner, "starting");
      const child = startChild(part, run, collectLine(runner));
      runner.child = child;
      if (child.pid !== undefined) guard.add(child.pid);
      const attempt = new AbortController();
      void watchReady(runner, attempt.signal);
      const how = await child.ended;
      attempt.abort();
      if (child.pid !== undefined && !stopping.signal.aborted) {
        await endRemains(child.pid, run, part.name, graceMs, hurried.signal);
        guard.remove(child.pid);
      }
      if (stopping.signal.aborted) return;
      runner.child = null;
      quickEnds = Date.now() - startedAt > STEADY_MS ? 1 : quickEnds + 1;
      const decision = decideRestart({ wasReady, quickEnds });
      if (decision.kind === "give-up") return fail(runner, `${how}, ${quickEnds} times in a row before it was ready`);
      change(runner, "restarting", how, runner.state.restarts + 1);
      await pauseFor(decision.delayMs, stopping.signal);
    }
  }

  async function stopOne(runner: Runner): Promise<void> {
    const dependents = runners.filter((other) => other.part.after.includes(runner.part.name));
    await Promise.all(dependents.map((other) => stopped.get(other.part.name)));
    const child = runner.child;
    if (runner.state.phase !== "failed") change(runner, "stopping");
    if (child?.pid !== undefined) {
      await endRemains(child.pid, run, runner.part.name, graceMs, hurried.signal);
      guard.remove(child.pid);
    }
    await runner.done;
    if (runner.state.phase !== "failed") change(runner, "stopped");
  }

  const stopped = new Map<string, Promise<void>>();
  let stop: Promise<void> | undefined;
  return {
    wardenPid: guard.pid,
    states: () => runners.map((runner) => runner.state),
    start: () => {
      for (const runner of runners) runner.done = live(runner);
      void Promise.all(runners.map((runner) => runner.firstReady.promise)).then(() =>
        outcome.resolve({ kind: "ready" }),
      );
      void aborted.then(() => outcome.resolve({ kind: "stopped" }));
      return outcome.promise;
    },
    stop: () => {
      stop ??= (async () => {
        stopping.abort();
        for (const runner of [...runners].reverse()) stopped.set(runner.part.name, stopOne(runner));
        await Promise.all(stopped.values());
        await guard.release();
      })();
      return stop;
    },
    hurry: () => hurried.abort(),
  };
}
