import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { runBazel } from "#tools/ci/bazel.ts";
import { applicationName, manifestOf, valuesOf, writeWorkspace } from "./applications.ts";
import { type Figure, type Measured, median, ratioLine, resultLine } from "./figures.ts";
import { type Bench, baseline, repeat, timed } from "./measure.ts";
import { compareRendering } from "./render.ts";

const HELP = `Measures how manifests are rendered and prints each figure beside its limit.

  ./bazel run //tools/bench:manifests [-- options]

  --only NAME   render, unchanged or one-value (again for more); default all
  --times N     repeats (default 15 of render, 5 of the others); the median counts
  --apps N      applications in the workspace of unchanged and one-value (default 20)
`;

/** How much longer than `helm template` a render may take. */
const RENDER_LIMIT = 1.2;
const unchanged: Figure = { name: "unchanged", what: "test //manifests/..., no change", limit: 1, long: false };
const oneValue: Figure = { name: "one-value", what: "one value to the updated manifest", limit: 3, long: false };

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: ["render", "unchanged", "one-value"] },
    times: { type: "string" },
    apps: { type: "string", default: "20" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const times = (usual: number): number => Number(values.times ?? usual);
const root = process.env["BUILD_WORKSPACE_DIRECTORY"] ?? process.cwd();
const path = (name: string): string => resolve(process.env[name] ?? "");
const quiet = ["--noshow_progress", "--ui_event_filters=-info"];

async function render(): Promise<boolean> {
  const rendering = { engine: path("ENGINE"), helm: path("HELM_BIN"), chart: path("CHART") };
  const { engine, helm } = await compareRendering(rendering, times(15));
  const line = ratioLine("render", "a chart by a warm worker, to helm template itself", engine, helm, RENDER_LIMIT);
  console.log(line.text);
  return line.ok;
}

function inWorkspace(use: (bench: Bench) => boolean): boolean {
  const parent = join(root, ".state");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "bench-"));
  const bazel = process.env["BAZEL"] ?? join(root, "bazel");
  const bench: Bench = { root: folder, bazel, service: "" };
  try {
    writeWorkspace(folder, root, Number(values.apps));
    timed(bench, ["run", "//manifests:manifests.update", ...quiet]);
    return use(bench);
  } finally {
    runBazel(bazel, ["clean", "--expunge"], { cwd: folder, quiet: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

function measureUnchanged(bench: Bench): Measured {
  timed(bench, ["test", "//manifests/...", ...quiet]);
  return { kind: "measured", seconds: repeat(times(5), () => timed(bench, ["test", "//manifests/...", ...quiet])) };
}

function measureOneValue(bench: Bench): Measured {
  const name = applicationName(1);
  let replicas = 2;
  const once = (): number => {
    replicas += 1;
    writeFileSync(join(bench.root, valuesOf(name)), `replicas: ${replicas}\n`);
    const took = timed(bench, ["run", "//manifests:manifests.update", ...quiet]);
    const manifest = readFileSync(join(bench.root, manifestOf(name)), "utf8");
    if (!manifest.includes(`replicas: ${replicas}\n`)) throw new Error(`${manifestOf(name)} was not updated`);
    return took;
  };
  once();
  return { kind: "measured", seconds: repeat(times(5), once) };
}

const wanted = (name: string): boolean => values.only.includes(name);
let ok = true;
if (wanted("render")) ok = (await render()) && ok;
if (wanted("unchanged") || wanted("one-value")) {
  ok =
    inWorkspace((bench) => {
      const start = median(baseline(bench, 3));
      const results: [Figure, Measured][] = [];
      if (wanted("unchanged")) results.push([unchanged, measureUnchanged(bench)]);
      if (wanted("one-value")) results.push([oneValue, measureOneValue(bench)]);
      for (const [figure, measured] of results) console.log(resultLine(figure, measured, start));
      return results.every(([figure, one]) => one.kind === "measured" && median(one.seconds) <= figure.limit);
    }) && ok;
}
process.exitCode = ok ? 0 : 1;
