import { extension as format } from "#tools/format/gazelle/extension.ts";
import type { GazelleExtension } from "./extension.ts";
import { extension as ts } from "./ts/extension.ts";

/** Every extension of this repository. A ruleset that writes BUILD rules is registered here, and nowhere else. */
export const extensions = [ts, format] as unknown as readonly GazelleExtension[];
