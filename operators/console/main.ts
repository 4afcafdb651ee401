import { KubeConfig } from "@kubernetes/client-node";
import type { Deployment } from "#operators/cloudflare/deployment.ts";
import { httpServer } from "#lib/operator/http-api.ts";
import { deployments } from "#lib/operator/resources.ts";
import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { runService } from "#lib/service/run.ts";
import { connectCloudflare } from "./cloudflare.ts";
import { seed, watchCluster } from "./cluster.ts";
import { ConfigSchema } from "./config.ts";
import { Feed } from "./feed.ts";
import { watchOperator } from "./operator.ts";
import { perform, troubleAfter } from "./perform.ts";
import { buildServer } from "./server.ts";
import type { Snapshot } from "./snapshot.ts";
import { cloudflareView, machineView, viewOf } from "./views.ts";

await runService({
  name: "console",
  config: ConfigSchema,
  start: async ({ config, logger, signal, fail }) => {
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromFile(config.KUBECONFIG);
    const kubernetes = httpServer(kubeConfig, { userAgent: "console" });
    const feed = new Feed();
    const listeners = new Set<() => void>();
    const changed = () => {
      for (const listener of listeners) listener();
    };
    const lease = { namespace: config.LEASE_NAMESPACE, name: config.LEASE_NAME };
    const cluster = watchCluster(kubernetes, lease, feed, changed);
    const cloudflare = connectCloudflare(config.CLOUDFLARE_URL, feed, changed);
    const operator = watchOperator(config.OPERATOR_URL, config.LEASE_NAME, changed, config.HOMELAB_UP);
    let trouble: string | null = null;

    const snapshot = (): Snapshot => {
      const all = [...cluster.deployments()];
      const world = cloudflare.world();
      return {
        deployments: all
          .flatMap((deployment) => viewOf(deployment, Date.now()) ?? [])
          .sort((a, b) => a.key.localeCompare(b.key)),
        cloudflare: world === undefined ? null : cloudflareView(world, all),
        budget: cloudflare.budget(),
        operator: operator.view(cluster.lease()),
        trouble,
      };
    };
    const stage = { deployments: kubernetes.api<Deployment>(deployments), cloudflare, operator };
    const server = await buildServer({
      ...{ logger, feed, snapshot, machine: machineView, site: config.SITE },
      health: createHealth([]),
      metrics: createMetrics("console"),
      onChange: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      perform: async (action) => {
        const text = await perform(action, stage);
        const after = troubleAfter(action);
        if (after !== undefined) trouble = after;
        feed.add({ kind: "you", text });
        changed();
        return text;
      },
    });

    const running = [cluster.run(signal), cloudflare.run(signal), operator.run(signal)];
    Promise.all(running).catch(fail);
    if (await seed(kubernetes)) logger.info("made two Deployments to begin with");
    const url = await listen(server, config);
    logger.info({ url }, "listening");
    return async () => {
      await server.close();
      kubernetes.close();
    };
  },
});
