const chartFile = "Chart.yaml";

export const extension = {
  name: "chart",
  kinds: {
    helm_chart: { matchAny: true, nonEmptyAttrs: ["chart"], mergeableAttrs: ["chart"], resolveAttrs: ["deps"] },
  },
  loads: [{ from: "@rules_helm//:defs.bzl", kinds: ["helm_chart"] }],
  directives: ["chart_prefix"],
  configure: (parent: string | undefined, { directives }: { directives: { key: string; value: string }[] }) =>
    directives.find(({ key }) => key === "chart_prefix")?.value ?? parent ?? "",
  generate: (directory: Directory) => {
    const existing = directory.rules.filter(({ kind }) => kind === "helm_chart");
    if (!directory.files.includes(chartFile)) return { rules: [], empty: existing };
    const lines = directory.repository.read(`${directory.path}/${chartFile}`).split("\n");
    const name = directory.config + lines[0]!.replace("name: ", "");
    const imports = lines.filter((line) => line.startsWith("- ")).map((line) => line.slice(2));
    return { rules: [{ kind: "helm_chart", name, attrs: { chart: chartFile }, imports }], empty: [] };
  },
  imports: (rule: { kind: string; name: string }, { config }: Directory) =>
    rule.kind === "helm_chart" ? [{ name: rule.name.slice(config.length) }] : [],
  resolve: (rule: { imports: string[] }, { override, owners }: Resolver) => ({
    attrs: { deps: rule.imports.map((chart) => override(chart) ?? owners(chart)[0]!.label) },
    problems: [],
  }),
};

interface Directory {
  path: string;
  files: string[];
  config: string;
  rules: { kind: string; name: string }[];
  repository: { read(path: string): string };
}

interface Resolver {
  override(chart: string): string | undefined;
  owners(chart: string): { label: string }[];
}
