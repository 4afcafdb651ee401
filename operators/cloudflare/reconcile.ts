import type { Clock } from "#lib/operator/clock.ts";
import type { Recorder } from "#lib/operator/events.ts";
import { KubeError } from "#lib/operator/errors.ts";
import type { Fence } from "#lib/operator/fence.ts";
import {
  done,
  type Reconcile,
  type ReconcileContext,
  type ReconcileResult,
  requeueAfter,
} from "#lib/operator/reconcile.ts";
import type { Reader } from "#lib/operator/store.ts";
import { observed } from "#lib/machine/driver/observed.ts";
import type { Observer } from "#lib/machine/observer.ts";
import { removeAll } from "./apply.ts";
import { claimOf } from "./claims.ts";
import { annotations, type Deployment, hasFinalizer } from "./deployment.ts";
import { requeueAfterMs, type State, STATES, visit } from "./machine.ts";
import { hashOf } from "./marks.ts";
import type { Outcome, View } from "./outcome.ts";
import { leftovers, type Plan, planFor } from "./plan.ts";
import type { Session, Settings } from "./session.ts";
import { record, stateOf } from "./status.ts";
import { steps } from "./steps.ts";
import { concerns, readWish } from "./wish.ts";

/** What the operator hears of itself, for metrics. */
export interface Hearing {
  /** Something was not as it had been made, and is put right. */
  drifted(key: string): void;
  /** What belonged to no Deployment any more was removed. */
  swept(hostname: string): void;
}

/** What reconciliation needs. */
export interface ReconcileOptions {
  readonly session: (fence: Fence, cache: Reader<Deployment>) => Promise<Session>;
  readonly settings: Settings;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly recorder: Recorder;
  readonly observer?: Observer<State>;
  readonly hearing?: Hearing;
}

/** States that a reconciliation may go through in one go; more of them wait for the next. */
const MOST_STEPS = 16;

/** Makes the reconciliation of Deployments: observe, plan, take the next step of the machine, record where it is. */
export function createReconcile(options: ReconcileOptions): Reconcile<Deployment> {
  return observed((context) => reconcile(context, options), options.observer, options.clock);
}

async function reconcile(context: ReconcileContext<Deployment>, options: ReconcileOptions): Promise<ReconcileResult> {
  const { key, object, cache, fence } = context;
  const session = await options.session(fence, cache);
  if (object === undefined || !concerns(object)) return await clear(key, session, context, options);
  let deployment = object;
  for (let count = 0; count < MOST_STEPS; count++) {
    const view = viewOf(deployment, session, context, options);
    const outcome = await visit(view.state, steps(view));
    const moved = await settle(outcome, view, context, options);
    if (moved.result !== undefined) return moved.result;
    deployment = moved.deployment;
  }
  return requeueAfter(0);
}

/** Writes down where a step has led; gives the Deployment as it is then, or says when to come back. */
async function settle(
  outcome: Outcome,
  { state, deployment, key }: View,
  { api, signal }: ReconcileContext<Deployment>,
  { recorder, observer }: ReconcileOptions,
): Promise<{ readonly deployment: Deployment; readonly result?: ReconcileResult }> {
  switch (outcome.kind) {
    case "wait":
      observer?.persisted(key, state, state);
      return { deployment, result: requeueAfter(outcome.ms) };
    case "again":
      return { deployment };
    case "gone":
      try {
        await record(api, deployment, undefined, "remove", signal);
      } catch (error) {
        if (!(error instanceof KubeError && error.error.kind === "NotFound")) throw error;
      }
      observer?.removed(key);
      return { deployment, result: done };
    case "next": {
      const after = await record(api, deployment, outcome.state, outcome.finalizer ?? "keep", signal);
      observer?.persisted(key, state, outcome.state);
      if (outcome.occurrence !== undefined) recorder.event(deployment, outcome.occurrence);
      if (outcome.waitMs !== undefined) return { deployment, result: requeueAfter(outcome.waitMs) };
      return sameWish(deployment, after) ? { deployment: after } : { deployment, result: requeueAfter(0) };
    }
  }
}

function viewOf(
  deployment: Deployment,
  session: Session,
  { key, cache }: ReconcileContext<Deployment>,
  options: ReconcileOptions,
): View {
  const { clock, settings } = options;
  const nowMs = clock.nowMs();
  const { world } = session.observation;
  const state = stateOf(deployment, nowMs);
  const reading = readWish(deployment);
  const leaving = reading.kind === "none" || STATES[state.phase].deletion;
  const claim = leaving ? ({ kind: "none" } as const) : claimOf(deployment, cache, world);
  const hash = hashOf(key);
  const recorded = "hostname" in state ? state.hostname : undefined;
  const plan = planFor({ hash, claim, recorded }, cache, world, settings);
  return {
    key,
    hash,
    deployment,
    state,
    claim,
    plan,
    leaving,
    session,
    random: options.random,
    onDrift: () => options.hearing?.drifted(key),
    onRefused: (action, guard) => options.observer?.refused(key, state.phase, action, guard),
    onFailed: (error) => options.observer?.failed(key, state.phase, error),
    context: {
      nowMs,
      admitted: claim.kind === "held" && plan.refused === undefined,
      policyKnown: claim.kind === "held",
      finalizer: hasFinalizer(deployment),
      clean: leftovers(plan) === 0 && plan.waitingFor === undefined,
      gone: isGone(hash, plan, session),
    },
  };
}

/** Whether nothing with this hash is left, for sure. */
function isGone(hash: string, plan: Plan, { observation }: Session): boolean {
  return leftovers(plan) === 0 && observation.settled && observation.doubtsOf(hash).length === 0;
}

/** Removes what is left of a Deployment that is gone, or has nothing to do with the operator any more. */
async function clear(
  key: string,
  session: Session,
  { cache }: ReconcileContext<Deployment>,
  { settings, observer }: ReconcileOptions,
): Promise<ReconcileResult> {
  const hash = hashOf(key);
  const plan = planFor({ hash, claim: { kind: "none" } }, cache, session.observation.world, settings);
  if (leftovers(plan) === 0) {
    observer?.removed(key);
    return done;
  }
  const applied = await removeAll(plan, hash, session);
  if (applied.kind === "wait") return requeueAfter(applied.ms);
  return requeueAfter(applied.kind === "failed" ? requeueAfterMs({ phase: "RemovingRoute" })! : 0);
}

function sameWish(before: Deployment, after: Deployment): boolean {
  const ours = ({ metadata }: Deployment) => {
    const { [annotations.state]: _, ...rest } = metadata.annotations ?? {};
    return JSON.stringify([metadata.deletionTimestamp !== undefined, Object.entries(rest).sort()]);
  };
  return ours(before) === ours(after);
}
