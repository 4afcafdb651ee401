import type { GazelleExtension } from "#tools/gazelle/extension.ts";

/** Writes a `sextant_machine` for each machine.yaml of a package; its code and tests are TypeScript like other. */
export const extension: GazelleExtension<null> = {
  name: "sextant",
  kinds: {
    sextant_machine: { matchAttrs: ["src"], nonEmptyAttrs: [], mergeableAttrs: [], resolveAttrs: [] },
  },
  loads: [{ from: "//operators/sextant:defs.bzl", kinds: ["sextant_machine"] }],
  directives: [],
  configure: () => null,
  generate: ({ files, rules }) => ({
    rules: files.includes("machine.yaml") ? [{ kind: "sextant_machine", name: "machine", attrs: {} }] : [],
    empty: rules
      .filter(({ kind, name }) => kind === "sextant_machine" && !files.includes(sourceOf(name, rules)))
      .map(({ kind, name }) => ({ kind, name })),
  }),
  imports: () => [],
  resolve: () => ({ attrs: {}, problems: [] }),
};

function sourceOf(name: string, rules: Parameters<typeof extension.generate>[0]["rules"]): string {
  const src = rules.find((rule) => rule.name === name)?.text("src") ?? `${name}.yaml`;
  return src.replace(/^:/, "");
}
