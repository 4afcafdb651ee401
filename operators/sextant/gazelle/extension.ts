import type { GazelleExtension, RuleView } from "#tools/gazelle/extension.ts";

const kind = "sextant_machine";

/**
 * Writes a `sextant_machine` for the machine.yaml of a package; its code and tests are TypeScript like other. A machine
 * whose file is gone goes, too.
 */
export const extension: GazelleExtension<null> = {
  name: "sextant",
  kinds: { [kind]: { nonEmptyAttrs: [], mergeableAttrs: [], resolveAttrs: [] } },
  loads: [{ from: "//operators/sextant:defs.bzl", kinds: [kind] }],
  directives: [],
  configure: () => null,
  generate: ({ files, rules }) => {
    const machines = rules.filter((rule) => rule.kind === kind);
    const named = machines.find((rule) => sourceOf(rule) === "machine.yaml")?.name ?? "machine";
    return {
      rules: files.includes("machine.yaml") ? [{ kind, name: named, attrs: {} }] : [],
      empty: machines.filter((rule) => !files.includes(sourceOf(rule))).map(({ name }) => ({ kind, name })),
    };
  },
  imports: () => [],
  resolve: () => ({ attrs: {}, problems: [] }),
};

const sourceOf = (rule: RuleView): string => (rule.text("src") ?? `${rule.name}.yaml`).replace(/^:/, "");
