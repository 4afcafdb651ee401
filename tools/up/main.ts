import { platform } from "./parts.ts";
import { runUp } from "./program.ts";

process.exitCode = await runUp(platform);
