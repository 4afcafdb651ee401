// Generated from operators/sextant/examples/request/machine.yaml by //operators/sextant; do not edit.
import type { Registry } from "prom-client";
import type { Evidence, Recorded } from "#lib/machine/evidence.ts";
import { machineMetrics } from "#lib/machine/metrics.ts";
import type { Observer } from "#lib/machine/observer.ts";
import { retryDelayMs, SpentStateError } from "#lib/machine/state.ts";
import { readStatus, writeTime } from "#lib/machine/status.ts";

const KEY: unique symbol = Symbol("request");

/** What transitions and guards see of the world: the clock, and what was observed. */
export interface Context {
  readonly nowMs: number;
}

/** What every state keeps: when it was entered (milliseconds since the epoch), and how often it has failed. */
interface Kept {
  readonly stateEnteredAt: number;
  readonly attempts: number;
}

const entered = (ctx: Context): Kept => ({ stateEnteredAt: ctx.nowMs, attempts: 0 });

/** The state Pending. Flags: initial. */
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
  startCreation(params: { readonly requestID: Evidence<"request", "requestID"> }, ctx: Context): Creating {
    this.#leave("startCreation");
    return Creating[KEY]({ ...entered(ctx), requestID: params.requestID });
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

/** The state Creating. */
export class Creating {
  readonly phase = "Creating";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly requestID: Recorded<"request", "requestID">;
  #spent = false;

  private constructor(fields: Kept & { readonly requestID: Recorded<"request", "requestID"> }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.requestID = fields.requestID;
    Object.freeze(this);
  }

  static [KEY](fields: Kept & { readonly requestID: Recorded<"request", "requestID"> }): Creating {
    return new Creating(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Ready. All is done. The short form implies this step. */
  complete(ctx: Context): Ready {
    this.#leave("complete");
    return Ready[KEY](entered(ctx));
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

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The state Ready. Flags: terminal. */
export class Ready {
  readonly phase = "Ready";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): Ready {
    return new Ready(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** The same state after one more failed attempt. */
  failed(): Ready {
    this.#leave("failed");
    return Ready[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
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

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** Every state that a resource can be in. */
export type State = Pending | Creating | Ready | Unknown;

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
    case "Unknown":
      return handlers.Unknown(state);
  }
}

const RULES = {
  Pending: {},
  Creating: { requestID: { kind: "identifier" } },
  Ready: {},
} as const;

/** A state as the resource's status has it: flat, with times in RFC 3339. */
export type Status =
  | ({ readonly phase: "Pending"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "Creating"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly requestID: Recorded<"request", "requestID">;
    })
  | ({ readonly phase: "Ready"; readonly stateEnteredAt: string; readonly attempts?: number } & {});

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
      return Creating[KEY]({ ...kept, ...(read.fields as { readonly requestID: Recorded<"request", "requestID"> }) });
    case "Ready":
      return Ready[KEY](kept);
  }
}

/** Every state's flags. */
export const STATES = {
  Pending: { initial: true, terminal: false, error: false, deletion: false },
  Creating: { initial: false, terminal: false, error: false, deletion: false },
  Ready: { initial: false, terminal: true, error: false, deletion: false },
  Unknown: { initial: false, terminal: false, error: false, deletion: false },
} as const satisfies Record<Phase, unknown>;

/** Every transition. */
export const TRANSITIONS = [
  { from: "Pending", to: "Creating", action: "StartCreation" },
  { from: "Creating", to: "Ready", action: "Complete" },
  { from: "Unknown", to: "Pending", action: "Restart" },
] as const satisfies readonly {
  readonly from: Phase;
  readonly to: Phase;
  readonly action: string;
  readonly trigger?: string;
  readonly guard?: string;
}[];

const REQUEUE_MS: { readonly [P in Phase]?: number } = {};

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
  machineMetrics({ machine: "request", phases: Object.keys(STATES), registry, nowMs });
