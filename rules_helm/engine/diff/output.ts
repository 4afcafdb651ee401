import { readFileSync, statSync, writeFileSync } from "node:fs";
import { type Command, Refusal } from "../command.ts";
import { readFolder } from "../manifests/disk.ts";
import { compare, type Folder } from "./compare.ts";
import { markdownOf } from "./markdown.ts";
import { Unreadable } from "./parse.ts";
import { textOf } from "./text.ts";

/** One side, as `helm_diff` writes it. */
export interface RenderedSide {
  /** What people call it: a label. */
  readonly label: string;
  /** Files and folders, and where they stand among the manifests ("" for a folder that has them all). */
  readonly files: readonly (readonly [place: string, path: string])[];
}

/** What `helm_diff` writes. */
export interface DiffOutputParams {
  readonly label: string;
  readonly old: RenderedSide;
  readonly new: RenderedSide;
  readonly text: string;
  readonly markdown: string;
}

/** Writes what changes between two rendered folders, as text and as Markdown. */
export const diffOutput: Command<DiffOutputParams> = (params) => {
  try {
    const report = compare(read(params.old), read(params.new));
    writeFileSync(params.text, textOf(report, { colour: false }));
    writeFileSync(params.markdown, markdownOf(report, { command: `bazel build ${params.label}` }));
    return 0;
  } catch (error) {
    if (error instanceof Unreadable) throw new Refusal(params.label, [error.message]);
    throw error;
  }
};

function read({ label, files }: RenderedSide): Folder {
  const found = files.flatMap(([place, path]) => {
    if (!statSync(path).isDirectory()) return [[place, readFileSync(path)] as const];
    return [...readFolder(path)].map(([below, bytes]) => [place === "" ? below : `${place}/${below}`, bytes] as const);
  });
  return { label, files: new Map(found.filter(([path]) => /\.(ya?ml|json)$/.test(path))) };
}
