import { createRequire } from "node:module";
import { resolve } from "node:path";
import { extension as format } from "#tools/format/gazelle/extension.ts";
import type { GazelleExtension } from "./extension.ts";
import { extension as ts } from "./ts/extension.ts";

/** Every extension, in the order in which new rules are written; `rulesets` as for `loadExtensions`. */
export function allExtensions(rulesets: string | undefined): readonly GazelleExtension[] {
  return [ts, ...loadExtensions(rulesets), format] as unknown as readonly GazelleExtension[];
}

/**
 * Loads the extensions of rulesets, which are bundled modules of their own: `paths` are theirs, separated by blanks,
 * relative to the working directory. BUILD files get them from `extensions.bzl`.
 */
export function loadExtensions(paths: string | undefined): readonly GazelleExtension[] {
  const load = createRequire(import.meta.url);
  const words = (paths ?? "").split(/\s+/).filter((path) => path !== "");
  return words.map((path) => {
    const { extension } = load(resolve(path)) as { extension?: GazelleExtension };
    if (extension === undefined) throw new Error(`${path}: expected an export named "extension", found none`);
    return extension;
  });
}
