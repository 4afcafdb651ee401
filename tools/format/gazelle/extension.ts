import type { GazelleExtension } from "#tools/gazelle/extension.ts";

const isBuildFile = (file: string): boolean => file === "BUILD.bazel" || file === "BUILD";
const isTypeScript = (file: string): boolean => /\.(ts|tsx|mts)$/.test(file) && !file.includes("/");
const isChart = (file: string): boolean => file === "Chart.yaml";

/** Writes a `format_test` into every package, so that no file of the repository goes unchecked. The root has `format_root` instead. */
export const extension: GazelleExtension<null> = {
  name: "format",
  kinds: { format_test: { matchAny: true, nonEmptyAttrs: [], mergeableAttrs: [], resolveAttrs: [] } },
  loads: [{ from: "//tools/format:defs.bzl", kinds: ["format_test"] }],
  directives: [],
  configure: () => null,
  generate: ({ path, files, rules }) => {
    const isPackage = rules.length > 0 || files.some(isBuildFile) || files.some(isTypeScript) || files.some(isChart);
    return {
      rules: path !== "" && isPackage ? [{ kind: "format_test", name: "format_test", attrs: {} }] : [],
      empty: [],
    };
  },
  imports: () => [],
  resolve: () => ({ attrs: {}, problems: [] }),
};
