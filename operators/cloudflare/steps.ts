import type { Occurrence } from "#lib/operator/events.ts";
import { Refused } from "#lib/machine/state.ts";
import { isTransient } from "./api/errors.ts";
import {
  type Applied,
  deleteApps,
  describe,
  messageOf,
  publish,
  removeAll,
  withdraw,
  writeApps,
  writeRecords,
} from "./apply.ts";
import type { Claim } from "./claims.ts";
import { type Deployment, hasFinalizer } from "./deployment.ts";
import { type Context, type Failed, type Handlers, requeueAfterMs, retryAfterMs, type State } from "./machine.ts";
import { leftovers, type Plan, stepsOf } from "./plan.ts";
import type { Session } from "./session.ts";
import type { Wish } from "./wish.ts";
import { isOwnRecord } from "./world.ts";

/** What one step sees. */
export interface View {
  readonly key: string;
  readonly hash: string;
  readonly deployment: Deployment;
  readonly state: State;
  readonly claim: Claim;
  readonly plan: Plan;
  /** It is not wanted any more, or on its way out. */
  readonly leaving: boolean;
  readonly session: Session;
  readonly context: Context;
  readonly random: () => number;
  readonly onDrift: () => void;
  readonly onRefused: (action: string, guard: string) => void;
  readonly onFailed: (error: unknown) => void;
}

/** What a step came to. */
export type Outcome =
  /** A state to write down; then go on, or come back after `waitMs`. */
  | {
      readonly kind: "next";
      readonly state: State;
      readonly finalizer?: "set";
      readonly occurrence?: Occurrence;
      readonly waitMs?: number;
    }
  /** The world has changed: look again. */
  | { readonly kind: "again" }
  | { readonly kind: "wait"; readonly ms: number }
  /** Nothing is left: the finalizer and the state may go. */
  | { readonly kind: "gone" };

/** While another Deployment leaves the hostname, or its holder may change. */
const WAIT_MS = 5_000;
const again: Outcome = { kind: "again" };
const wait = (ms: number): Outcome => ({ kind: "wait", ms });

/** What is to be done in each state. */
export function steps(view: View): Handlers<Promise<Outcome>> {
  const { claim, plan, hash, session, context: ctx, leaving, deployment } = view;
  const wish = claim.kind === "held" ? claim.wish : undefined;
  const rejection = rejectionOf(view);
  const isRespecified = (state: { readonly hostname: string; readonly wish: string }): boolean =>
    wish === undefined || wish.hostname !== state.hostname || fingerprint(wish) !== state.wish;

  /** What holds in every state of work: leave when it is unwanted, fail when it cannot be, start anew when it is another wish. */
  const turn = (state: Extract<State, { readonly hostname: string }>): Outcome | undefined => {
    if (leaving) return { kind: "next", state: state.delete(ctx) };
    if (rejection !== undefined) return failing(state, rejection);
    if (isRespecified(state)) return { kind: "next", state: state.respecify(ctx) };
    return undefined;
  };
  const failing = (
    state: Extract<State, { readonly hostname: string }>,
    why: NonNullable<typeof rejection>,
  ): Outcome => ({
    kind: "next",
    state: state.phase === "Ready" ? state.reject(why, ctx) : state.fail(why, ctx),
    occurrence: warning("Rejected", "Publish", why.message),
  });

  return {
    Pending: async (state) => {
      if (leaving) return { kind: "next", state: state.delete(ctx) };
      if (rejection !== undefined)
        return {
          kind: "next",
          state: state.fail(rejection, ctx),
          occurrence: warning("Rejected", "Publish", rejection.message),
        };
      if (!hasFinalizer(deployment)) return { kind: "next", state, finalizer: "set" };
      if (leftovers(plan) > 0)
        return after(await removeAll(plan, hash, session), state, view, "remove what is not wanted");
      if (plan.waitingFor !== undefined) return wait(WAIT_MS);
      const { hostname } = wish!;
      return taken(state.start({ hostname, wish: fingerprint(wish!) }, ctx), view);
    },
    CreatingDNS: async (state) => {
      const turned = turn(state);
      if (turned !== undefined) return turned;
      if (leftovers(plan) > 0) return { kind: "next", state: state.respecify(ctx) };
      if (plan.waitingFor !== undefined) return { kind: "next", state: state.respecify(ctx) };
      if (plan.records.length > 0)
        return after(await writeRecords(plan.records, hash, session), state, view, "write records");
      const { world } = session.observation;
      const found = world
        .recordsAt(state.hostname)
        .find(({ record }) => record.type === "CNAME" && isOwnRecord(world.identity, record));
      return found === undefined ? again : taken(state.createRecord({ recordID: found.record.id }, ctx), view);
    },
    CreatingZTApp: async (state) => {
      const turned = turn(state);
      if (turned !== undefined) return turned;
      if (leftovers(plan) + plan.records.length > 0) return { kind: "next", state: state.repair(ctx) };
      if (plan.apps.length > 0)
        return after(await writeApps(plan, hash, session), state, view, "write the application");
      const known = session.observation.world.appAt(state.hostname)!;
      return taken(state.createApp({ appID: known.app.id, audience: known.app.aud }, ctx), view);
    },
    UpdatingConfig: async (state) => {
      const turned = turn(state);
      if (turned !== undefined) return turned;
      const known = session.observation.world.appAt(state.hostname);
      if (leftovers(plan) + plan.records.length + plan.apps.length > 0 || known?.app.id !== state.appID)
        return { kind: "next", state: state.repair(ctx) };
      const waiting = await sure(state.hostname, session);
      if (waiting !== undefined && !known.proven) return waiting;
      const published = await publish(plan, state.hostname, session);
      if (published.kind !== "done" || plan.routes.length > 0) return after(published, state, view, "write the tunnel");
      const { version } = session.observation.world.configuration;
      const occurrence = normal(
        "Published",
        "Publish",
        `https://${state.hostname} leads to ${wish!.service}, behind the policy ${wish!.policy}.`,
      );
      return taken(state.publishRoute({ configVersion: version }, ctx), view, occurrence);
    },
    Ready: async (state) => {
      const turned = turn(state);
      if (turned !== undefined) return turned;
      const planned = stepsOf(plan);
      if (planned.length > 0 || plan.waitingFor !== undefined) {
        view.onDrift();
        const note = `Not as it was made any more; now: ${planned.map(describe).join(", ")}.`;
        return { kind: "next", state: state.repair(ctx), occurrence: warning("Drifted", "Repair", note) };
      }
      return (await sure(state.hostname, session)) ?? wait(jittered(requeueAfterMs(state)!, view.random()));
    },
    Failed: async (state) => {
      if (leaving) return { kind: "next", state: state.delete(ctx) };
      if (leftovers(plan) > 0 && state.reason !== "unavailable") {
        const removed = await removeAll(plan, hash, session);
        if (removed.kind !== "failed") return removed.kind === "done" ? again : wait(removed.ms);
        view.onFailed(removed.error);
      }
      const dueMs = state.stateEnteredAt + requeueAfterMs(state)! - ctx.nowMs;
      if (rejection !== undefined)
        return rejection.message === state.message && rejection.reason === state.reason
          ? wait(WAIT_MS)
          : { kind: "next", state: state.respecify(ctx) };
      if (state.reason === "unavailable" && dueMs > 0) return wait(dueMs);
      return taken(state.retry(ctx), view);
    },
    RemovingRoute: async (state) => {
      if (plan.withdraw.length > 0) return after(await withdraw(plan, session), state, view, "withdraw the route");
      return { kind: "next", state: state.removeRoute(ctx) };
    },
    RemovingZTApp: async (state) => {
      if (plan.withdraw.length > 0) return after(await withdraw(plan, session), state, view, "withdraw the route");
      if (plan.deleteApps.length > 0)
        return after(await deleteApps(plan, hash, session), state, view, "delete the application");
      return { kind: "next", state: state.removeApp(ctx) };
    },
    RemovingDNS: async (state) => {
      if (leftovers(plan) > 0) return after(await removeAll(plan, hash, session), state, view, "delete records");
      const { observation, signal } = session;
      const settlesInMs = await observation.settle({ signal });
      if (settlesInMs > 0) return wait(settlesInMs);
      for (const hostname of observation.doubtsOf(hash)) {
        const waiting = await sure(hostname, session);
        if (waiting !== undefined) return waiting;
      }
      return ctx.gone ? taken(state.removeRecord(ctx), view) : again;
    },
    Removed: async () =>
      leftovers(plan) > 0
        ? after(await removeAll(plan, hash, session), undefined, view, "remove the rest")
        : { kind: "gone" },
    Unknown: async (state) => ({ kind: "next", state: leaving ? state.delete(ctx) : state.restart(ctx) }),
  };
}

/** Stands for all that a Deployment asks for. */
export const fingerprint = ({ hostname, policy, service }: Wish): string => [hostname, service, policy].join(" ");

/** Looks at a hostname where the end of a write is not known; says to wait until that tells for sure. */
async function sure(hostname: string, { observation, signal }: Session): Promise<Outcome | undefined> {
  const ms = observation.doubtfulForMs(hostname);
  if (ms === undefined) return undefined;
  if (ms > 0) return wait(ms);
  await observation.look(hostname, { signal });
  return again;
}

function rejectionOf({
  claim,
  plan,
}: View): { readonly reason: Failed["reason"]; readonly message: string } | undefined {
  if (claim.kind === "rejected") return claim.rejection;
  return plan.refused === undefined ? undefined : { reason: "unowned", message: plan.refused };
}

/** What follows a part of the plan that was carried out, or was not. */
function after(
  applied: Applied,
  state: Exclude<State, { phase: "Removed" | "Unknown" | "Ready" | "Failed" }> | undefined,
  view: View,
  what: string,
): Outcome {
  if (applied.kind === "done") return again;
  if (applied.kind === "wait") return wait(applied.ms);
  const { error } = applied;
  view.onFailed(error);
  if (error.kind === "Throttled") return wait(error.retryAfterMs);
  if (state === undefined) return wait(WAIT_MS);
  const message = messageOf(`${view.key}: ${what}`, error);
  const delayMs = isTransient(error) || error.kind !== "Invalid" ? retryAfterMs(state, view.random()) : undefined;
  if (delayMs !== undefined || !("fail" in state))
    return {
      kind: "next",
      state: state.failed(),
      occurrence: warning("Retrying", "Publish", message),
      waitMs: delayMs ?? requeueAfterMs(state)!,
    };
  return {
    kind: "next",
    state: state.fail({ reason: "unavailable", message }, view.context),
    occurrence: warning("Failed", "Publish", message),
  };
}

function taken(next: State | Refused<string, string>, view: View, occurrence?: Occurrence): Outcome {
  if (!(next instanceof Refused)) return { kind: "next", state: next, ...(occurrence && { occurrence }) };
  view.onRefused(next.action, next.guard);
  return wait(WAIT_MS);
}

/** Drift is looked for at different times for different Deployments. */
const jittered = (ms: number, random: number): number => ms * (0.9 + random / 5);

const normal = (reason: string, action: string, note: string): Occurrence => ({ type: "Normal", reason, action, note });
const warning = (reason: string, action: string, note: string): Occurrence => ({
  type: "Warning",
  reason,
  action,
  note,
});
