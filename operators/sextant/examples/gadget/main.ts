import { randomUUID } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import { systemClock } from "#lib/operator/clock.ts";
import { httpServer } from "#lib/operator/http-api.ts";
import type { Lease } from "#lib/operator/lease.ts";
import { cacheParts, startOperator } from "#lib/operator/manager.ts";
import { kitMetrics } from "#lib/operator/metrics.ts";
import { leases } from "#lib/operator/resources.ts";
import { createHealth } from "#lib/service/health.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { runService } from "#lib/service/run.ts";
import { httpItems } from "./api.ts";
import { ConfigSchema } from "./config.ts";
import { metrics as machineMetrics } from "./machine.ts";
import { createOperator } from "./operator.ts";

await runService({
  name: "gadget-operator",
  config: ConfigSchema,
  deadlineMs: 40_000,
  start: async ({ config, logger, fail }) => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromDefault();
    const server = httpServer(kubeConfig, { userAgent: "gadget-operator" });
    const clock = systemClock();
    const registry = createMetrics("gadget-operator");
    const surroundings = { clock, random: Math.random, metrics: kitMetrics(registry), logger };
    const controller = createOperator({
      server,
      items: httpItems(config.API_URL),
      observer: machineMetrics(registry, clock.nowMs),
      surroundings,
    });
    const lease = { namespace: config.LEASE_NAMESPACE ?? "", name: "gadget-operator" };
    const identity = `${config.POD_NAME}_${randomUUID()}`;
    const operator = await startOperator({
      ...surroundings,
      name: "gadget-operator",
      controllers: [controller],
      health: createHealth(cacheParts([controller])),
      registry,
      address: config,
      ...(config.LEASE_NAMESPACE !== undefined && {
        election: { api: server.api<Lease>(leases), lease, identity, random: Math.random },
      }),
    });
    operator.ended.catch(fail);
    logger.info({ url: operator.url }, "started");
    return async () => {
      await operator.close();
      server.close();
    };
  },
});
