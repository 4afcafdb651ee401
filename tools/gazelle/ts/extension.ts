import type { GazelleExtension, KindInfo, RuleView } from "../extension.ts";
import { join } from "../ignore.ts";
import { configureTs, type TsConfig } from "./config.ts";
import { generateTs } from "./generate.ts";
import { resolveTs } from "./resolve.ts";
import { entryLibrary, entryPoint, kindOf, ownsEntryPoint } from "./runnables.ts";

const withSources: KindInfo = { nonEmptyAttrs: ["srcs"], mergeableAttrs: ["srcs"], resolveAttrs: ["deps"] };
const withEntryPoint: KindInfo = { nonEmptyAttrs: [], mergeableAttrs: ["entry_point"], resolveAttrs: ["deps"] };

/** TypeScript: ts_library, ts_test, ts_binary, node_service and site of //tools/ts:defs.bzl. */
export const extension: GazelleExtension<TsConfig> = {
  name: "ts",
  kinds: {
    ts_library: withSources,
    ts_test: withSources,
    ts_binary: withEntryPoint,
    node_service: { ...withEntryPoint, matchAny: true },
    site: { ...withEntryPoint, matchAny: true },
  },
  loads: [{ from: "//tools/ts:defs.bzl", kinds: ["ts_library", "ts_test", "ts_binary", "node_service", "site"] }],
  directives: ["ts_kind"],
  configure: configureTs,
  ownsSubfolders: (folder) => kindOf(folder) === "site",
  generate: generateTs,
  imports: (rule, { path }) => importableFiles(rule).map((file) => ({ ...file, name: join(path, file.name) })),
  resolve: resolveTs,
};

function importableFiles(rule: RuleView): { name: string; target?: string }[] {
  const files = (attr: string): string[] => rule.list(attr).map((file) => file.replace(/^:/, ""));
  switch (rule.kind) {
    case "ts_library":
    case "js_library":
    case "ts_project":
      return [...files("srcs"), ...files("data")].map((name) => ({ name }));
    case "ts_test":
    case "site":
      return [];
    default:
      if (!ownsEntryPoint(rule.kind)) return [...files("outs"), ...files("out")].map((name) => ({ name }));
      return [entryPoint(rule), ...files("srcs")].map((name) => ({ name, target: entryLibrary(rule) }));
  }
}
