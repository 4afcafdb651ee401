import {
  copyFileSync,
  chmodSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { type Command, Refusal } from "./command.ts";
import { unifiedDiff } from "./text-diff.ts";

/** What `helm_template_test` asks for. */
export interface TemplateTestParams {
  readonly label: string;
  /** The file, or the folder, that a chart renders to. */
  readonly rendered: string;
  /** The committed file; the files of the committed folder. */
  readonly golden: readonly string[];
  /** The one command that mends what is stale. */
  readonly mend: string;
}

/** Compares what is committed with what a chart renders to; under `bazel run`, takes the latter over. */
export const templateTest: Command<TemplateTestParams> = (params, { env, say }) => {
  const workspace = env["BUILD_WORKSPACE_DIRECTORY"];
  if (workspace !== undefined) {
    takeOver(params, realpathSync(workspace));
    return 0;
  }
  const diff = differences(params);
  if (diff.length === 0) return 0;
  const [first = ""] = params.golden;
  const place = isFolder(params.rendered) ? dirname(first) : first;
  say(`\nrules_helm: ${params.label}: ${place} is not what the chart renders to (- committed, + rendered)\n\n`);
  say(`${diff.join("\n")}\n\nIf what was rendered is meant, take it over:\n\n    ${params.mend}\n\n`);
  return 1;
};

function differences({ rendered, golden }: TemplateTestParams): string[] {
  const pairs = isFolder(rendered) ? folderPairs(rendered, golden) : [[golden[0] ?? "", rendered] as const];
  const read = (path: string | undefined): string => (path === undefined ? "" : readFileSync(path, "utf8"));
  return pairs
    .map(([old, fresh]) => unifiedDiff(old ?? "/dev/null", fresh ?? "/dev/null", read(old), read(fresh)))
    .filter((text) => text !== "");
}

function folderPairs(
  rendered: string,
  golden: readonly string[],
): (readonly [string | undefined, string | undefined])[] {
  const committed = new Map(golden.map((path) => [basename(path), path]));
  const fresh = new Map(readdirSync(rendered).map((name) => [name, join(rendered, name)]));
  const names = [...new Set([...committed.keys(), ...fresh.keys()])].sort();
  return names.map((name) => [committed.get(name), fresh.get(name)]);
}

function takeOver({ label, rendered, golden }: TemplateTestParams, workspace: string): void {
  const targets = golden.map((path) => realpathSync(path));
  const outside = targets.find((path) => !path.startsWith(workspace + sep));
  if (outside !== undefined) {
    throw new Refusal(`${label}: ${outside} lies outside of this workspace; run this in its own`);
  }
  const [first = ""] = targets;
  if (!isFolder(rendered)) return put(rendered, first);
  for (const path of targets) rmSync(path);
  for (const name of readdirSync(rendered)) put(join(rendered, name), join(dirname(first), name));
}

function put(from: string, to: string): void {
  copyFileSync(from, `${to}.part`);
  chmodSync(`${to}.part`, 0o644);
  renameSync(`${to}.part`, to);
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}
