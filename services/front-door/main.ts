import { createHealth } from "#lib/service/health.ts";
import { listen } from "#lib/service/http.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { runService } from "#lib/service/run.ts";

import { ConfigSchema, parseSystems } from "./config.ts";
import { buildServer } from "./server.ts";

await runService({
  name: "front-door",
  config: ConfigSchema,
  start: async ({ config, logger }) => {
    const systems = parseSystems(config.SYSTEMS);
    const server = await buildServer({
      systems,
      logger,
      health: createHealth([]),
      metrics: createMetrics("front-door"),
    });
    const url = await listen(server, config);
    logger.info({ url, systems: systems.map(({ name }) => name) }, "listening");
    return () => server.close();
  },
});
