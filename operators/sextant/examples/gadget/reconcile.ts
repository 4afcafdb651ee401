import { driveMachine, type Next, type Sight } from "#lib/machine/driver/driver.ts";
import type { Observer } from "#lib/machine/observer.ts";
import type { Clock } from "#lib/operator/clock.ts";
import type { Reconcile } from "#lib/operator/reconcile.ts";
import { type Item, type Items, ItemsError } from "./api.ts";
import * as machine from "./machine.ts";
import { FINALIZER, type Gadget, sizeOf } from "./resource.ts";

/** What reconciliation needs. */
export interface ReconcileOptions {
  readonly items: Items;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly observer: Observer<machine.State>;
}

/** Makes the reconciliation of Gadgets: one transition each time, written to the status. */
export const createReconcile = ({ items, ...surroundings }: ReconcileOptions): Reconcile<Gadget> =>
  driveMachine<machine.State, Gadget>({
    ...surroundings,
    machine,
    fieldManager: "gadget-operator",
    finalizer: FINALIZER,
    step: (state, sight) => step(state, sight, items),
    isFailure: (error) => error instanceof ItemsError,
    giveUp: (state, { message }, nowMs) =>
      "fail" in state ? state.fail({ message }, contextOf(undefined, 0, nowMs)) : undefined,
  });

/** What guards see. */
const contextOf = (item: Item | undefined, size: number, nowMs: number): machine.Context => ({
  nowMs,
  ready: item !== undefined && item.size === size && item.ready,
  gone: item === undefined,
});

/** Observes, acts, and takes the transition that fits. */
async function step(
  state: machine.State,
  { object, owner, leaving, nowMs, fence, signal }: Sight<Gadget>,
  items: Items,
): Promise<Next<machine.State>> {
  const size = sizeOf(object);
  const item = await items.read(owner, signal);
  const ctx = contextOf(item, size, nowMs);
  return await machine.visit<Next<machine.State> | Promise<Next<machine.State>>>(state, {
    Pending: async (pending) => {
      if (leaving) return pending.delete(ctx);
      await fence.check();
      const { id } = await items.put(owner, size, signal);
      return pending.order({ requestID: id }, ctx);
    },
    Creating: (creating) => {
      if (leaving) return creating.delete(ctx);
      return item?.size === size ? creating.complete(ctx) : creating.respecify(ctx);
    },
    Ready: (ready) => {
      if (leaving) return ready.delete(ctx);
      if (ctx.ready) return ready;
      return ctx.gone ? ready.repair(ctx) : ready.respecify(ctx);
    },
    Failed: (failed) => {
      if (leaving) return failed.delete(ctx);
      return nowMs < failed.stateEnteredAt + machine.requeueAfterMs(failed)! ? failed : failed.retry(ctx);
    },
    Removing: async (removing) => {
      if (ctx.gone) return removing.remove(ctx);
      await fence.check();
      await items.remove(owner, signal);
      return removing;
    },
    Removed: (removed) => removed,
    Unknown: (unknown) => (leaving ? unknown.delete(ctx) : unknown.restart(ctx)),
  });
}
