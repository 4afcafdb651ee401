/**
 * Brings a semgrep.lock.json up to date, or checks the files that it names:
 *
 *   main.ts LOCK [--engine VERSION]       LOCK is relative to the repository under `bazel run`
 *   main.ts --check LOCK                  status 1 when a file is not what the lock says
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "../engine/command.ts";
import { originsOf } from "./origins.ts";
import { faultsOf, update } from "./update.ts";

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: "boolean" }, engine: { type: "string" } },
  });
  const [lock, ...rest] = positionals;
  if (lock === undefined || rest.length > 0) {
    throw new Refusal(`expected one lock, received ${positionals.join(" ") || "none"}`);
  }
  if (values.check === true) {
    const faults = await faultsOf(lock);
    if (faults.length > 0) throw new Refusal(`${lock}: files are not what it says`, [...faults, "Run its update."]);
  } else {
    const path = resolve(process.env["BUILD_WORKSPACE_DIRECTORY"] ?? "", lock);
    const origins = originsOf(process.env);
    await update({ lock: path, engine: values.engine, origins, say: (line) => console.log(line) });
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`rules_semgrep: ${error.message}`);
  process.exitCode = 1;
}
