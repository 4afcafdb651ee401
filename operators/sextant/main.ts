import { enableCompileCache } from "node:module";

enableCompileCache();
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2), {
  // nosemgrep: environment-outside-config -- Bazel sets it for what it starts, nobody else does
  workingDirectory: process.env["BUILD_WORKING_DIRECTORY"] ?? process.cwd(),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
});
