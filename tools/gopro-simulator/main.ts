import { runService } from "#lib/service/run.ts";
import { ConfigSchema } from "./config.ts";
import { startSimulator } from "./simulator.ts";

await runService({
  name: "gopro-simulator",
  config: ConfigSchema,
  start: async ({ config, logger }) => (await startSimulator(config, logger)).close,
});
