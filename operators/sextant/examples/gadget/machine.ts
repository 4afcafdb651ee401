// Generated from operators/sextant/examples/gadget/machine.yaml by //operators/sextant; do not edit.
import type { Registry } from "prom-client";
import type { Evidence, Recorded } from "#lib/machine/evidence.ts";
import { machineMetrics } from "#lib/machine/metrics.ts";
import type { Observer } from "#lib/machine/observer.ts";
import { Refused, retryDelayMs, SpentStateError } from "#lib/machine/state.ts";
import { readStatus, writeTime } from "#lib/machine/status.ts";

const KEY: unique symbol = Symbol("gadget");

/** What transitions and guards see of the world: the clock, and what was observed. */
export interface Context {
  readonly nowMs: number;
  readonly ready: boolean;
  readonly gone: boolean;
}

/** What every state keeps: when it was entered (milliseconds since the epoch), and how often it has failed. */
interface Kept {
  readonly stateEnteredAt: number;
  readonly attempts: number;
}

const entered = (ctx: Context): Kept => ({ stateEnteredAt: ctx.nowMs, attempts: 0 });

/** The guards, by state and action: pure functions of what is recorded, what is given, and what was observed. */
export const guards = {
  /** complete: ctx.ready */
  Creating_complete: (
    _from: Kept & { readonly requestID: Recorded<"gadget", "requestID"> },
    _params: {},
    ctx: Context,
  ): boolean => ctx.ready,
  /** remove: ctx.gone */
  Removing_remove: (_from: Kept, _params: {}, ctx: Context): boolean => ctx.gone,
};

/** Nothing was ordered yet. Flags: initial. */
export class Pending {
  readonly phase = "Pending";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): Pending {
    return new Pending(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Creating. */
  order(params: { readonly requestID: Evidence<"gadget", "requestID"> }, ctx: Context): Creating {
    this.#leave("order");
    return Creating[KEY]({ ...entered(ctx), requestID: params.requestID });
  }

  /** → Failed. */
  fail(params: { readonly message: string }, ctx: Context): Failed {
    this.#leave("fail");
    return Failed[KEY]({ ...entered(ctx), message: params.message });
  }

  /** → Removing (deletionTimestamp). */
  delete(ctx: Context): Removing {
    this.#leave("delete");
    return Removing[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Pending {
    this.#leave("failed");
    return Pending[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** It was ordered; the API is making it. */
export class Creating {
  readonly phase = "Creating";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly requestID: Recorded<"gadget", "requestID">;
  #spent = false;

  private constructor(fields: Kept & { readonly requestID: Recorded<"gadget", "requestID"> }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.requestID = fields.requestID;
    Object.freeze(this);
  }

  static [KEY](fields: Kept & { readonly requestID: Recorded<"gadget", "requestID"> }): Creating {
    return new Creating(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Ready, if complete. */
  complete(ctx: Context): Ready | Refused<"Creating", "complete"> {
    this.#unspent("complete");
    if (!guards.Creating_complete(this, {}, ctx)) return new Refused(this.phase, "Complete", "complete");
    this.#spent = true;
    return Ready[KEY]({ ...entered(ctx), requestID: this.requestID });
  }

  /** → Failed. */
  fail(params: { readonly message: string }, ctx: Context): Failed {
    this.#leave("fail");
    return Failed[KEY]({ ...entered(ctx), message: params.message });
  }

  /** → Pending (specChange). */
  respecify(ctx: Context): Pending {
    this.#leave("respecify");
    return Pending[KEY](entered(ctx));
  }

  /** → Removing (deletionTimestamp). */
  delete(ctx: Context): Removing {
    this.#leave("delete");
    return Removing[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Creating {
    this.#leave("failed");
    return Creating[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      requestID: this.requestID,
    });
  }

  #unspent(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
  }

  #leave(use: string): void {
    this.#unspent(use);
    this.#spent = true;
  }
}

/** It is there, as it was asked for. Flags: terminal. */
export class Ready {
  readonly phase = "Ready";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly requestID: Recorded<"gadget", "requestID">;
  #spent = false;

  private constructor(fields: Kept & { readonly requestID: Recorded<"gadget", "requestID"> }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.requestID = fields.requestID;
    Object.freeze(this);
  }

  static [KEY](fields: Kept & { readonly requestID: Recorded<"gadget", "requestID"> }): Ready {
    return new Ready(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Pending (specChange). */
  respecify(ctx: Context): Pending {
    this.#leave("respecify");
    return Pending[KEY](entered(ctx));
  }

  /** → Pending (drift). */
  repair(ctx: Context): Pending {
    this.#leave("repair");
    return Pending[KEY](entered(ctx));
  }

  /** → Removing (deletionTimestamp). */
  delete(ctx: Context): Removing {
    this.#leave("delete");
    return Removing[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Ready {
    this.#leave("failed");
    return Ready[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1, requestID: this.requestID });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The API refused it, or was away for too long. Flags: error. */
export class Failed {
  readonly phase = "Failed";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly message: string;
  #spent = false;

  private constructor(fields: Kept & { readonly message: string }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.message = fields.message;
    Object.freeze(this);
  }

  static [KEY](fields: Kept & { readonly message: string }): Failed {
    return new Failed(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Pending. */
  retry(ctx: Context): Pending {
    this.#leave("retry");
    return Pending[KEY](entered(ctx));
  }

  /** → Removing (deletionTimestamp). */
  delete(ctx: Context): Removing {
    this.#leave("delete");
    return Removing[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Failed {
    this.#leave("failed");
    return Failed[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1, message: this.message });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** It is being given back. Flags: deletion. */
export class Removing {
  readonly phase = "Removing";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): Removing {
    return new Removing(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Removed, if remove. */
  remove(ctx: Context): Removed | Refused<"Removing", "remove"> {
    this.#unspent("remove");
    if (!guards.Removing_remove(this, {}, ctx)) return new Refused(this.phase, "Remove", "remove");
    this.#spent = true;
    return Removed[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Removing {
    this.#leave("failed");
    return Removing[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
  }

  #unspent(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
  }

  #leave(use: string): void {
    this.#unspent(use);
    this.#spent = true;
  }
}

/** Nothing of it is left; the finalizer may go. Flags: terminal, deletion. */
export class Removed {
  readonly phase = "Removed";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): Removed {
    return new Removed(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }
}

/** A status that no state of this machine has written: it is kept as it was found, and work begins anew. */
export class Unknown {
  readonly phase = "Unknown";
  readonly stateEnteredAt: number;
  readonly attempts = 0;
  /** The status as it was found. */
  readonly raw: unknown;
  /** What is wrong with it. */
  readonly reason: string;
  #spent = false;

  private constructor(stateEnteredAt: number, raw: unknown, reason: string) {
    this.stateEnteredAt = stateEnteredAt;
    this.raw = raw;
    this.reason = reason;
    Object.freeze(this);
  }

  static [KEY](nowMs: number, raw: unknown, reason: string): Unknown {
    return new Unknown(nowMs, raw, reason);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Pending: what exists outside is found again by its name or owner. */
  restart(ctx: Context): Pending {
    this.#leave("restart");
    return Pending[KEY](entered(ctx));
  }

  /** → Removing (deletionTimestamp). */
  delete(ctx: Context): Removing {
    this.#leave("delete");
    return Removing[KEY](entered(ctx));
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** Every state that a resource can be in: a Gadget. */
export type State = Pending | Creating | Ready | Failed | Removing | Removed | Unknown;

/** The names of the states. */
export type Phase = State["phase"];

/** One handler for each state. */
export type Handlers<R> = { readonly [S in State as S["phase"]]: (state: S) => R };

/** Calls the handler of a state. A handler that is missing does not compile. */
export function visit<R>(state: State, handlers: Handlers<R>): R {
  switch (state.phase) {
    case "Pending":
      return handlers.Pending(state);
    case "Creating":
      return handlers.Creating(state);
    case "Ready":
      return handlers.Ready(state);
    case "Failed":
      return handlers.Failed(state);
    case "Removing":
      return handlers.Removing(state);
    case "Removed":
      return handlers.Removed(state);
    case "Unknown":
      return handlers.Unknown(state);
  }
}

const RULES = {
  Pending: {},
  Creating: { requestID: { kind: "identifier" } },
  Ready: { requestID: { kind: "identifier" } },
  Failed: { message: { kind: "text" } },
  Removing: {},
  Removed: {},
} as const;

/** A state as the resource's status has it: flat, with times in RFC 3339. */
export type Status =
  | ({ readonly phase: "Pending"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "Creating"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly requestID: Recorded<"gadget", "requestID">;
    })
  | ({ readonly phase: "Ready"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly requestID: Recorded<"gadget", "requestID">;
    })
  | ({ readonly phase: "Failed"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly message: string;
    })
  | ({ readonly phase: "Removing"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "Removed"; readonly stateEnteredAt: string; readonly attempts?: number } & {});

/**
 * The status of a state, to be written to the resource's status; an unknown one gives back what was found.
 * @throws SpentStateError when the state was left
 */
export function encodeStatus(state: Exclude<State, Unknown>): Status;
export function encodeStatus(state: State): unknown;
export function encodeStatus(state: State): unknown {
  if (state.spent) throw new SpentStateError(state.phase, "encodeStatus");
  if (state.phase === "Unknown") return state.raw;
  const kept = {
    phase: state.phase,
    stateEnteredAt: writeTime(state.stateEnteredAt),
    ...(state.attempts > 0 ? { attempts: state.attempts } : {}),
  };
  switch (state.phase) {
    case "Pending":
      return { ...kept };
    case "Creating":
      return { ...kept, requestID: state.requestID };
    case "Ready":
      return { ...kept, requestID: state.requestID };
    case "Failed":
      return { ...kept, message: state.message };
    case "Removing":
      return { ...kept };
    case "Removed":
      return { ...kept };
  }
}

/**
 * The state that a status says: Pending when there is none yet, and Unknown, with what was found, when it is
 * no status of this machine. Never throws.
 */
export function decodeStatus(raw: unknown, nowMs: number): State {
  const read = readStatus(raw, RULES);
  if (read.kind === "empty") return Pending[KEY]({ stateEnteredAt: nowMs, attempts: 0 });
  if (read.kind === "invalid") return Unknown[KEY](nowMs, raw, read.reason);
  const kept: Kept = { stateEnteredAt: read.stateEnteredAt, attempts: read.attempts };
  switch (read.phase as keyof typeof RULES) {
    case "Pending":
      return Pending[KEY](kept);
    case "Creating":
      return Creating[KEY]({ ...kept, ...(read.fields as { readonly requestID: Recorded<"gadget", "requestID"> }) });
    case "Ready":
      return Ready[KEY]({ ...kept, ...(read.fields as { readonly requestID: Recorded<"gadget", "requestID"> }) });
    case "Failed":
      return Failed[KEY]({ ...kept, ...(read.fields as { readonly message: string }) });
    case "Removing":
      return Removing[KEY](kept);
    case "Removed":
      return Removed[KEY](kept);
  }
}

/** Every state's flags. */
export const STATES = {
  Pending: { initial: true, terminal: false, error: false, deletion: false },
  Creating: { initial: false, terminal: false, error: false, deletion: false },
  Ready: { initial: false, terminal: true, error: false, deletion: false },
  Failed: { initial: false, terminal: false, error: true, deletion: false },
  Removing: { initial: false, terminal: false, error: false, deletion: true },
  Removed: { initial: false, terminal: true, error: false, deletion: true },
  Unknown: { initial: false, terminal: false, error: false, deletion: false },
} as const satisfies Record<Phase, unknown>;

/** Every transition. */
export const TRANSITIONS = [
  { from: "Pending", to: "Creating", action: "Order" },
  { from: "Creating", to: "Ready", action: "Complete", guard: "complete" },
  { from: "Pending", to: "Failed", action: "Fail" },
  { from: "Creating", to: "Failed", action: "Fail" },
  { from: "Failed", to: "Pending", action: "Retry" },
  { from: "Creating", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "Ready", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "Ready", to: "Pending", action: "Repair", trigger: "drift" },
  { from: "Pending", to: "Removing", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Creating", to: "Removing", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Ready", to: "Removing", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Failed", to: "Removing", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Removing", to: "Removed", action: "Remove", guard: "remove" },
  { from: "Unknown", to: "Pending", action: "Restart" },
  { from: "Unknown", to: "Removing", action: "Delete", trigger: "deletionTimestamp" },
] as const satisfies readonly {
  readonly from: Phase;
  readonly to: Phase;
  readonly action: string;
  readonly trigger?: string;
  readonly guard?: string;
}[];

const REQUEUE_MS: { readonly [P in Phase]?: number } = {
  Creating: 5000,
  Ready: 300000,
  Failed: 60000,
  Removing: 5000,
};

/** When to look at a resource in this state again, in milliseconds; undefined where only events do. */
export const requeueAfterMs = ({ phase }: { readonly phase: Phase }): number | undefined => REQUEUE_MS[phase];

/** How failures are retried. */
export const RETRIES = { maxRetries: 10, initialMs: 1000, factor: 2, maxMs: 300000, jitter: 0.1 } as const;

/**
 * How long to wait after the failures that a state counts, in milliseconds; undefined when they are too many.
 * @param random a number in [0, 1)
 */
export const retryAfterMs = ({ attempts }: State, random: number): number | undefined =>
  retryDelayMs(RETRIES, attempts, random);

/** The machine's metrics, as an observer to be told; `nowMs` is the clock. */
export const metrics = (registry: Registry, nowMs: () => number): Observer<State> =>
  machineMetrics({ machine: "gadget", phases: Object.keys(STATES), registry, nowMs });
