import { runUp } from "#tools/up/program.ts";
import { operators } from "./parts.ts";

process.exitCode = await runUp(operators);
