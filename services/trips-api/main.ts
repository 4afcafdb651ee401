import { runService } from "#lib/service/run.ts";
import { ConfigSchema } from "./config.ts";
import { startService } from "./service.ts";

await runService({
  name: "trips-api",
  config: ConfigSchema,
  start: async (context) => (await startService(context)).close,
});
