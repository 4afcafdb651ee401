import { rename, writeFile } from "node:fs/promises";
import { createHealth } from "#lib/service/health.ts";
import { createHttpServer, listen } from "#lib/service/http.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { runService } from "#lib/service/run.ts";
import { kubeConfig } from "#lib/testing/kubernetes-client.ts";
import { startKubernetes } from "#lib/testing/kubernetes.ts";
import { ConfigSchema } from "./config.ts";

await runService({
  name: "kubernetes",
  config: ConfigSchema,
  start: async ({ config, logger, signal, fail }) => {
    const ports = { server: config.SERVER_PORT, etcd: config.ETCD_PORT, peer: config.PEER_PORT };
    const plane = await startKubernetes({ folder: config.STATE_DIR, ports });
    plane.broken.catch((error: Error) => void (signal.aborted || fail(error)));
    await writePrivately(config.KUBECONFIG, kubeConfig(plane).exportConfig());
    const health = createHealth([]);
    const server = createHttpServer({ logger, health, metrics: createMetrics("kubernetes") });
    await listen(server, config);
    logger.info({ server: plane.server, kubeconfig: config.KUBECONFIG }, "ready");
    return async () => {
      await server.close();
      await plane.close();
    };
  },
});

async function writePrivately(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
