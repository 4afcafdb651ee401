import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = process.env["JS_BINARY__EXECROOT"] ?? process.cwd();
const within = (path: string) => relative(root, path).replace(/bazel-out\/[^/]+\//, "bazel-out/CONFIG/");
const require = createRequire(import.meta.url);
const names = Object.keys(process.env).filter((name) => /^(BAZEL_|JS_BINARY__|RUNFILES)/.test(name));

/** What a program sees of its surroundings when a js_binary starts it, in paths relative to the execution root. */
export const seen = {
  cwd: within(process.cwd()),
  entryPoint: within(fileURLToPath(import.meta.url)),
  args: process.argv.slice(2),
  variables: names.sort(),
  bazel: Object.fromEntries(
    names
      .filter((name) => name.startsWith("BAZEL_") && name !== "BAZEL_BINDIR")
      .map((name) => [name, process.env[name]]),
  ),
  node: process.execPath.endsWith("/node"),
  version: process.version,
  resolvedEsm: within(realpathSync(fileURLToPath(import.meta.resolve("typebox")))).replace(
    /typebox@[^/]+/,
    "typebox@VERSION",
  ),
  resolvedCjs: within(require.resolve("ws")).replace(/ws@[^/]+/, "ws@VERSION"),
  isLink: lstatSync(fileURLToPath(import.meta.url)).isSymbolicLink(),
  siblings: readdirSync(fileURLToPath(new URL(".", import.meta.url))).sort(),
};
if (basename(process.argv[1]!) === "probe.ts") console.log(JSON.stringify(seen, null, 2));
