import { copyFileSync, chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LineCounter, isMap, isSeq, parseDocument } from "yaml";
import { archiveOf, unpack } from "./archive.ts";
import { type Command, Refusal } from "./command.ts";
import { runHelm, withTemporaryFolder } from "./helm.ts";

/** What `helm_chart` asks for. */
export interface PackageParams {
  readonly label: string;
  readonly helm: string;
  /** Files, and their places in the chart. */
  readonly files: readonly (readonly [file: string, place: string])[];
  /** The archive to write. */
  readonly out: string;
}

/** Packs a chart: helm checks and normalises it, and its archive is made anew, in one order. */
export const packChart: Command<PackageParams> = (params, { say }) =>
  withTemporaryFolder(async (folder) => {
    const chart = join(folder, "chart");
    for (const [file, place] of params.files) {
      const target = join(chart, place);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(file, target);
      chmodSync(target, 0o644);
    }
    const packed = join(folder, "packed");
    const { ok, stdout, stderr } = runHelm(params.helm, ["package", chart, "--destination", packed]);
    if (!ok)
      throw refusal(params, `${stdout.toString()}${stderr}`.replaceAll(`${chart}/`, "").replaceAll(chart, "chart"));
    if (stderr !== "") say(stderr);
    const [name = ""] = readdirSync(packed);
    writeFileSync(params.out, await archiveOf(await unpack(readFileSync(join(packed, name)))));
    return 0;
  });

function refusal({ label, files }: PackageParams, log: string): Refusal {
  const missing = /missing in charts\/ directory: (.+)/.exec(log)?.[1]?.split(", ") ?? [];
  const chart = files.find(([, place]) => place === "Chart.yaml")?.[0] ?? "";
  if (missing.length === 0) {
    return new Refusal(`${label}: helm could not pack the chart`, [log, `chart: ${chart}`]);
  }
  const lines = dependencyLines(readFileSync(chart, "utf8"));
  return new Refusal(`${label}: a dependency of the chart is missing`, [
    ...missing.map((name) => `${chart}:${lines.get(name) ?? 1}: depends on ${name}, which is not in deps of ${label}`),
    "Add the helm_chart of each to deps, or take it out of Chart.yaml.",
  ]);
}

/** Where Chart.yaml names each dependency. */
function dependencyLines(text: string): Map<string, number> {
  const counter = new LineCounter();
  const dependencies = parseDocument(text, { lineCounter: counter }).get("dependencies");
  const items = isSeq(dependencies) ? dependencies.items.filter(isMap) : [];
  return new Map(items.map((item) => [String(item.get("name")), counter.linePos(item.range?.[0] ?? 0).line]));
}
