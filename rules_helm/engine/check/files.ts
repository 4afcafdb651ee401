import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { Refusal } from "../command.ts";

/** A manifest file as it was read; `name` is what messages call it. */
export interface ManifestFile {
  readonly name: string;
  readonly text: string;
}

const MANIFEST = /\.(ya?ml|json)$/i;

/**
 * Reads files, and folders with all that is below them and ends in .yaml, .yml or .json, in the order of their names. Refuses what does not
 * exist, a folder without manifests and a chart.
 */
export async function readManifests(roots: readonly string[], label: string): Promise<ManifestFile[]> {
  const files: ManifestFile[] = [];
  for (const root of roots) {
    const names = await manifestNames(root, label);
    if (names.length === 0)
      throw new Refusal(`${label}: ${root} holds no manifests`, [
        "expected: files that end in .yaml, .yml or .json, in it or in folders below it",
      ]);
    const chart = names.find((name) => path.basename(name) === "Chart.yaml");
    if (chart !== undefined)
      throw new Refusal(`${label}: ${path.dirname(chart)} is a Helm chart: it holds Chart.yaml`, [
        "expected: manifests as a cluster is sent them",
        "render it first, by helm_template or by hand (helm template NAME CHART > FOLDER/NAME.yaml), and check what comes out",
      ]);
    for (const name of names) files.push({ name, text: await readFile(name, "utf8") });
  }
  return files;
}

async function manifestNames(root: string, label: string): Promise<string[]> {
  const found = await stat(root).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT" && cause.code !== "ENOTDIR") throw cause;
    throw new Refusal(`${label}: ${root} does not exist`, ["expected: a folder with manifests, or a manifest file"]);
  });
  if (!found.isDirectory()) return [root];
  const entries = await readdir(root, { recursive: true });
  const names = entries
    .filter((entry) => MANIFEST.test(entry))
    .sort()
    .map((entry) => path.join(root, entry));
  const kinds = await Promise.all(names.map((name) => stat(name)));
  return names.filter((_, index) => kinds[index]!.isFile());
}

/** The paths of schema files below folders, relative to their folder and sorted. */
export async function schemaPaths(folders: readonly string[]): Promise<string[]> {
  const all = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true })));
  return all
    .flat()
    .filter((name) => name.endsWith(".json"))
    .sort();
}
