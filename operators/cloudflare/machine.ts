// Generated from operators/cloudflare/machine.yaml by //operators/sextant; do not edit.
import type { Registry } from "prom-client";
import type { Evidence, Recorded } from "#lib/machine/evidence.ts";
import { machineMetrics } from "#lib/machine/metrics.ts";
import type { Observer } from "#lib/machine/observer.ts";
import { Refused, retryDelayMs, SpentStateError } from "#lib/machine/state.ts";
import { readStatus, writeTime } from "#lib/machine/status.ts";

const KEY: unique symbol = Symbol("cloudflare");

/** What transitions and guards see of the world: the clock, and what was observed. */
export interface Context {
  readonly nowMs: number;
  readonly admitted: boolean;
  readonly policyKnown: boolean;
  readonly finalizer: boolean;
  readonly clean: boolean;
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
  /** startable: It may be published, its finalizer is set, and nothing that it had elsewhere is left. */
  Pending_start: (_from: Kept, _params: { readonly hostname: string; readonly wish: string }, ctx: Context): boolean =>
    ctx.admitted && ctx.policyKnown && ctx.finalizer && ctx.clean,
  /** publishable: It may still be published, under a policy that exists. */
  CreatingDNS_createRecord: (
    _from: Kept & { readonly hostname: string; readonly wish: string },
    _params: { readonly recordID: Evidence<"dns.records", "id"> },
    ctx: Context,
  ): boolean => ctx.admitted && ctx.policyKnown && ctx.finalizer,
  /** publishable: It may still be published, under a policy that exists. */
  CreatingZTApp_createApp: (
    _from: Kept & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
    },
    _params: { readonly appID: Evidence<"access.apps", "id">; readonly audience: Evidence<"access.apps", "aud"> },
    ctx: Context,
  ): boolean => ctx.admitted && ctx.policyKnown && ctx.finalizer,
  /** publishable: It may still be published, under a policy that exists. */
  UpdatingConfig_publishRoute: (
    _from: Kept & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly appID: Recorded<"access.apps", "id">;
      readonly audience: Recorded<"access.apps", "aud">;
    },
    _params: { readonly configVersion: number },
    ctx: Context,
  ): boolean => ctx.admitted && ctx.policyKnown && ctx.finalizer,
  /** retry: ctx.admitted && ctx.policyKnown */
  Failed_retry: (
    _from: Kept & {
      readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
      readonly message: string;
    },
    _params: {},
    ctx: Context,
  ): boolean => ctx.admitted && ctx.policyKnown,
  /** removeRecord: ctx.gone */
  RemovingDNS_removeRecord: (_from: Kept, _params: {}, ctx: Context): boolean => ctx.gone,
};

/** What is not wanted any more is removed, and the finalizer is set. Flags: initial. */
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

  /** → CreatingDNS, if startable. */
  start(
    params: { readonly hostname: string; readonly wish: string },
    ctx: Context,
  ): CreatingDNS | Refused<"Pending", "startable"> {
    this.#unspent("start");
    if (!guards.Pending_start(this, params, ctx)) return new Refused(this.phase, "Start", "startable");
    this.#spent = true;
    return CreatingDNS[KEY]({ ...entered(ctx), hostname: params.hostname, wish: params.wish });
  }

  /** → Failed. */
  fail(
    params: {
      readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
      readonly message: string;
    },
    ctx: Context,
  ): Failed {
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

  #unspent(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
  }

  #leave(use: string): void {
    this.#unspent(use);
    this.#spent = true;
  }
}

/** The DNS record is being made. It leads to the tunnel, which has no route for it yet. */
export class CreatingDNS {
  readonly phase = "CreatingDNS";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly hostname: string;
  readonly wish: string;
  #spent = false;

  private constructor(fields: Kept & { readonly hostname: string; readonly wish: string }) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.hostname = fields.hostname;
    this.wish = fields.wish;
    Object.freeze(this);
  }

  static [KEY](fields: Kept & { readonly hostname: string; readonly wish: string }): CreatingDNS {
    return new CreatingDNS(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → CreatingZTApp, if publishable. */
  createRecord(
    params: { readonly recordID: Evidence<"dns.records", "id"> },
    ctx: Context,
  ): CreatingZTApp | Refused<"CreatingDNS", "publishable"> {
    this.#unspent("createRecord");
    if (!guards.CreatingDNS_createRecord(this, params, ctx))
      return new Refused(this.phase, "CreateRecord", "publishable");
    this.#spent = true;
    return CreatingZTApp[KEY]({ ...entered(ctx), hostname: this.hostname, wish: this.wish, recordID: params.recordID });
  }

  /** → Failed. */
  fail(
    params: {
      readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
      readonly message: string;
    },
    ctx: Context,
  ): Failed {
    this.#leave("fail");
    return Failed[KEY]({ ...entered(ctx), reason: params.reason, message: params.message });
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
  failed(): CreatingDNS {
    this.#leave("failed");
    return CreatingDNS[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      hostname: this.hostname,
      wish: this.wish,
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

/** The Access application is being made. */
export class CreatingZTApp {
  readonly phase = "CreatingZTApp";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly hostname: string;
  readonly wish: string;
  readonly recordID: Recorded<"dns.records", "id">;
  #spent = false;

  private constructor(
    fields: Kept & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
    },
  ) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.hostname = fields.hostname;
    this.wish = fields.wish;
    this.recordID = fields.recordID;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
    },
  ): CreatingZTApp {
    return new CreatingZTApp(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → UpdatingConfig, if publishable. */
  createApp(
    params: { readonly appID: Evidence<"access.apps", "id">; readonly audience: Evidence<"access.apps", "aud"> },
    ctx: Context,
  ): UpdatingConfig | Refused<"CreatingZTApp", "publishable"> {
    this.#unspent("createApp");
    if (!guards.CreatingZTApp_createApp(this, params, ctx)) return new Refused(this.phase, "CreateApp", "publishable");
    this.#spent = true;
    return UpdatingConfig[KEY]({
      ...entered(ctx),
      hostname: this.hostname,
      wish: this.wish,
      recordID: this.recordID,
      appID: params.appID,
      audience: params.audience,
    });
  }

  /** → Failed. */
  fail(
    params: {
      readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
      readonly message: string;
    },
    ctx: Context,
  ): Failed {
    this.#leave("fail");
    return Failed[KEY]({ ...entered(ctx), reason: params.reason, message: params.message });
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
  failed(): CreatingZTApp {
    this.#leave("failed");
    return CreatingZTApp[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      hostname: this.hostname,
      wish: this.wish,
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

/** The tunnel is getting its route. */
export class UpdatingConfig {
  readonly phase = "UpdatingConfig";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly hostname: string;
  readonly wish: string;
  readonly recordID: Recorded<"dns.records", "id">;
  readonly appID: Recorded<"access.apps", "id">;
  readonly audience: Recorded<"access.apps", "aud">;
  #spent = false;

  private constructor(
    fields: Kept & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly appID: Recorded<"access.apps", "id">;
      readonly audience: Recorded<"access.apps", "aud">;
    },
  ) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.hostname = fields.hostname;
    this.wish = fields.wish;
    this.recordID = fields.recordID;
    this.appID = fields.appID;
    this.audience = fields.audience;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly appID: Recorded<"access.apps", "id">;
      readonly audience: Recorded<"access.apps", "aud">;
    },
  ): UpdatingConfig {
    return new UpdatingConfig(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Ready, if publishable. */
  publishRoute(
    params: { readonly configVersion: number },
    ctx: Context,
  ): Ready | Refused<"UpdatingConfig", "publishable"> {
    this.#unspent("publishRoute");
    if (!guards.UpdatingConfig_publishRoute(this, params, ctx))
      return new Refused(this.phase, "PublishRoute", "publishable");
    this.#spent = true;
    return Ready[KEY]({
      ...entered(ctx),
      hostname: this.hostname,
      wish: this.wish,
      recordID: this.recordID,
      appID: this.appID,
      audience: this.audience,
      configVersion: params.configVersion,
    });
  }

  /** → Failed. */
  fail(
    params: {
      readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
      readonly message: string;
    },
    ctx: Context,
  ): Failed {
    this.#leave("fail");
    return Failed[KEY]({ ...entered(ctx), reason: params.reason, message: params.message });
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
  failed(): UpdatingConfig {
    this.#leave("failed");
    return UpdatingConfig[KEY]({
      stateEnteredAt: this.stateEnteredAt,
      attempts: this.attempts + 1,
      hostname: this.hostname,
      wish: this.wish,
      recordID: this.recordID,
      appID: this.appID,
      audience: this.audience,
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

/** Record, application and route are there. Flags: terminal. */
export class Ready {
  readonly phase = "Ready";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly hostname: string;
  readonly wish: string;
  readonly recordID: Recorded<"dns.records", "id">;
  readonly appID: Recorded<"access.apps", "id">;
  readonly audience: Recorded<"access.apps", "aud">;
  readonly configVersion: number;
  #spent = false;

  private constructor(
    fields: Kept & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly appID: Recorded<"access.apps", "id">;
      readonly audience: Recorded<"access.apps", "aud">;
      readonly configVersion: number;
    },
  ) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.hostname = fields.hostname;
    this.wish = fields.wish;
    this.recordID = fields.recordID;
    this.appID = fields.appID;
    this.audience = fields.audience;
    this.configVersion = fields.configVersion;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly appID: Recorded<"access.apps", "id">;
      readonly audience: Recorded<"access.apps", "aud">;
      readonly configVersion: number;
    },
  ): Ready {
    return new Ready(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Failed (specChange). */
  reject(
    params: {
      readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
      readonly message: string;
    },
    ctx: Context,
  ): Failed {
    this.#leave("reject");
    return Failed[KEY]({ ...entered(ctx), reason: params.reason, message: params.message });
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
      hostname: this.hostname,
      wish: this.wish,
      recordID: this.recordID,
      appID: this.appID,
      audience: this.audience,
      configVersion: this.configVersion,
    });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** It cannot be published as it is. Unless Cloudflare alone is at fault, nothing of it is there. Flags: error. */
export class Failed {
  readonly phase = "Failed";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
  readonly message: string;
  #spent = false;

  private constructor(
    fields: Kept & {
      readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
      readonly message: string;
    },
  ) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    this.reason = fields.reason;
    this.message = fields.message;
    Object.freeze(this);
  }

  static [KEY](
    fields: Kept & {
      readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
      readonly message: string;
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

  /** → RemovingZTApp. */
  removeRoute(ctx: Context): RemovingZTApp {
    this.#leave("removeRoute");
    return RemovingZTApp[KEY](entered(ctx));
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

/** The state RemovingZTApp. Flags: deletion. */
export class RemovingZTApp {
  readonly phase = "RemovingZTApp";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): RemovingZTApp {
    return new RemovingZTApp(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → RemovingDNS. */
  removeApp(ctx: Context): RemovingDNS {
    this.#leave("removeApp");
    return RemovingDNS[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): RemovingZTApp {
    this.#leave("failed");
    return RemovingZTApp[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
  }

  #leave(use: string): void {
    if (this.#spent) throw new SpentStateError(this.phase, use);
    this.#spent = true;
  }
}

/** The state RemovingDNS. Flags: deletion. */
export class RemovingDNS {
  readonly phase = "RemovingDNS";
  readonly stateEnteredAt: number;
  readonly attempts: number;
  #spent = false;

  private constructor(fields: Kept) {
    this.stateEnteredAt = fields.stateEnteredAt;
    this.attempts = fields.attempts;
    Object.freeze(this);
  }

  static [KEY](fields: Kept): RemovingDNS {
    return new RemovingDNS(fields);
  }

  /** Whether a transition has been taken from it. */
  get spent(): boolean {
    return this.#spent;
  }

  /** → Removed, if removeRecord. */
  removeRecord(ctx: Context): Removed | Refused<"RemovingDNS", "removeRecord"> {
    this.#unspent("removeRecord");
    if (!guards.RemovingDNS_removeRecord(this, {}, ctx)) return new Refused(this.phase, "RemoveRecord", "removeRecord");
    this.#spent = true;
    return Removed[KEY](entered(ctx));
  }

  /** The same state after one more failed attempt. */
  failed(): RemovingDNS {
    this.#leave("failed");
    return RemovingDNS[KEY]({ stateEnteredAt: this.stateEnteredAt, attempts: this.attempts + 1 });
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
  | Pending
  | CreatingDNS
  | CreatingZTApp
  | UpdatingConfig
  | Ready
  | Failed
  | RemovingRoute
  | RemovingZTApp
  | RemovingDNS
  | Removed
  | Unknown;

/** The names of the states. */
export type Phase = State["phase"];

/** One handler for each state. */
export type Handlers<R> = { readonly [S in State as S["phase"]]: (state: S) => R };

/** Calls the handler of a state. A handler that is missing does not compile. */
export function visit<R>(state: State, handlers: Handlers<R>): R {
  switch (state.phase) {
    case "Pending":
      return handlers.Pending(state);
    case "CreatingDNS":
      return handlers.CreatingDNS(state);
    case "CreatingZTApp":
      return handlers.CreatingZTApp(state);
    case "UpdatingConfig":
      return handlers.UpdatingConfig(state);
    case "Ready":
      return handlers.Ready(state);
    case "Failed":
      return handlers.Failed(state);
    case "RemovingRoute":
      return handlers.RemovingRoute(state);
    case "RemovingZTApp":
      return handlers.RemovingZTApp(state);
    case "RemovingDNS":
      return handlers.RemovingDNS(state);
    case "Removed":
      return handlers.Removed(state);
    case "Unknown":
      return handlers.Unknown(state);
  }
}

const RULES = {
  Pending: {},
  CreatingDNS: { hostname: { kind: "text" }, wish: { kind: "text" } },
  CreatingZTApp: { hostname: { kind: "text" }, wish: { kind: "text" }, recordID: { kind: "identifier" } },
  UpdatingConfig: {
    hostname: { kind: "text" },
    wish: { kind: "text" },
    recordID: { kind: "identifier" },
    appID: { kind: "identifier" },
    audience: { kind: "identifier" },
  },
  Ready: {
    hostname: { kind: "text" },
    wish: { kind: "text" },
    recordID: { kind: "identifier" },
    appID: { kind: "identifier" },
    audience: { kind: "identifier" },
    configVersion: { kind: "integer" },
  },
  Failed: {
    reason: { kind: "enum", values: ["invalid", "policy", "conflict", "unowned", "unavailable"] },
    message: { kind: "text" },
  },
  RemovingRoute: {},
  RemovingZTApp: {},
  RemovingDNS: {},
  Removed: {},
} as const;

/** A state as the resource's status has it: flat, with times in RFC 3339. */
export type Status =
  | ({ readonly phase: "Pending"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "CreatingDNS"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly hostname: string;
      readonly wish: string;
    })
  | ({ readonly phase: "CreatingZTApp"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
    })
  | ({ readonly phase: "UpdatingConfig"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly appID: Recorded<"access.apps", "id">;
      readonly audience: Recorded<"access.apps", "aud">;
    })
  | ({ readonly phase: "Ready"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly hostname: string;
      readonly wish: string;
      readonly recordID: Recorded<"dns.records", "id">;
      readonly appID: Recorded<"access.apps", "id">;
      readonly audience: Recorded<"access.apps", "aud">;
      readonly configVersion: number;
    })
  | ({ readonly phase: "Failed"; readonly stateEnteredAt: string; readonly attempts?: number } & {
      readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
      readonly message: string;
    })
  | ({ readonly phase: "RemovingRoute"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "RemovingZTApp"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
  | ({ readonly phase: "RemovingDNS"; readonly stateEnteredAt: string; readonly attempts?: number } & {})
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
    case "CreatingDNS":
      return { ...kept, hostname: state.hostname, wish: state.wish };
    case "CreatingZTApp":
      return { ...kept, hostname: state.hostname, wish: state.wish, recordID: state.recordID };
    case "UpdatingConfig":
      return {
        ...kept,
        hostname: state.hostname,
        wish: state.wish,
        recordID: state.recordID,
        appID: state.appID,
        audience: state.audience,
      };
    case "Ready":
      return {
        ...kept,
        hostname: state.hostname,
        wish: state.wish,
        recordID: state.recordID,
        appID: state.appID,
        audience: state.audience,
        configVersion: state.configVersion,
      };
    case "Failed":
      return { ...kept, reason: state.reason, message: state.message };
    case "RemovingRoute":
      return { ...kept };
    case "RemovingZTApp":
      return { ...kept };
    case "RemovingDNS":
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
    case "CreatingDNS":
      return CreatingDNS[KEY]({ ...kept, ...(read.fields as { readonly hostname: string; readonly wish: string }) });
    case "CreatingZTApp":
      return CreatingZTApp[KEY]({
        ...kept,
        ...(read.fields as {
          readonly hostname: string;
          readonly wish: string;
          readonly recordID: Recorded<"dns.records", "id">;
        }),
      });
    case "UpdatingConfig":
      return UpdatingConfig[KEY]({
        ...kept,
        ...(read.fields as {
          readonly hostname: string;
          readonly wish: string;
          readonly recordID: Recorded<"dns.records", "id">;
          readonly appID: Recorded<"access.apps", "id">;
          readonly audience: Recorded<"access.apps", "aud">;
        }),
      });
    case "Ready":
      return Ready[KEY]({
        ...kept,
        ...(read.fields as {
          readonly hostname: string;
          readonly wish: string;
          readonly recordID: Recorded<"dns.records", "id">;
          readonly appID: Recorded<"access.apps", "id">;
          readonly audience: Recorded<"access.apps", "aud">;
          readonly configVersion: number;
        }),
      });
    case "Failed":
      return Failed[KEY]({
        ...kept,
        ...(read.fields as {
          readonly reason: "invalid" | "policy" | "conflict" | "unowned" | "unavailable";
          readonly message: string;
        }),
      });
    case "RemovingRoute":
      return RemovingRoute[KEY](kept);
    case "RemovingZTApp":
      return RemovingZTApp[KEY](kept);
    case "RemovingDNS":
      return RemovingDNS[KEY](kept);
    case "Removed":
      return Removed[KEY](kept);
  }
}

/** Every state's flags. */
export const STATES = {
  Pending: { initial: true, terminal: false, error: false, deletion: false },
  CreatingDNS: { initial: false, terminal: false, error: false, deletion: false },
  CreatingZTApp: { initial: false, terminal: false, error: false, deletion: false },
  UpdatingConfig: { initial: false, terminal: false, error: false, deletion: false },
  Ready: { initial: false, terminal: true, error: false, deletion: false },
  Failed: { initial: false, terminal: false, error: true, deletion: false },
  RemovingRoute: { initial: false, terminal: false, error: false, deletion: true },
  RemovingZTApp: { initial: false, terminal: false, error: false, deletion: true },
  RemovingDNS: { initial: false, terminal: false, error: false, deletion: true },
  Removed: { initial: false, terminal: true, error: false, deletion: true },
  Unknown: { initial: false, terminal: false, error: false, deletion: false },
} as const satisfies Record<Phase, unknown>;

/** Every transition. */
export const TRANSITIONS = [
  { from: "Pending", to: "CreatingDNS", action: "Start", guard: "startable" },
  { from: "CreatingDNS", to: "CreatingZTApp", action: "CreateRecord", guard: "publishable" },
  { from: "CreatingZTApp", to: "UpdatingConfig", action: "CreateApp", guard: "publishable" },
  { from: "UpdatingConfig", to: "Ready", action: "PublishRoute", guard: "publishable" },
  { from: "Pending", to: "Failed", action: "Fail" },
  { from: "CreatingDNS", to: "Failed", action: "Fail" },
  { from: "CreatingZTApp", to: "Failed", action: "Fail" },
  { from: "UpdatingConfig", to: "Failed", action: "Fail" },
  { from: "Ready", to: "Failed", action: "Reject", trigger: "specChange" },
  { from: "Failed", to: "Pending", action: "Retry", guard: "retry" },
  { from: "CreatingDNS", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "CreatingZTApp", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "UpdatingConfig", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "Ready", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "Failed", to: "Pending", action: "Respecify", trigger: "specChange" },
  { from: "CreatingZTApp", to: "Pending", action: "Repair", trigger: "drift" },
  { from: "UpdatingConfig", to: "Pending", action: "Repair", trigger: "drift" },
  { from: "Ready", to: "Pending", action: "Repair", trigger: "drift" },
  { from: "Pending", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "CreatingDNS", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "CreatingZTApp", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "UpdatingConfig", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Ready", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "Failed", to: "RemovingRoute", action: "Delete", trigger: "deletionTimestamp" },
  { from: "RemovingRoute", to: "RemovingZTApp", action: "RemoveRoute" },
  { from: "RemovingZTApp", to: "RemovingDNS", action: "RemoveApp" },
  { from: "RemovingDNS", to: "Removed", action: "RemoveRecord", guard: "removeRecord" },
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
  Pending: 5000,
  CreatingDNS: 5000,
  CreatingZTApp: 5000,
  UpdatingConfig: 5000,
  Ready: 300000,
  Failed: 60000,
  RemovingRoute: 5000,
  RemovingZTApp: 5000,
  RemovingDNS: 5000,
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
  machineMetrics({ machine: "cloudflare", phases: Object.keys(STATES), registry, nowMs });
