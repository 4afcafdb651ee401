import { resolve } from "node:path";
import { allExtensions } from "./extensions.ts";
import { gazelle } from "./run.ts";

/** A path in the environment is relative to where the process started (Bazel's runfiles); a bare name is on PATH. */
function tool(variable: string, name: string): string {
  const path = process.env[variable];
  return path === undefined ? name : resolve(path);
}

const { status, stdout, stderr } = gazelle({
  args: process.argv.slice(2),
  root: process.env["BUILD_WORKSPACE_DIRECTORY"] ?? process.cwd(),
  workingDirectory: process.env["BUILD_WORKING_DIRECTORY"] ?? process.cwd(),
  tools: { buildozer: tool("BUILDOZER_BIN", "buildozer"), buildifier: tool("BUILDIFIER_BIN", "buildifier") },
  extensions: allExtensions(process.env["GAZELLE_EXTENSIONS"]),
});
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;
