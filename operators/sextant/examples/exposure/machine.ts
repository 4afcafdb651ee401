// Generated from operators/sextant/examples/exposure/machine.yaml by //operators/sextant; do not edit.
import type { Registry } from "prom-client";
import type { Evidence, Recorded } from "#lib/machine/evidence.ts";
import { machineMetrics } from "#lib/machine/metrics.ts";
import type { Observer } from "#lib/machine/observer.ts";
import { Refused, retryDelayMs, SpentStateError } from "#lib/machine/state.ts";
import { readStatus, writeTime } from "#lib/machine/status.ts";

const KEY: unique symbol = Symbol("exposure");

/** What transitions and guards see of the world: the clock, and what was observed. */
export interface Context {
  readonly nowMs: number;
  readonly policyKnown: boolean;
  readonly enabled: boolean;
}

/** What every state keeps: when it was entered (milliseconds since the epoch), and how often it has failed. */
interface Kept {
  readonly stateEnteredAt: number;
  readonly attempts: number;
}

const entered = (ctx: Context): Kept => ({ stateEnteredAt: ctx.nowMs, attempts: 0 });

/** The guards, by state and action: pure functions of what is recorded, what is given, and what was observed. */
export const guards = {
  /** publishable: The named policy exists, and nobody has switched the hostname off. */
  CreatingDns_createApp: (
    _from: Kept & { readonly recordID: Recorded<"dns.records", "id"> },
    _params: { readonly appID: Evidence<"access.apps", "id"> },
    ctx: Context,
  ): boolean => ctx.policyKnown && ctx.enabled,
  /** publishable: The named policy exists, and nobody has switched the hostname off. */
  CreatingApp_publishRoute: (
    _from: Kept & { readonly appID: Recorded<"access.apps", "id">; readonly recordID: Recorded<"dns.records", "id"> },
    _params: { readonly configVersion: number },
    ctx: Context,
  ): boolean => ctx.policyKnown && ctx.enabled,
  /** retry: from.reason !== "policy" || ctx.policyKnown */
  Failed_retry: (
    from: Kept & { readonly reason: "policy" | "quota" | "other"; readonly message: string },
    _params: {},
    ctx: Context,
  ): boolean => from.reason !== "policy" || ctx.policyKnown,
};

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

  /** → CreatingDns. */
  createRecord(params: { readonly recordID: Evidence<"dns.records", "id"> }, ctx: Context): CreatingDns {
    this.#leave("createRecord");
    return CreatingDns[KEY]({ ...entered(ctx), recordID: params.recordID });
  }

  /** → Failed. */
  fail(params: { readonly reason: "policy" | "quota" | "other"; readonly message: string }, ctx: Context): Failed {
    this.#leave("fail");
    return Failed[KEY]({ ...entered(ctx), reason: params.reason, message: params.message });
  }

  /** → RemovingRoute (deletionTimestamp). */
  delete(ctx: Context): RemovingRoute {
    this.#leave("delete");
    return RemovingRoute[KEY](entered(ctx));
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

/** The DNS record is there. */
export class CreatingDns {
  readonly phase = "CreatingDns";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly recordID: Recorded<"dns.records", "id">;
  #spent = false;

  private constructor(fields: Kept & { readonly recordID: Recorded<"dns.records", "id"> }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.recordID = fields.recordID;
    Object.freeze(this);
  }

  static [KEY](fields: Kept & { readonly recordID: Recorded<"dns.records", "id"> }): CreatingDns {
    return new CreatingDns(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → CreatingApp, if publishable. */
  createApp(
    params: { readonly appID: Evidence<"access.apps", "id"> },
    ctx: Context,
  ): CreatingApp | Refused<"CreatingDns", "publishable"> {
    this.#unspent("createApp");
    if (!guards.CreatingDns_createApp(this, params, ctx)) return new Refused(this.phase, "CreateApp", "publishable");
    this.#spent = true;
    return CreatingApp[KEY]({ ...entered(ctx), appID: params.appID, recordID: this.recordID });
  }

  /** → Failed. */
  fail(params: { readonly reason: "policy" | "quota" | "other"; readonly message: string }, ctx: Context): Failed {
    this.#leave("fail");
    return Failed[KEY]({ ...entered(ctx), reason: params.reason, message: params.message });
  }

  /** → RemovingRoute (deletionTimestamp). */
  delete(ctx: Context): RemovingRoute {
    this.#leave("delete");
    return RemovingRoute[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): CreatingDns {
    this.#leave("failed");
    return CreatingDns[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      recordID: this.recordID,
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

/** The access application is there, no route yet. */
export class CreatingApp {
  readonly phase = "CreatingApp";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly appID: Recorded<"access.apps", "id">;
  readonly recordID: Recorded<"dns.records", "id">;
  #spent = false;

  private constructor(
    fields: Kept & { readonly appID: Recorded<"access.apps", "id">; readonly recordID: Recorded<"dns.records", "id"> },
  ) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.appID = fields.appID;
    this.recordID = fields.recordID;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & { readonly appID: Recorded<"access.apps", "id">; readonly recordID: Recorded<"dns.records", "id"> },
  ): CreatingApp {
    return new CreatingApp(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Ready, if publishable. */
  publishRoute(
    params: { readonly configVersion: number },
    ctx: Context,
  ): Ready | Refused<"CreatingApp", "publishable"> {
    this.#unspent("publishRoute");
    if (!guards.CreatingApp_publishRoute(this, params, ctx))
      return new Refused(this.phase, "PublishRoute", "publishable");
    this.#spent = true;
    return Ready[KEY]({
      ...entered(ctx),
      appID: this.appID,
      recordID: this.recordID,
      configVersion: params.configVersion,
    });
  }

  /** → Failed. */
  fail(params: { readonly reason: "policy" | "quota" | "other"; readonly message: string }, ctx: Context): Failed {
    this.#leave("fail");
    return Failed[KEY]({ ...entered(ctx), reason: params.reason, message: params.message });
  }

  /** → RemovingRoute (deletionTimestamp). */
  delete(ctx: Context): RemovingRoute {
    this.#leave("delete");
    return RemovingRoute[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): CreatingApp {
    this.#leave("failed");
    return CreatingApp[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      appID: this.appID,
      recordID: this.recordID,
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

/** The state Ready. Flags: terminal. */
export class Ready {
  readonly phase = "Ready";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly appID: Recorded<"access.apps", "id">;
  readonly recordID: Recorded<"dns.records", "id">;
  readonly configVersion: number;
  #spent = false;

  private constructor(
    fields: Kept & {
      readonly appID: Recorded<"access.apps", "id">;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly configVersion: number;
    },
  ) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.appID = fields.appID;
    this.recordID = fields.recordID;
    this.configVersion = fields.configVersion;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & {
      readonly appID: Recorded<"access.apps", "id">;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly configVersion: number;
    },
  ): Ready {
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

  /** → RemovingRoute (deletionTimestamp). */
  delete(ctx: Context): RemovingRoute {
    this.#leave("delete");
    return RemovingRoute[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Ready {
    this.#leave("failed");
    return Ready[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      appID: this.appID,
      recordID: this.recordID,
      configVersion: this.configVersion,
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
  readonly reason: "policy" | "quota" | "other";
  readonly message: string;
  #spent = false;

  private constructor(fields: Kept & { readonly reason: "policy" | "quota" | "other"; readonly message: string }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.reason = fields.reason;
    this.message = fields.message;
    Object.freeze(this);
  }

  static [KEY](fields: Kept & { readonly reason: "policy" | "quota" | "other"; readonly message: string }): Failed {
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
    return Pending[KEY](entered(ctx));
  }

  /** → Pending (specChange). */
  respecify(ctx: Context): Pending {
    this.#leave("respecify");
    return Pending[KEY](entered(ctx));
  }

  /** → RemovingRoute (deletionTimestamp). */
  delete(ctx: Context): RemovingRoute {
    this.#leave("delete");
    return RemovingRoute[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): Failed {
    this.#leave("failed");
    return Failed[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      reason: this.reason,
      message: this.message,
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

/** The state RemovingRoute. Flags: deletion. */
export class RemovingRoute {
  readonly phase = "RemovingRoute";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): RemovingRoute {
    return new RemovingRoute(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → RemovingApp. */
  removeRoute(ctx: Context): RemovingApp {
    this.#leave("removeRoute");
    return RemovingApp[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): RemovingRoute {
    this.#leave("failed");
    return RemovingRoute[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The state RemovingApp. Flags: deletion. */
export class RemovingApp {
  readonly phase = "RemovingApp";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): RemovingApp {
    return new RemovingApp(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → RemovingDns. */
  removeApp(ctx: Context): RemovingDns {
    this.#leave("removeApp");
    return RemovingDns[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): RemovingApp {
    this.#leave("failed");
    return RemovingApp[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The state RemovingDns. Flags: deletion. */
export class RemovingDns {
  readonly phase = "RemovingDns";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): RemovingDns {
    return new RemovingDns(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Removed. */
  removeRecord(ctx: Context): Removed {
    this.#leave("removeRecord");
    return Removed[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): RemovingDns {
    this.#leave("failed");
    return RemovingDns[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The state Removed. Flags: terminal, deletion. */
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

  /** → RemovingRoute (deletionTimestamp). */
  delete(ctx: Context): RemovingRoute {
    this.#leave("delete");
    return RemovingRoute[KEY](entered(ctx));
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** Every state that a resource can be in: a Deployment. */
export type State =
  Pending | CreatingDns | CreatingApp | Ready | Failed | RemovingRoute | RemovingApp | RemovingDns | Removed | Unknown;

/** The names of the states. */
export type Phase = State["phase"];

/** One handler for each state. */
export type Handlers<R> = { readonly [S in State as S["phase"]]: (state: S) => R };

/** Calls the handler of a state. A handler that is missing does not compile. */
export function visit<R>(state: State, handlers: Handlers<R>): R {
  switch (state.phase) {
    case "Pending":
      return handlers.Pending(state);
    case "CreatingDns":
      return handlers.CreatingDns(state);
    case "CreatingApp":
      return handlers.CreatingApp(state);
    case "Ready":
      return handlers.Ready(state);
    case "Failed":
      return handlers.Failed(state);
    case "RemovingRoute":
      return handlers.RemovingRoute(state);
    case "RemovingApp":
      return handlers.RemovingApp(state);
    case "RemovingDns":
      return handlers.RemovingDns(state);
    case "Removed":
      return handlers.Removed(state);
    case "Unknown":
      return handlers.Unknown(state);
  }
}

const RULES = {
  Pending: {},
  CreatingDns: { recordID: { kind: "identifier" } },
  CreatingApp: { appID: { kind: "identifier" }, recordID: { kind: "identifier" } },
  Ready: { appID: { kind: "identifier" }, recordID: { kind: "identifier" }, configVersion: { kind: "integer" } },
  Failed: { reason: { kind: "enum", values: ["policy", "quota", "other"] }, message: { kind: "text" } },
  RemovingRoute: {},
  RemovingApp: {},
  RemovingDns: {},
  Removed: {},
} as const;

/** A state as the resource's status has it: flat, with times in RFC 3339. */
export type Status =
  | ({ readonly phase: "Pending"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "CreatingDns"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly recordID: Recorded<"dns.records", "id">;
    })
  | ({ readonly phase: "CreatingApp"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly appID: Recorded<"access.apps", "id">;
      readonly recordID: Recorded<"dns.records", "id">;
    })
  | ({ readonly phase: "Ready"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly appID: Recorded<"access.apps", "id">;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly configVersion: number;
    })
  | ({ readonly phase: "Failed"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly reason: "policy" | "quota" | "other";
      readonly message: string;
    })
  | ({ readonly phase: "RemovingRoute"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "RemovingApp"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "RemovingDns"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
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
    case "CreatingDns":
      return { ...kept, recordID: state.recordID };
    case "CreatingApp":
      return { ...kept, appID: state.appID, recordID: state.recordID };
    case "Ready":
      return { ...kept, appID: state.appID, recordID: state.recordID, configVersion: state.configVersion };
    case "Failed":
      return { ...kept, reason: state.reason, message: state.message };
    case "RemovingRoute":
      return { ...kept };
    case "RemovingApp":
      return { ...kept };
    case "RemovingDns":
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
    case "CreatingDns":
      return CreatingDns[KEY]({ ...kept, ...(read.fields as { readonly recordID: Recorded<"dns.records", "id"> }) });
    case "CreatingApp":
      return CreatingApp[KEY]({
        ...kept,
        ...(read.fields as {
          readonly appID: Recorded<"access.apps", "id">;
          readonly recordID: Recorded<"dns.records", "id">;
        }),
      });
    case "Ready":
      return Ready[KEY]({
        ...kept,
        ...(read.fields as {
          readonly appID: Recorded<"access.apps", "id">;
          readonly recordID: Recorded<"dns.records", "id">;
          readonly configVersion: number;
        }),
      });
    case "Failed":
      return Failed[KEY]({
        ...kept,
        ...(read.fields as { readonly reason: "policy" | "quota" | "other"; readonly message: string }),
      });
    case "RemovingRoute":
      return RemovingRoute[KEY](kept);
    case "RemovingApp":
      return RemovingApp[KEY](kept);
    case "RemovingDns":
      return RemovingDns[KEY](kept);
    case "Removed":
      return Removed[KEY](kept);
  }
}

/** Every state's flags. */
export const STATES = {
  Pending: { initial: true, terminal: false, error: false, deletion: false },
  CreatingDns: { initial: false, terminal: false, error: false, deletion: false },
  CreatingApp: { initial: false, terminal: false, error: false, deletion: false },
  Ready: { initial: false, terminal: true, error: false, deletion: false },
  Failed: { initial: false, terminal: false, error: true, deletion: false },
  RemovingRoute: { initial: false, terminal: false, error: false, deletion: true },
  RemovingApp: { initial: false, terminal: false, error: false, deletion: true },
  RemovingDns: { initial: false, terminal: false, error: false, deletion: true },
  Removed: { initial: false, terminal: true, error: false, deletion: true },
  Unknown: { initial: false, terminal: false, error: false, deletion: false },
} as const satisfies Record<Phase, unknown>;

/** Every transition. */
export const TRANSITIONS = [
  { from: "Pending", to: "CreatingDns", action: "CreateRecord" },
  { from: "CreatingDns", to: "CreatingApp", action: "CreateApp", guard: "publishable" },
  { from: "CreatingApp", to: "Ready", action: "PublishRoute", guard: "publishable" },
  { from: "Pending", to: "Failed", action: "Fail" },
  { from: "CreatingDns", to: "Failed", action: "Fail" },
  { from: "CreatingApp", to: "Failed", action: "Fail" },
  { from: "Failed", to: "Pending", action: "Retry", guard: "retry" },
  { from: "Ready", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "Failed", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "Ready", to: "Pending", action: "Repair", trigger: "drift" },
  { from: "Pending", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "CreatingDns", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "CreatingApp", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Ready", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Failed", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "RemovingRoute", to: "RemovingApp", action: "RemoveRoute" },
  { from: "RemovingApp", to: "RemovingDns", action: "RemoveApp" },
  { from: "RemovingDns", to: "Removed", action: "RemoveRecord" },
  { from: "Unknown", to: "Pending", action: "Restart" },
  { from: "Unknown", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
] as const satisfies readonly {
  readonly from: Phase;
  readonly to: Phase;
  readonly action: string;
  readonly trigger?: string;
  readonly guard?: string;
}[];

const REQUEUE_MS: { readonly [P in Phase]?: number } = {
  Pending: 30000,
  Ready: 600000,
  Failed: 300000,
};

/** When to look at a resource in this state again, in milliseconds; undefined where only events do. */
export const requeueAfterMs = ({ phase }: { readonly phase: Phase }): number | undefined => REQUEUE_MS[phase];

/** How failures are retried. */
export const RETRIES = { maxRetries: 8, initialMs: 1000, factor: 2, maxMs: 300000, jitter: 0.1 } as const;

/**
 * How long to wait after the failures that a state counts, in milliseconds; undefined when they are too many.
 * @param random a number in [0, 1)
 */
export const retryAfterMs = ({ attempts }: State, random: number): number | undefined =>
  retryDelayMs(RETRIES, attempts, random);

/** The machine's metrics, as an observer to be told; `nowMs` is the clock. */
export const metrics = (registry: Registry, nowMs: () => number): Observer<State> =>
  machineMetrics({ machine: "exposure", phases: Object.keys(STATES), registry, nowMs });
