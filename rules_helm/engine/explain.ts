import { readFileSync } from "node:fs";
import { unpack } from "./archive.ts";
import { type Layer, type Path, layerOf, settled, whereSet } from "./layers.ts";
import { renderedLines } from "./rendered-lines.ts";
import type { Template } from "./template.ts";

/**
 * A template error of helm, and what led there: the lines of the templates that it names, and where each value in them comes from.
 *
 * @param debug runs helm again, with --debug, and returns its output
 */
export async function explain(template: Template, stderr: string, debug: () => string): Promise<string[]> {
  const said = stderr.replace(/\n*Use --debug flag to render out invalid YAML\s*$/, "").trim();
  const files = await unpack(readFileSync(template.chart));
  const layers = layersOf(template, files);
  const lines: string[] = [];
  const values = new Map<string, Path>();
  for (const { file, line } of placesIn(said)) {
    const text = files.get(file)?.toString().split("\n")[line - 1];
    if (text === undefined) continue;
    lines.push(`${file}:${line}: ${text.trim()}`);
    const scope = [...file.matchAll(/\/charts\/([^/]+)/g)].map(([, name = ""]) => name);
    for (const path of valuesIn(text)) values.set(`.Values.${path.join(".")}`, [...scope, ...path]);
  }
  for (const [, file = "", line] of said.matchAll(/YAML parse error on ([^\s:]+):(?: .*line (\d+))?/g)) {
    lines.push(...renderedLines(file, Number(line ?? 1), debug()));
  }
  for (const [, pointer = ""] of said.matchAll(/^- at '\/([^']+)'/gm)) {
    const path = pointer.split("/");
    values.set(`.Values.${path.join(".")}`, path);
  }
  return [said, ...new Set(lines), ...[...values].map(([name, path]) => whereSet(name, path, layers))];
}

function placesIn(said: string): { file: string; line: number }[] {
  return [...said.matchAll(/([^\s():"]+\/templates\/[^\s():"]+):(\d+)/g)].map(([, file = "", line]) => ({
    file,
    line: Number(line),
  }));
}

function valuesIn(text: string): Path[] {
  return [...text.matchAll(/\.Values((?:\.\w+)+)/g)].map(([, path = ""]) => path.slice(1).split("."));
}

/** From the strongest to the weakest. */
function layersOf(template: Template, files: ReadonlyMap<string, Buffer>): Layer[] {
  const own = [...files]
    .filter(([path]) => /^[^/]+(\/charts\/[^/]+)*\/values\.yaml$/.test(path))
    .sort(([a], [b]) => a.length - b.length)
    .map(([path, text]) => {
      const scope = [...path.matchAll(/\/charts\/([^/]+)/g)].map(([, name = ""]) => name);
      return layerOf(path, text.toString(), scope);
    });
  return [
    ...template.images.map(([key, file]) => settled(`images (${file})`, `${key}.digest`)),
    ...template.setFrom.map(([key, file]) => settled(`set_from (${file})`, key)),
    ...Object.keys(template.set).map((key) => settled("set", key)),
    ...template.values.map((file) => layerOf(file, readFileSync(file, "utf8"), [])).reverse(),
    ...own,
  ];
}
