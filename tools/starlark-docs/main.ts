import { readFileSync, writeFileSync } from "node:fs";
import { referenceOf } from "./markdown.ts";
import { readModuleInfo } from "./module-info.ts";

const [out = "", ruleset = "", ...extracts] = process.argv.slice(2);
try {
  const modules = extracts.map((extract) => readModuleInfo(readFileSync(extract)));
  writeFileSync(out, await referenceOf(`Reference of ${ruleset}`, modules));
} catch (error) {
  process.stderr.write(`starlark-docs: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
