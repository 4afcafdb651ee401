import type { KubeApi } from "#lib/operator/api.ts";
import { type Controller, createController } from "#lib/operator/controller.ts";
import type { Recorder } from "#lib/operator/events.ts";
import type { Fence } from "#lib/operator/fence.ts";
import { keyOf } from "#lib/operator/object.ts";
import type { ControllerOptions, Surroundings } from "#lib/operator/options.ts";
import type { Observer } from "#lib/machine/observer.ts";
import { indexes } from "./claims.ts";
import { annotations, type Deployment, project } from "./deployment.ts";
import type { State } from "./machine.ts";
import { createPass } from "./pass.ts";
import { createReconcile, type Hearing } from "./reconcile.ts";
import { type SessionOptions, sessions, type Settings } from "./session.ts";
import { concerns } from "./wish.ts";

/** What an operator is made of. */
export interface OperatorOptions extends Pick<SessionOptions, "cloudflare" | "onRoutes"> {
  readonly deployments: KubeApi<Deployment>;
  readonly settings: Settings;
  /** Between two passes over all of Cloudflare, which find what was changed there by hand. */
  readonly passMs: number;
  readonly surroundings: Surroundings;
  readonly recorder: Recorder;
  readonly observer?: Observer<State>;
  readonly hearing?: Hearing;
  /** A pass failed; the next one comes as always. */
  readonly onPassFailed?: (error: unknown) => void;
}

/** An operator: keeps its cache in every replica, and works while it leads. */
export interface CloudflareOperator {
  readonly controller: Controller<Deployment>;
  /** The passes; to be run beside the controller, while it leads. */
  whileLeading(fence: Fence, signal: AbortSignal): Promise<void>;
  /** Both, until the signal is aborted or the fence is lost. */
  lead(fence: Fence, signal: AbortSignal): Promise<void>;
}

/** So many Deployments wait for Cloudflare at once: their records share batches. */
const WORKERS = 256;

/** Makes an operator. */
export function createOperator(options: OperatorOptions): CloudflareOperator {
  const { settings, surroundings, recorder, observer, hearing } = options;
  const { clock, random } = surroundings;
  const session = sessions({ ...options, clock });
  const controller = createController<Deployment>(
    {
      ...controllerOptions(options.deployments),
      reconcile: createReconcile({
        session,
        settings,
        clock,
        random,
        recorder,
        ...(observer && { observer }),
        ...(hearing && { hearing }),
      }),
    },
    surroundings,
  );
  const pass = createPass({ settings, controller, ...(hearing && { hearing }) });
  const passes = async (fence: Fence, signal: AbortSignal): Promise<void> => {
    while (await clock.sleep(options.passMs * (0.9 + random() / 5), signal)) {
      try {
        if (controller.synced) await pass(await session(fence, controller.cache));
      } catch (error) {
        if (!signal.aborted) options.onPassFailed?.(error);
      }
    }
    // Whoever leads now tells where Deployments are.
    for (const { metadata } of controller.cache.values()) observer?.removed(keyOf(metadata));
  };
  return {
    controller,
    whileLeading: passes,
    lead: async (fence, signal) => {
      const ending = AbortSignal.any([signal, fence.signal]);
      await Promise.all([controller.lead(fence, signal), passes(fence, ending)]);
    },
  };
}

/** What the operator's cache and queue need of Deployments. */
export function controllerOptions(api: KubeApi<Deployment>): Omit<ControllerOptions<Deployment>, "reconcile"> {
  return {
    name: "cloudflare",
    api,
    project,
    indexes,
    workers: WORKERS,
    relevant: (before, after) =>
      (before !== undefined && concerns(before)) !== concerns(after) || changed(before, after),
  };
}

/** Whether a change is more than a rollout's: the status of a Deployment changes often, and does not matter here. */
function changed(before: Deployment | undefined, after: Deployment): boolean {
  if (!concerns(after)) return false;
  const ours = (one: Deployment | undefined) => {
    const { [annotations.state]: _, ...wish } = one?.metadata.annotations ?? {};
    return JSON.stringify([one?.metadata.uid, one?.metadata.deletionTimestamp, one?.metadata.finalizers, wish]);
  };
  const removedState = !(annotations.state in (after.metadata.annotations ?? {}));
  return removedState || ours(before) !== ours(after);
}
