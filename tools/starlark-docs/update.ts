import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Pairs of words in STARLARK_DOCS: what was rendered, and where it is committed. */
const words = (process.env["STARLARK_DOCS"] ?? "").split(" ").filter((word) => word !== "");
const root = process.env["BUILD_WORKSPACE_DIRECTORY"];
if (root === undefined) throw new Error("starlark-docs: this program writes to a checkout; start it with bazel run");
const check = process.argv.includes("--check");
for (let index = 0; index < words.length; index += 2) {
  const committed = join(root, words[index + 1]!);
  const rendered = readFileSync(words[index]!, "utf8");
  if (existsSync(committed) && readFileSync(committed, "utf8") === rendered) continue;
  process.stdout.write(`${check ? "stale" : "wrote"} ${words[index + 1]}\n`);
  if (check) process.exitCode = 1;
  else writeFileSync(committed, rendered);
}
