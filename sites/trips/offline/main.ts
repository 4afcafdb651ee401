import * as esbuild from "esbuild";

const [entry, out] = process.argv.slice(2);
if (entry === undefined || out === undefined) {
  console.error("usage: offline SERVICE_WORKER.ts OUTPUT.js");
  process.exit(64);
}
await esbuild.build({
  entryPoints: [entry],
  outfile: out,
  bundle: true,
  minify: true,
  format: "iife",
  platform: "browser",
  target: ["chrome120", "firefox121", "safari17"],
  logLevel: "warning",
});
