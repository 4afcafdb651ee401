import { deleteApps, describe, publish, removeAll, withdraw, writeApps, writeRecords } from "./apply.ts";
import { hasFinalizer } from "./deployment.ts";
import { type Failed, type Handlers, requeueAfterMs, type State } from "./machine.ts";
import { after, again, next, normal, type Outcome, sure, taken, type View, wait, WAIT_MS, warning } from "./outcome.ts";
import { leftovers, type Plan, stepsOf } from "./plan.ts";
import type { Wish } from "./wish.ts";
import { isOwnRecord } from "./world.ts";

/** A state of a Deployment that is published, or on its way there. */
type Working = Extract<State, { readonly hostname: string }>;

/** What is to be done in each state. */
export function steps(view: View): Handlers<Promise<Outcome>> {
  const { claim, plan, hash, session, context: ctx, leaving, deployment } = view;
  const { observation } = session;
  const { world } = observation;
  const wish = claim.kind === "held" ? claim.wish : undefined;
  const rejection = rejectionOf(view);

  /** What holds in every state of work: leave when it is unwanted, fail when it cannot be, start anew when it is another wish. */
  const turn = (state: Working): Outcome | undefined => {
    if (leaving) return next(state.delete(ctx));
    if (rejection !== undefined)
      return next(
        state.phase === "Ready" ? state.reject(rejection, ctx) : state.fail(rejection, ctx),
        warning("Rejected", "Publish", rejection.message),
      );
    return isRespecified(state, wish) || !hasFinalizer(deployment) ? next(state.respecify(ctx)) : undefined;
  };
  /** Whether what was done in states before has come undone, or the hostname is another's again. */
  const hasSlipped = (undone: number): boolean => leftovers(plan) + undone > 0 || plan.waitingFor !== undefined;

  return {
    Pending: async (state) => {
      if (leaving) return next(state.delete(ctx));
      if (rejection !== undefined)
        return next(state.fail(rejection, ctx), warning("Rejected", "Publish", rejection.message));
      if (!hasFinalizer(deployment)) return { kind: "next", state, finalizer: "set" };
      if (leftovers(plan) > 0)
        return after(await removeAll(plan, hash, session), state, view, "remove what is not wanted");
      if (plan.waitingFor !== undefined) return wait(WAIT_MS);
      return taken(state.start({ hostname: wish!.hostname, wish: fingerprint(wish!) }, ctx), view);
    },
    CreatingDNS: async (state) => {
      const turned = turn(state);
      if (turned !== undefined) return turned;
      if (hasSlipped(0)) return next(state.respecify(ctx));
      if (plan.records.length > 0)
        return after(await writeRecords(plan.records, hash, session), state, view, "write records");
      const found = world
        .recordsAt(state.hostname)
        .find(({ record }) => record.type === "CNAME" && isOwnRecord(world.identity, record))!;
      return taken(state.createRecord({ recordID: found.record.id }, ctx), view);
    },
    CreatingZTApp: async (state) => {
      const turned = turn(state);
      if (turned !== undefined) return turned;
      if (hasSlipped(plan.records.length)) return next(state.repair(ctx));
      if (plan.apps.length > 0)
        return after(await writeApps(plan, hash, session), state, view, "write the application");
      const { app } = world.appAt(state.hostname)!;
      return taken(state.createApp({ appID: app.id, audience: app.aud }, ctx), view);
    },
    UpdatingConfig: async (state) => {
      const turned = turn(state);
      if (turned !== undefined) return turned;
      const known = world.appAt(state.hostname);
      if (hasSlipped(plan.records.length + plan.apps.length) || known?.app.id !== state.appID)
        return next(state.repair(ctx));
      const waiting = known.proven ? undefined : await sure(state.hostname, session);
      if (waiting !== undefined) return waiting;
      const published = await publish(plan, state.hostname, session);
      if (published.kind !== "done" || plan.routes.length > 0) return after(published, state, view, "write the tunnel");
      const { hostname } = state;
      return taken(
        state.publishRoute({ configVersion: world.configuration.version }, ctx),
        view,
        normal(
          "Published",
          "Publish",
          `https://${hostname} leads to ${wish!.service}, behind the policy ${wish!.policy}.`,
        ),
      );
    },
    Ready: async (state) => {
      const turned = turn(state);
      if (turned !== undefined) return turned;
      if (stepsOf(plan).length > 0 || plan.waitingFor !== undefined) {
        const settlesInMs = observation.settled ? undefined : await observation.settle({ signal: session.signal });
        if (settlesInMs !== undefined) return settlesInMs > 0 ? wait(settlesInMs) : again;
        view.onDrift();
        return next(state.repair(ctx), warning("Drifted", "Repair", driftNote(plan)));
      }
      return (await sure(state.hostname, session)) ?? wait(jittered(requeueAfterMs(state)!, view.random()));
    },
    Failed: async (state) => {
      if (leaving) return next(state.delete(ctx));
      if (leftovers(plan) > 0 && state.reason !== "unavailable") {
        const removed = await removeAll(plan, hash, session);
        if (removed.kind !== "failed") return removed.kind === "done" ? again : wait(removed.ms);
        view.onFailed(removed.error);
      }
      if (rejection !== undefined)
        return rejection.message === state.message && rejection.reason === state.reason
          ? wait(WAIT_MS)
          : next(state.respecify(ctx));
      const dueMs = state.stateEnteredAt + requeueAfterMs(state)! - ctx.nowMs;
      return state.reason === "unavailable" && dueMs > 0 ? wait(dueMs) : taken(state.retry(ctx), view);
    },
    RemovingRoute: async (state) => {
      if (plan.withdraw.length > 0) return after(await withdraw(plan, session), state, view, "withdraw the route");
      return next(state.removeRoute(ctx));
    },
    RemovingZTApp: async (state) => {
      if (plan.withdraw.length > 0) return after(await withdraw(plan, session), state, view, "withdraw the route");
      if (plan.deleteApps.length > 0)
        return after(await deleteApps(plan, hash, session), state, view, "delete the application");
      return next(state.removeApp(ctx));
    },
    RemovingDNS: async (state) => {
      if (leftovers(plan) > 0) return after(await removeAll(plan, hash, session), state, view, "delete records");
      if (ctx.gone) return taken(state.removeRecord(ctx), view);
      const settlesInMs = await observation.settle({ signal: session.signal });
      if (settlesInMs > 0) return wait(settlesInMs);
      const [hostname] = observation.doubtsOf(hash);
      return (hostname === undefined ? undefined : await sure(hostname, session)) ?? again;
    },
    Removed: async () =>
      leftovers(plan) > 0
        ? after(await removeAll(plan, hash, session), undefined, view, "remove the rest")
        : { kind: "gone" },
    Unknown: async (state) => next(leaving ? state.delete(ctx) : state.restart(ctx)),
  };
}

/** Stands for all that a Deployment asks for. */
const fingerprint = ({ hostname, policy, service }: Wish): string => [hostname, service, policy].join(" ");

const isRespecified = (state: Working, wish: Wish | undefined): boolean =>
  wish === undefined || wish.hostname !== state.hostname || fingerprint(wish) !== state.wish;

function rejectionOf({
  claim,
  plan,
}: View): { readonly reason: Failed["reason"]; readonly message: string } | undefined {
  if (claim.kind === "rejected") return claim.rejection;
  return plan.refused === undefined ? undefined : { reason: "unowned", message: plan.refused };
}

function driftNote(plan: Plan): string {
  const planned = stepsOf(plan).map(describe);
  if (planned.length === 0) return `Marked as the Deployment ${plan.waitingFor}'s; made anew when that has left.`;
  return `Not as it was made any more; now: ${planned.join(", ")}.`;
}

/** Drift is looked for at different times for different Deployments. */
const jittered = (ms: number, random: number): number => ms * (0.9 + random / 5);
