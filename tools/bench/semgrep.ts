import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { type Figure, type Measured, median, ratioLine, resultLine } from "./figures.ts";
import { type Bench, baseline, repeat, timed } from "./measure.ts";
import { compareScanning, below } from "./scan.ts";

const HELP = `Measures the scans and prints each figure beside its limit.

  ./bazel run //tools/bench:semgrep [-- options]

  --only NAME     overhead, unchanged, one-file or cold (again for more); default all
  --times N       repeats (default 7 of overhead, 3 of the others); the median counts
  --files N       files of overhead (default 200)
  --service PATH  where a file is changed (default services/trips-api)
`;

/** How much longer than semgrep-core alone a test may take. */
const OVERHEAD_LIMIT = 1.15;
const unchanged: Figure = { name: "unchanged", what: "all scans, no change", limit: 1, long: false };
const oneFile: Figure = { name: "one-file", what: "all scans, one file changed", limit: 5, long: false };
const cold: Figure = { name: "cold", what: "all scans, run anew", limit: 60, long: false };
const SCANS = ["test", "//...", "--test_tag_filters=semgrep", "--build_tests_only"];
const QUIET = ["--noshow_progress", "--ui_event_filters=-info"];

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: ["overhead", "unchanged", "one-file", "cold"] },
    times: { type: "string" },
    files: { type: "string", default: "200" },
    service: { type: "string", default: "services/trips-api" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const times = (usual: number): number => Number(values.times ?? usual);
const root = process.env["BUILD_WORKSPACE_DIRECTORY"] ?? process.cwd();
const bench: Bench = { root, bazel: process.env["BAZEL"] ?? join(root, "bazel"), service: values.service };
// A signal then runs the exit handlers, which put the changed file back.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

function overhead(): boolean {
  const sources = below(["lib", "services", "sites"], /\.tsx?$/, root).slice(0, Number(values.files));
  const rules = below(["tools/semgrep/rules/typescript"], /\.yaml$/, root);
  const scanning = { engine: resolve(process.env["ENGINE"] ?? ""), semgrep: resolve(process.env["SEMGREP"] ?? "") };
  const { engine, core } = compareScanning({ ...scanning, rules, sources }, times(7));
  const what = `a test of ${sources.length} files, to semgrep-core alone with the same ${rules.length} rules`;
  const line = ratioLine("overhead", what, engine, core, OVERHEAD_LIMIT);
  console.log(line.text);
  return line.ok;
}

const scans = (...more: string[]): number => timed(bench, [...SCANS, ...QUIET, ...more]);

function measureOneFile(): Measured {
  const path = join(root, values.service, "main.ts");
  const before = readFileSync(path);
  const restore = () => writeFileSync(path, before);
  process.once("exit", restore);
  try {
    scans();
    return {
      kind: "measured",
      seconds: repeat(times(3), () => {
        writeFileSync(path, `${before.toString()}\nprocess.title = "${randomUUID()}";\n`);
        return scans();
      }),
    };
  } finally {
    restore();
    process.removeListener("exit", restore);
  }
}

function measure(figure: Figure): Measured {
  if (figure === oneFile) return measureOneFile();
  scans();
  const once = figure === cold ? () => scans("--nocache_test_results") : () => scans();
  return { kind: "measured", seconds: repeat(figure === cold ? 1 : times(3), once) };
}

const wanted = (name: string): boolean => values.only.includes(name);
let ok = true;
if (wanted("overhead")) ok = overhead() && ok;
const chosen = [unchanged, oneFile, cold].filter(({ name }) => wanted(name));
if (chosen.length > 0) {
  const start = median(baseline(bench, 3));
  for (const figure of chosen) {
    const measured = measure(figure);
    console.log(resultLine(figure, measured, start));
    ok = measured.kind === "measured" && median(measured.seconds) <= figure.limit && ok;
  }
}
process.exitCode = ok ? 0 : 1;
