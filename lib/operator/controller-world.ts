import type { V1ConfigMap } from "@kubernetes/client-node";
import { Registry } from "prom-client";
import { createController, type Controller } from "./controller.ts";
import { fakeServer } from "./fake/server.ts";
import type { FakeServer } from "./fake/types.ts";
import { type Fence, noFence } from "./fence.ts";
import { kitMetrics } from "./metrics.ts";
import type { Live } from "./object.ts";
import type { ControllerOptions } from "./options.ts";
import type { Reconcile } from "./reconcile.ts";
import { configMaps } from "./resources.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

/** What the controller under test reconciles. */
export type ConfigMap = Live<V1ConfigMap>;
/** A place in the namespace `default`. */
export const named = (name: string) => ({ namespace: "default", name });

/** A controller that leads on a fake server, in virtual time. */
export interface World {
  readonly clock: VirtualClock;
  readonly server: FakeServer;
  readonly controller: Controller<ConfigMap>;
  readonly registry: Registry;
  /** Aborts the fence. */
  readonly fence: AbortController;
  readonly leading: Promise<void>;
  /** The value of a metric with these labels. */
  metric(name: string, labels?: Record<string, string>): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a controller called `maps`, with these config maps on its server.
 * @param options.check is asked by the fence in place of one that lets everything through
 */
export function world(
  names: readonly string[],
  reconcile: Reconcile<ConfigMap>,
  { check, ...options }: Partial<ControllerOptions<ConfigMap>> & { readonly check?: Fence["check"] } = {},
): World {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  for (const name of names) server.user.create(configMaps, named(name), {});
  const registry = new Registry();
  const controller = createController<ConfigMap>(
    { name: "maps", api: server.api<ConfigMap>(configMaps), reconcile, ...options },
    { clock, random: () => 0, metrics: kitMetrics(registry) },
  );
  const ending = new AbortController();
  const fence = new AbortController();
  const caching = clock.sleep(0).then(() => controller.keepCache(ending.signal));
  const leading = controller.lead({ ...noFence(fence.signal), ...(check ? { check } : {}) }, ending.signal);
  leading.catch(() => {});
  return {
    clock,
    server,
    controller,
    registry,
    fence,
    leading,
    metric: async (name, labels = {}) => {
      const { values } = await registry.getSingleMetric(name)!.get();
      const wanted = Object.entries({ controller: "maps", ...labels });
      return values.find((one) => wanted.every(([label, value]) => one.labels[label as never] === value))?.value ?? NaN;
    },
    stop: async () => {
      ending.abort();
      await clock.resolve("stopped", Promise.all([caching, leading]), 60_000);
    },
  };
}
