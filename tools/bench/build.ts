import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { type Figure, type Measured, chooseFigures, figures, median, resultLine } from "./figures.ts";
import {
  type Bench,
  baseline,
  cold,
  format,
  newRunner,
  oneLine,
  secondClone,
  treeState,
  unchanged,
} from "./measure.ts";

const HELP = `Measures the build and prints each figure beside its limit.

  ./bazel run //tools/bench:build [-- options]

  --figure NAME   only this one (again for more): ${figures.map(({ name }) => name).join(", ")}
  --long          the long ones too (cold: a quarter of an hour)
  --times N       repeats of the short ones (default 5); the median counts
  --service PATH  where a line is changed (default services/trips-api)
  --json          one JSON object a line instead of text
`;

const { values } = parseArgs({
  options: {
    figure: { type: "string", multiple: true, default: [] },
    long: { type: "boolean", default: false },
    times: { type: "string", default: "5" },
    service: { type: "string", default: "services/trips-api" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
const chosen = chooseFigures(values.figure, values.long);
const times = Number(values.times);
const root = process.env["BUILD_WORKSPACE_DIRECTORY"] ?? process.cwd();
const bench: Bench = { root, bazel: process.env["BAZEL"] ?? join(root, "bazel"), service: values.service };

function refuse(message: string): never {
  process.stderr.write(`bench: ${message}\n`);
  process.exit(2);
}

if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if ("unknown" in chosen) refuse(`--figure ${chosen.unknown} is none of ${figures.map(({ name }) => name).join(", ")}.`);
if (!Number.isInteger(times) || times < 1) refuse(`--times takes a whole number from 1, not "${values.times}".`);
if (!existsSync(join(root, values.service, "main.ts")))
  refuse(`${values.service} has no main.ts. --service names another service.`);
// A signal then runs the exit handlers, which put changed files back.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

async function measure({ name }: Figure): Promise<Measured> {
  try {
    switch (name) {
      case "unchanged":
        return { kind: "measured", seconds: unchanged(bench, times) };
      case "one-line":
        return { kind: "measured", seconds: oneLine(bench, Math.min(times, 3)) };
      case "format":
        return { kind: "measured", seconds: format(bench, times) };
      case "new-runner":
        return { kind: "measured", seconds: newRunner(bench) };
      case "second-clone":
        return { kind: "measured", seconds: secondClone(bench) };
      default:
        return { kind: "measured", ...(await cold(bench)) };
    }
  } catch (error) {
    return { kind: "failed", why: (error as Error).message };
  }
}

const before = treeState(root);
const start = median(baseline(bench, times));
if (!values.json)
  console.log(
    `${availableParallelism()} cores; baseline: a call of Bazel that does nothing, ${start.toFixed(2)} s (median of ${times})`,
  );
let failed = false;
for (const figure of chosen) {
  const measured = await measure(figure);
  failed ||= measured.kind === "failed";
  console.log(
    values.json
      ? JSON.stringify({ figure: figure.name, limit: figure.limit, baseline: start, ...measured })
      : resultLine(figure, measured, start),
  );
}
if (treeState(root) !== before) {
  console.error("bench: the checkout is not as it was before; git diff shows what is different.");
  failed = true;
}
process.exitCode = failed ? 1 : 0;
