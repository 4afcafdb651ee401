import type { Clock } from "#lib/operator/clock.ts";
import { KubeError, valueOf } from "#lib/operator/errors.ts";
import type { Fence } from "#lib/operator/fence.ts";
import { addFinalizer, hasFinalizer, isDeleting, removeFinalizer } from "#lib/operator/finalizers.ts";
import { type Key, type KubeObject, nameOf } from "#lib/operator/object.ts";
import {
  done,
  type Reconcile,
  type ReconcileContext,
  type ReconcileResult,
  requeueAfter,
} from "#lib/operator/reconcile.ts";
import type { Observer } from "../observer.ts";
import { type AnyState, Refused, type Retries } from "../state.ts";
import { observed } from "./observed.ts";

/** What is driven: a generated file as a whole, `import * as machine from "./machine.ts"`. */
export interface DrivenMachine<State extends AnyState> {
  readonly decodeStatus: (raw: unknown, nowMs: number) => State;
  readonly encodeStatus: (state: State) => unknown;
  readonly requeueAfterMs: (state: State) => number | undefined;
  readonly retryAfterMs: (state: State, random: number) => number | undefined;
  readonly RETRIES: Retries;
  readonly STATES: { readonly [P in State["phase"]]: { readonly terminal: boolean; readonly deletion: boolean } };
}

/** A resource with a status, whatever stands in it. */
export interface Driven extends KubeObject {
  readonly status?: unknown;
}

/** What a step sees of its resource. */
export interface Sight<T extends Driven> {
  readonly key: Key;
  readonly object: T;
  /** Whether somebody asked for its deletion. */
  readonly leaving: boolean;
  /** The name of what is made outside for it: another one for a resource of the same name that comes later. */
  readonly owner: string;
  readonly nowMs: number;
  /** To be awaited before each write to anything outside. */
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

/** What comes after a state: the state itself where nothing is to be done, or a refusal, which waits. */
export type Next<State extends AnyState> = State | Refused<State["phase"], string>;

/** What {@link driveMachine} needs. */
export interface DriverOptions<State extends AnyState, T extends Driven> {
  readonly machine: DrivenMachine<State>;
  /** Who writes the status. */
  readonly fieldManager: string;
  /** Set before the first step, removed at the end of deletion. */
  readonly finalizer: string;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly observer: Observer<State>;
  /** Observes, acts, and takes one transition. */
  readonly step: (state: State, sight: Sight<T>) => Promise<Next<State>>;
  /** Whether a step that threw this has failed as expected: it is tried again after the machine's waits. Other errors are the controller's. */
  readonly isFailure: (error: unknown) => error is Error;
  /** What becomes of a state whose retries are used up; undefined: it is tried on. */
  readonly giveUp: (state: State, error: Error, nowMs: number) => State | undefined;
}

/**
 * A reconciliation that takes one transition of a machine, writes it to the resource's status, and comes back for the
 * next as soon as the cache shows it. The finalizer is there before anything is made outside. A failure counts in the
 * status, but not in a goal, where the controller's own waits hold.
 */
export function driveMachine<State extends AnyState, T extends Driven>(options: DriverOptions<State, T>): Reconcile<T> {
  return observed((context) => drive(context, options), options.observer, options.clock);
}

async function drive<State extends AnyState, T extends Driven>(
  context: ReconcileContext<T>,
  options: DriverOptions<State, T>,
): Promise<ReconcileResult> {
  const { key, api, fence, signal } = context;
  const { machine, finalizer, clock, random, observer } = options;
  if (context.object === undefined) {
    observer.removed(key);
    return done;
  }
  const leaving = isDeleting(context.object);
  const object = leaving
    ? context.object
    : valueOf(`set the finalizer of ${key}`, await addFinalizer(api, context.object, finalizer, signal));
  const state = machine.decodeStatus(object.status, clock.nowMs());
  const { terminal, deletion } = machine.STATES[state.phase as State["phase"]];
  if (terminal && deletion) {
    const freed = hasFinalizer(object, finalizer) ? await removeFinalizer(api, object, finalizer, signal) : undefined;
    if (freed === undefined || freed.ok || freed.error.kind === "NotFound") return done;
    throw new KubeError(`remove the finalizer of ${key}`, freed.error);
  }
  const owner = `${key}/${object.metadata.uid}`;
  const sight = { key, object, leaving, owner, nowMs: clock.nowMs(), fence, signal };
  const next = await attempt(state, terminal, sight, options);
  if (next instanceof Refused) observer.refused(key, state.phase, next.action, next.guard);
  if (next instanceof Refused || next === state) {
    const waitMs = machine.requeueAfterMs(state);
    return waitMs === undefined ? done : requeueAfter(waitMs);
  }
  const status = { metadata: { uid: object.metadata.uid }, status: machine.encodeStatus(next) };
  const writer = { fieldManager: options.fieldManager, force: true, subresource: "status", signal } as const;
  valueOf(`write the status of ${key}`, await api.apply(nameOf(key), status, writer));
  observer.persisted(key, state, next);
  return requeueAfter(next.attempts > 0 ? (machine.retryAfterMs(next, random()) ?? machine.RETRIES.maxMs) : 0);
}

async function attempt<State extends AnyState, T extends Driven>(
  state: State,
  goal: boolean,
  sight: Sight<T>,
  { machine, clock, random, observer, step, isFailure, giveUp }: DriverOptions<State, T>,
): Promise<Next<State>> {
  try {
    return await step(state, sight);
  } catch (error) {
    if (!isFailure(error) || sight.signal.aborted) throw error;
    observer.failed(sight.key, state.phase, error);
    if (goal || !canFail(state)) throw error;
    const again = state.failed();
    if (machine.retryAfterMs(again, random()) !== undefined) return again;
    return giveUp(again, error, clock.nowMs()) ?? again;
  }
}

const canFail = <State extends AnyState>(state: State): state is State & { failed(): State } => "failed" in state;
