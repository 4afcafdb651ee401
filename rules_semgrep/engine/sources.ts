import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import type { Fault } from "./finding.ts";
import { compare } from "./findings.ts";
import { analyzersFor, TEXT_ANALYZERS } from "./languages.ts";
import type { Input } from "./rules.ts";
import type { Target } from "./core.ts";

/** Sources, each with the analyzers that read it beside those for text, and what stands in the way of some. */
export interface Sources {
  readonly files: readonly Source[];
  readonly faults: readonly Fault[];
}

/** A source and its analyzers. */
export interface Source extends Input {
  readonly analyzers: readonly string[];
}

/**
 * Looks at sources on disk: folders become the files below them. One that is absent, empty of files or larger than `maxBytes` is a fault.
 */
export function lookAt(inputs: readonly Input[], maxBytes: number): Sources {
  const files: Source[] = [];
  const faults: Fault[] = [];
  for (const input of filesOf(inputs, faults)) {
    const found = statSync(input.path, { throwIfNoEntry: false });
    if (found === undefined || !found.isFile()) {
      const detail = found === undefined ? "it is not there" : "it is no regular file";
      faults.push({
        what: "source was not scanned",
        file: input.name,
        detail,
        advice: "Is it generated, and by what?",
      });
    } else if (found.size > maxBytes) {
      const detail = `it has ${found.size} bytes, and max_file_bytes is ${maxBytes}`;
      const advice = "Take it out of srcs, or raise max_file_bytes.";
      faults.push({ what: "source is too large", file: input.name, detail, advice });
    } else {
      files.push({ ...input, analyzers: analyzersFor(input.name, () => firstLine(input.path)) });
    }
  }
  return { files: files.sort((a, b) => compare(a.name, b.name)), faults };
}

/** Every file for each of its analyzers, and for those that read it as text. */
export function targetsOf(files: readonly Source[]): Target[] {
  return files.flatMap(({ path, name, analyzers }) =>
    [...analyzers, ...TEXT_ANALYZERS].map((analyzer) => ({ path, name, analyzer })),
  );
}

function filesOf(inputs: readonly Input[], faults: Fault[]): Input[] {
  const all = new Map<string, Input>();
  for (const { path, name } of inputs) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
      all.set(path, { path, name });
      continue;
    }
    const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
    if (entries.length === 0) {
      const detail = "the folder is empty";
      faults.push({ what: "source was not scanned", file: name, detail, advice: "What should fill it?" });
    }
    for (const { parentPath, name: file } of entries) {
      const found = `${parentPath}/${file}`;
      all.set(found, { path: found, name: name + found.slice(path.length) });
    }
  }
  return [...all.values()];
}

function firstLine(path: string): string {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(200);
    return buffer.toString("utf8", 0, readSync(file, buffer, 0, buffer.length, 0)).split("\n")[0] ?? "";
  } finally {
    closeSync(file);
  }
}
