// Generated from operators/sextant/examples/volume/machine.yaml by //operators/sextant; do not edit.
import type { Registry } from "prom-client";
import type { Evidence, Recorded } from "#lib/machine/evidence.ts";
import { machineMetrics } from "#lib/machine/metrics.ts";
import type { Observer } from "#lib/machine/observer.ts";
import { Refused, retryDelayMs, SpentStateError } from "#lib/machine/state.ts";
import { readStatus, writeTime } from "#lib/machine/status.ts";

const KEY: unique symbol = Symbol("volume");

/** What transitions and guards see of the world: the clock, and what was observed. */
export interface Context {
  readonly nowMs: number;
  readonly quotaLeft: number;
  readonly nodeReady: boolean;
  readonly tier: "fast" | "cheap";
}

/** What every state keeps: when it was entered (milliseconds since the epoch), and how often it has failed. */
interface Kept {
  readonly stateEnteredAt: number;
  readonly attempts: number;
}

const entered = (ctx: Context): Kept => ({ stateEnteredAt: ctx.nowMs, attempts: 0 });

/** The guards, by state and action: pure functions of what is recorded, what is given, and what was observed. */
export const guards = {
  /** affordable: The fast tier counts twice. */
  Pending_order: (
    _from: Kept & { readonly lastReason?: string | undefined },
    _params: { readonly orderID: Evidence<"volume", "orderID">; readonly orderedAt: number },
    ctx: Context,
  ): boolean => (ctx.tier === "fast" ? ctx.quotaLeft >= 2 : ctx.quotaLeft >= 1),
  /** attach: ctx.nodeReady */
  Attaching_attach: (
    _from: Kept & {
      readonly volumeID: Recorded<"storage", "volume">;
      readonly sizeGiB: number;
      readonly label?: string | undefined;
    },
    _params: { readonly readOnly: boolean },
    ctx: Context,
  ): boolean => ctx.nodeReady,
  /** overdue: Ten minutes have passed since the order. */
  Ordered_expire: (
    from: Kept & { readonly orderID: Recorded<"volume", "orderID">; readonly orderedAt: number },
    _params: { readonly lastReason: string; readonly wasAttached: boolean; readonly retryAt?: number | undefined },
    ctx: Context,
  ): boolean => ctx.nowMs - from.orderedAt > 600000,
  /** retry: from.attempts < 5 && !from.wasAttached */
  Failed_retry: (
    from: Kept & { readonly lastReason: string; readonly wasAttached: boolean; readonly retryAt?: number | undefined },
    _params: {},
    _ctx: Context,
  ): boolean => from.attempts < 5 && !from.wasAttached,
  /** giveUp: from.attempts >= 5 || from.wasAttached */
  Failed_giveUp: (
    from: Kept & { readonly lastReason: string; readonly wasAttached: boolean; readonly retryAt?: number | undefined },
    _params: {},
    _ctx: Context,
  ): boolean => from.attempts >= 5 || from.wasAttached,
};

/** The state Pending. Flags: initial. */
export class Pending {
  readonly phase = "Pending";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly lastReason?: string | undefined;
  #spent = false;

  private constructor(fields: Kept & { readonly lastReason?: string | undefined }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.lastReason = fields.lastReason;
    Object.freeze(this);
  }

  static [KEY](fields: Kept & { readonly lastReason?: string | undefined }): Pending {
    return new Pending(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Ordered, if affordable. */
  order(
    params: { readonly orderID: Evidence<"volume", "orderID">; readonly orderedAt: number },
    ctx: Context,
  ): Ordered | Refused<"Pending", "affordable"> {
    this.#unspent("order");
    if (!guards.Pending_order(this, params, ctx)) return new Refused(this.phase, "Order", "affordable");
    this.#spent = true;
    return Ordered[KEY]({ ...entered(ctx), orderID: params.orderID, orderedAt: params.orderedAt });
  }

  /** → Failed. */
  fail(
    params: { readonly lastReason: string; readonly wasAttached: boolean; readonly retryAt?: number | undefined },
    ctx: Context,
  ): Failed {
    this.#leave("fail");
    return Failed[KEY]({
      ...entered(ctx),
      lastReason: params.lastReason,
      wasAttached: params.wasAttached,
      ...(params.retryAt === undefined ? {} : { retryAt: params.retryAt }),
    });
  }

  /** → Detaching (deletionTimestamp). */
  delete(ctx: Context): Detaching {
    this.#leave("delete");
    return Detaching[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Pending {
    this.#leave("failed");
    return Pending[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      ...(this.lastReason === undefined ? {} : { lastReason: this.lastReason }),
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

/** The state Ordered. */
export class Ordered {
  readonly phase = "Ordered";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly orderID: Recorded<"volume", "orderID">;
  readonly orderedAt: number;
  #spent = false;

  private constructor(fields: Kept & { readonly orderID: Recorded<"volume", "orderID">; readonly orderedAt: number }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.orderID = fields.orderID;
    this.orderedAt = fields.orderedAt;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & { readonly orderID: Recorded<"volume", "orderID">; readonly orderedAt: number },
  ): Ordered {
    return new Ordered(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Attaching. The provider has delivered. */
  receive(
    params: {
      readonly volumeID: Evidence<"storage", "volume">;
      readonly sizeGiB: number;
      readonly label?: string | undefined;
    },
    ctx: Context,
  ): Attaching {
    this.#leave("receive");
    return Attaching[KEY]({
      ...entered(ctx),
      volumeID: params.volumeID,
      sizeGiB: params.sizeGiB,
      ...(params.label === undefined ? {} : { label: params.label }),
    });
  }

  /** → Failed, if overdue. */
  expire(
    params: { readonly lastReason: string; readonly wasAttached: boolean; readonly retryAt?: number | undefined },
    ctx: Context,
  ): Failed | Refused<"Ordered", "overdue"> {
    this.#unspent("expire");
    if (!guards.Ordered_expire(this, params, ctx)) return new Refused(this.phase, "Expire", "overdue");
    this.#spent = true;
    return Failed[KEY]({
      ...entered(ctx),
      lastReason: params.lastReason,
      wasAttached: params.wasAttached,
      ...(params.retryAt === undefined ? {} : { retryAt: params.retryAt }),
    });
  }

  /** → Failed. */
  fail(
    params: { readonly lastReason: string; readonly wasAttached: boolean; readonly retryAt?: number | undefined },
    ctx: Context,
  ): Failed {
    this.#leave("fail");
    return Failed[KEY]({
      ...entered(ctx),
      lastReason: params.lastReason,
      wasAttached: params.wasAttached,
      ...(params.retryAt === undefined ? {} : { retryAt: params.retryAt }),
    });
  }

  /** → Detaching (deletionTimestamp). */
  delete(ctx: Context): Detaching {
    this.#leave("delete");
    return Detaching[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Ordered {
    this.#leave("failed");
    return Ordered[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      orderID: this.orderID,
      orderedAt: this.orderedAt,
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

/** The state Attaching. */
export class Attaching {
  readonly phase = "Attaching";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly volumeID: Recorded<"storage", "volume">;
  readonly sizeGiB: number;
  readonly label?: string | undefined;
  #spent = false;

  private constructor(
    fields: Kept & {
      readonly volumeID: Recorded<"storage", "volume">;
      readonly sizeGiB: number;
      readonly label?: string | undefined;
    },
  ) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.volumeID = fields.volumeID;
    this.sizeGiB = fields.sizeGiB;
    this.label = fields.label;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & {
      readonly volumeID: Recorded<"storage", "volume">;
      readonly sizeGiB: number;
      readonly label?: string | undefined;
    },
  ): Attaching {
    return new Attaching(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Attached, if attach. */
  attach(params: { readonly readOnly: boolean }, ctx: Context): Attached | Refused<"Attaching", "attach"> {
    this.#unspent("attach");
    if (!guards.Attaching_attach(this, params, ctx)) return new Refused(this.phase, "Attach", "attach");
    this.#spent = true;
    return Attached[KEY]({
      ...entered(ctx),
      volumeID: this.volumeID,
      sizeGiB: this.sizeGiB,
      ...(this.label === undefined ? {} : { label: this.label }),
      readOnly: params.readOnly,
    });
  }

  /** → Failed. */
  fail(
    params: { readonly lastReason: string; readonly wasAttached: boolean; readonly retryAt?: number | undefined },
    ctx: Context,
  ): Failed {
    this.#leave("fail");
    return Failed[KEY]({
      ...entered(ctx),
      lastReason: params.lastReason,
      wasAttached: params.wasAttached,
      ...(params.retryAt === undefined ? {} : { retryAt: params.retryAt }),
    });
  }

  /** → Detaching (deletionTimestamp). */
  delete(ctx: Context): Detaching {
    this.#leave("delete");
    return Detaching[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Attaching {
    this.#leave("failed");
    return Attaching[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      volumeID: this.volumeID,
      sizeGiB: this.sizeGiB,
      ...(this.label === undefined ? {} : { label: this.label }),
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

/** The state Attached. Flags: terminal. */
export class Attached {
  readonly phase = "Attached";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly volumeID: Recorded<"storage", "volume">;
  readonly sizeGiB: number;
  readonly label?: string | undefined;
  readonly readOnly: boolean;
  #spent = false;

  private constructor(
    fields: Kept & {
      readonly volumeID: Recorded<"storage", "volume">;
      readonly sizeGiB: number;
      readonly label?: string | undefined;
      readonly readOnly: boolean;
    },
  ) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.volumeID = fields.volumeID;
    this.sizeGiB = fields.sizeGiB;
    this.label = fields.label;
    this.readOnly = fields.readOnly;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & {
      readonly volumeID: Recorded<"storage", "volume">;
      readonly sizeGiB: number;
      readonly label?: string | undefined;
      readonly readOnly: boolean;
    },
  ): Attached {
    return new Attached(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Pending (specChange). */
  respecify(params: { readonly lastReason?: string | undefined }, ctx: Context): Pending {
    this.#leave("respecify");
    return Pending[KEY]({
      ...entered(ctx),
      ...(params.lastReason === undefined ? {} : { lastReason: params.lastReason }),
    });
  }

  /** → Failed (drift). */
  findDetached(params: { readonly lastReason: string; readonly wasAttached: boolean }, ctx: Context): Failed {
    this.#leave("findDetached");
    return Failed[KEY]({ ...entered(ctx), lastReason: params.lastReason, wasAttached: params.wasAttached });
  }

  /** → Detaching (deletionTimestamp). */
  delete(ctx: Context): Detaching {
    this.#leave("delete");
    return Detaching[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Attached {
    this.#leave("failed");
    return Attached[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      volumeID: this.volumeID,
      sizeGiB: this.sizeGiB,
      ...(this.label === undefined ? {} : { label: this.label }),
      readOnly: this.readOnly,
    });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The state Failed. Flags: error. */
export class Failed {
  readonly phase = "Failed";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly lastReason: string;
  readonly wasAttached: boolean;
  readonly retryAt?: number | undefined;
  #spent = false;

  private constructor(
    fields: Kept & {
      readonly lastReason: string;
      readonly wasAttached: boolean;
      readonly retryAt?: number | undefined;
    },
  ) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.lastReason = fields.lastReason;
    this.wasAttached = fields.wasAttached;
    this.retryAt = fields.retryAt;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & {
      readonly lastReason: string;
      readonly wasAttached: boolean;
      readonly retryAt?: number | undefined;
    },
  ): Failed {
    return new Failed(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Pending, if retry. */
  retry(ctx: Context): Pending | Refused<"Failed", "retry"> {
    this.#unspent("retry");
    if (!guards.Failed_retry(this, {}, ctx)) return new Refused(this.phase, "Retry", "retry");
    this.#spent = true;
    return Pending[KEY]({ ...entered(ctx), ...(this.lastReason === undefined ? {} : { lastReason: this.lastReason }) });
  }

  /** → GivenUp, if giveUp. */
  giveUp(ctx: Context): GivenUp | Refused<"Failed", "giveUp"> {
    this.#unspent("giveUp");
    if (!guards.Failed_giveUp(this, {}, ctx)) return new Refused(this.phase, "GiveUp", "giveUp");
    this.#spent = true;
    return GivenUp[KEY]({ ...entered(ctx), lastReason: this.lastReason });
  }

  /** → Pending (specChange). */
  respecify(params: { readonly lastReason?: string | undefined }, ctx: Context): Pending {
    this.#leave("respecify");
    return Pending[KEY]({
      ...entered(ctx),
      ...(params.lastReason === undefined ? {} : { lastReason: params.lastReason }),
    });
  }

  /** → Detaching (deletionTimestamp). */
  delete(ctx: Context): Detaching {
    this.#leave("delete");
    return Detaching[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Failed {
    this.#leave("failed");
    return Failed[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      lastReason: this.lastReason,
      wasAttached: this.wasAttached,
      ...(this.retryAt === undefined ? {} : { retryAt: this.retryAt }),
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

/** The state GivenUp. Flags: terminal, error. */
export class GivenUp {
  readonly phase = "GivenUp";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly lastReason: string;
  #spent = false;

  private constructor(fields: Kept & { readonly lastReason: string }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.lastReason = fields.lastReason;
    Object.freeze(this);
  }

  static [KEY](fields: Kept & { readonly lastReason: string }): GivenUp {
    return new GivenUp(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Pending (specChange). */
  respecify(params: { readonly lastReason?: string | undefined }, ctx: Context): Pending {
    this.#leave("respecify");
    return Pending[KEY]({
      ...entered(ctx),
      ...(params.lastReason === undefined ? {} : { lastReason: params.lastReason }),
    });
  }

  /** → Detaching (deletionTimestamp). */
  delete(ctx: Context): Detaching {
    this.#leave("delete");
    return Detaching[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): GivenUp {
    this.#leave("failed");
    return GivenUp[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      lastReason: this.lastReason,
    });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The state Detaching. Flags: deletion. */
export class Detaching {
  readonly phase = "Detaching";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): Detaching {
    return new Detaching(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Releasing. */
  detach(ctx: Context): Releasing {
    this.#leave("detach");
    return Releasing[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Detaching {
    this.#leave("failed");
    return Detaching[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The state Releasing. Flags: deletion. */
export class Releasing {
  readonly phase = "Releasing";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): Releasing {
    return new Releasing(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Released. */
  release(ctx: Context): Released {
    this.#leave("release");
    return Released[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Releasing {
    this.#leave("failed");
    return Releasing[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The state Released. Flags: terminal, deletion. */
export class Released {
  readonly phase = "Released";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): Released {
    return new Released(fields);
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

  /** → Detaching (deletionTimestamp). */
  delete(ctx: Context): Detaching {
    this.#leave("delete");
    return Detaching[KEY](entered(ctx));
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** Every state that a resource can be in. */
export type State =
  Pending | Ordered | Attaching | Attached | Failed | GivenUp | Detaching | Releasing | Released | Unknown;

/** The names of the states. */
export type Phase = State["phase"];

/** One handler for each state. */
export type Handlers<R> = { readonly [S in State as S["phase"]]: (state: S) => R };

/** Calls the handler of a state. A handler that is missing does not compile. */
export function visit<R>(state: State, handlers: Handlers<R>): R {
  switch (state.phase) {
    case "Pending":
      return handlers.Pending(state);
    case "Ordered":
      return handlers.Ordered(state);
    case "Attaching":
      return handlers.Attaching(state);
    case "Attached":
      return handlers.Attached(state);
    case "Failed":
      return handlers.Failed(state);
    case "GivenUp":
      return handlers.GivenUp(state);
    case "Detaching":
      return handlers.Detaching(state);
    case "Releasing":
      return handlers.Releasing(state);
    case "Released":
      return handlers.Released(state);
    case "Unknown":
      return handlers.Unknown(state);
  }
}

const RULES = {
  Pending: { lastReason: { kind: "text", optional: true } },
  Ordered: { orderID: { kind: "identifier" }, orderedAt: { kind: "time" } },
  Attaching: { volumeID: { kind: "identifier" }, sizeGiB: { kind: "number" }, label: { kind: "text", optional: true } },
  Attached: {
    volumeID: { kind: "identifier" },
    sizeGiB: { kind: "number" },
    label: { kind: "text", optional: true },
    readOnly: { kind: "boolean" },
  },
  Failed: { lastReason: { kind: "text" }, wasAttached: { kind: "boolean" }, retryAt: { kind: "time", optional: true } },
  GivenUp: { lastReason: { kind: "text" } },
  Detaching: {},
  Releasing: {},
  Released: {},
} as const;

/** A state as the resource's status has it: flat, with times in RFC 3339. */
export type Status =
  | ({ readonly phase: "Pending"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly lastReason?: string;
    })
  | ({ readonly phase: "Ordered"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly orderID: Recorded<"volume", "orderID">;
      readonly orderedAt: string;
    })
  | ({ readonly phase: "Attaching"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly volumeID: Recorded<"storage", "volume">;
      readonly sizeGiB: number;
      readonly label?: string;
    })
  | ({ readonly phase: "Attached"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly volumeID: Recorded<"storage", "volume">;
      readonly sizeGiB: number;
      readonly label?: string;
      readonly readOnly: boolean;
    })
  | ({ readonly phase: "Failed"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly lastReason: string;
      readonly wasAttached: boolean;
      readonly retryAt?: string;
    })
  | ({ readonly phase: "GivenUp"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly lastReason: string;
    })
  | ({ readonly phase: "Detaching"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "Releasing"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "Released"; readonly stateEnteredAt: string; readonly attempts?: number } & {});

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
      return { ...kept, ...(state.lastReason === undefined ? {} : { lastReason: state.lastReason }) };
    case "Ordered":
      return { ...kept, orderID: state.orderID, orderedAt: writeTime(state.orderedAt) };
    case "Attaching":
      return {
        ...kept,
        volumeID: state.volumeID,
        sizeGiB: state.sizeGiB,
        ...(state.label === undefined ? {} : { label: state.label }),
      };
    case "Attached":
      return {
        ...kept,
        volumeID: state.volumeID,
        sizeGiB: state.sizeGiB,
        ...(state.label === undefined ? {} : { label: state.label }),
        readOnly: state.readOnly,
      };
    case "Failed":
      return {
        ...kept,
        lastReason: state.lastReason,
        wasAttached: state.wasAttached,
        ...(state.retryAt === undefined ? {} : { retryAt: writeTime(state.retryAt) }),
      };
    case "GivenUp":
      return { ...kept, lastReason: state.lastReason };
    case "Detaching":
      return { ...kept };
    case "Releasing":
      return { ...kept };
    case "Released":
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
      return Pending[KEY]({ ...kept, ...(read.fields as { readonly lastReason?: string | undefined }) });
    case "Ordered":
      return Ordered[KEY]({
        ...kept,
        ...(read.fields as { readonly orderID: Recorded<"volume", "orderID">; readonly orderedAt: number }),
      });
    case "Attaching":
      return Attaching[KEY]({
        ...kept,
        ...(read.fields as {
          readonly volumeID: Recorded<"storage", "volume">;
          readonly sizeGiB: number;
          readonly label?: string | undefined;
        }),
      });
    case "Attached":
      return Attached[KEY]({
        ...kept,
        ...(read.fields as {
          readonly volumeID: Recorded<"storage", "volume">;
          readonly sizeGiB: number;
          readonly label?: string | undefined;
          readonly readOnly: boolean;
        }),
      });
    case "Failed":
      return Failed[KEY]({
        ...kept,
        ...(read.fields as {
          readonly lastReason: string;
          readonly wasAttached: boolean;
          readonly retryAt?: number | undefined;
        }),
      });
    case "GivenUp":
      return GivenUp[KEY]({ ...kept, ...(read.fields as { readonly lastReason: string }) });
    case "Detaching":
      return Detaching[KEY](kept);
    case "Releasing":
      return Releasing[KEY](kept);
    case "Released":
      return Released[KEY](kept);
  }
}

/** Every state's flags. */
export const STATES = {
  Pending: { initial: true, terminal: false, error: false, deletion: false },
  Ordered: { initial: false, terminal: false, error: false, deletion: false },
  Attaching: { initial: false, terminal: false, error: false, deletion: false },
  Attached: { initial: false, terminal: true, error: false, deletion: false },
  Failed: { initial: false, terminal: false, error: true, deletion: false },
  GivenUp: { initial: false, terminal: true, error: true, deletion: false },
  Detaching: { initial: false, terminal: false, error: false, deletion: true },
  Releasing: { initial: false, terminal: false, error: false, deletion: true },
  Released: { initial: false, terminal: true, error: false, deletion: true },
  Unknown: { initial: false, terminal: false, error: false, deletion: false },
} as const satisfies Record<Phase, unknown>;

/** Every transition. */
export const TRANSITIONS = [
  { from: "Pending", to: "Ordered", action: "Order", guard: "affordable" },
  { from: "Ordered", to: "Attaching", action: "Receive" },
  { from: "Attaching", to: "Attached", action: "Attach", guard: "attach" },
  { from: "Ordered", to: "Failed", action: "Expire", guard: "overdue" },
  { from: "Pending", to: "Failed", action: "Fail" },
  { from: "Ordered", to: "Failed", action: "Fail" },
  { from: "Attaching", to: "Failed", action: "Fail" },
  { from: "Failed", to: "Pending", action: "Retry", guard: "retry" },
  { from: "Failed", to: "GivenUp", action: "GiveUp", guard: "giveUp" },
  { from: "Attached", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "Failed", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "GivenUp", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "Attached", to: "Failed", action: "FindDetached", trigger: "drift" },
  { from: "Pending", to: "Detaching", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Ordered", to: "Detaching", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Attaching", to: "Detaching", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Attached", to: "Detaching", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Failed", to: "Detaching", action: "Delete", trigger: "deletionTimestamp" },
  { from: "GivenUp", to: "Detaching", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Detaching", to: "Releasing", action: "Detach" },
  { from: "Releasing", to: "Released", action: "Release" },
  { from: "Unknown", to: "Pending", action: "Restart" },
  { from: "Unknown", to: "Detaching", action: "Delete", trigger: "deletionTimestamp" },
] as const satisfies readonly {
  readonly from: Phase;
  readonly to: Phase;
  readonly action: string;
  readonly trigger?: string;
  readonly guard?: string;
}[];

const REQUEUE_MS: { readonly [P in Phase]?: number } = {
  Pending: 60000,
  Ordered: 10000,
  Attached: 3600000,
  Failed: 30000,
};

/** When to look at a resource in this state again, in milliseconds; undefined where only events do. */
export const requeueAfterMs = ({ phase }: { readonly phase: Phase }): number | undefined => REQUEUE_MS[phase];

/** How failures are retried. */
export const RETRIES = { maxRetries: 5, initialMs: 500, factor: 3, maxMs: 120000, jitter: 0.2 } as const;

/**
 * How long to wait after the failures that a state counts, in milliseconds; undefined when they are too many.
 * @param random a number in [0, 1)
 */
export const retryAfterMs = ({ attempts }: State, random: number): number | undefined =>
  retryDelayMs(RETRIES, attempts, random);

/** The machine's metrics, as an observer to be told; `nowMs` is the clock. */
export const metrics = (registry: Registry, nowMs: () => number): Observer<State> =>
  machineMetrics({ machine: "volume", phases: Object.keys(STATES), registry, nowMs });
