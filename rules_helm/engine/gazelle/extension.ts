import { posix } from "node:path";
import { type Dependency, readChartFile } from "./chart-file.ts";
import type { Config, Directory, Folder, Generated, Problem, Resolved, Resolver, Rule, RuleView } from "./shape.ts";

const chartFile = "Chart.yaml";
const overlayFile = /^overlays\/([^/]+)\.ya?ml$/;

/** The name under which every argocd_app of the repository can be found. */
const everyApp = "every argocd_app";

/** What `resolve` needs: the dependencies of a chart, or that all apps are wanted. */
type Wanted = { readonly dependencies: readonly Dependency[] } | { readonly apps: true };

/**
 * Writes BUILD rules for charts: a `helm_chart` for each Chart.yaml with its dependencies, an `argocd_app` for each
 * values file in overlays/, and the `apps` of `manifests`. The shape is the one of the Gazelle that loads it.
 */
export const extension = {
  name: "helm",
  kinds: {
    helm_chart: { matchAny: true, nonEmptyAttrs: [], mergeableAttrs: [], resolveAttrs: ["deps"] },
    argocd_app: { nonEmptyAttrs: [], mergeableAttrs: [], resolveAttrs: [] },
    manifests: { nonEmptyAttrs: [], mergeableAttrs: [], resolveAttrs: ["apps"] },
  },
  loads: [{ from: "@rules_helm//:defs.bzl", kinds: ["argocd_app", "helm_chart", "manifests"] }],
  directives: ["argocd", "argocd_namespace"],
  configure,
  ownsSubfolders: ({ files }: Folder) => files.includes(chartFile),
  generate,
  imports: (rule: RuleView, { path }: Directory) => {
    if (rule.kind === "argocd_app") return [{ name: everyApp }];
    if (rule.kind !== "helm_chart") return [];
    return [{ name: posix.join(path, posix.dirname(rule.text("chart") ?? chartFile)) }];
  },
  resolve,
};

function configure(parent: Config | undefined, { directives, report }: Folder): Config {
  let config = parent ?? { argocd: true, namespace: undefined };
  for (const directive of directives) {
    const { key, value } = directive;
    if (key === "argocd" && (value === "enabled" || value === "disabled")) {
      config = { ...config, argocd: value === "enabled" };
    } else if (key === "argocd") {
      report(directive, 'no such setting; write "# gazelle:argocd enabled|disabled"');
    } else if (key === "argocd_namespace" && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)) {
      config = { ...config, namespace: value };
    } else if (key === "argocd_namespace") {
      report(directive, 'no name of a namespace; write "# gazelle:argocd_namespace <namespace>"');
    }
  }
  return config;
}

function generate(directory: Directory): Generated {
  const { files, path, repository, rules } = directory;
  const lists = rules
    .filter(({ kind }) => kind === "manifests")
    .map(({ name }): Rule => ({ kind: "manifests", name, attrs: {}, imports: { apps: true } satisfies Wanted }));
  const charts = rules.filter(
    (rule) => rule.kind === "helm_chart" && [undefined, chartFile].includes(rule.text("chart")),
  );
  if (!files.includes(chartFile)) return { rules: lists, empty: [...charts, ...staleApps(directory)] };

  const file = posix.join(path, chartFile);
  const read = readChartFile(repository.read(file));
  if ("faults" in read) return { rules: [], empty: [], problems: read.faults.map((fault) => ({ file, ...fault })) };
  const { name, library, dependencies } = read.chart;
  const visibility =
    library && directory.defaultVisibility.length === 0 ? ["//visibility:public"] : directory.defaultVisibility;
  const chart: Rule = { kind: "helm_chart", name, attrs: { visibility }, imports: { dependencies } satisfies Wanted };
  const target = charts[0]?.name ?? name;
  const apps = library || !directory.config.argocd ? [] : wantedApps(directory, target, name);
  return { rules: [chart, ...apps, ...lists], empty: library ? appsAmong(rules) : staleApps(directory) };
}

function appsAmong(rules: readonly RuleView[]): readonly RuleView[] {
  return rules.filter(({ kind }) => kind === "argocd_app");
}

/** An app for each overlay; one that already reads the file of an overlay keeps its name. */
function wantedApps({ config, files, rules }: Directory, target: string, chart: string): readonly Rule[] {
  const namespace = config.namespace ?? chart;
  return files.flatMap((file) => {
    const overlay = overlayFile.exec(file)?.[1];
    if (overlay === undefined) return [];
    const reader = appsAmong(rules).find((rule) => rule.list("values").includes(file));
    const attrs = { chart: `:${target}`, namespace, values: [file] };
    return [{ kind: "argocd_app", name: reader?.name ?? overlay, attrs }];
  });
}

/** Apps whose overlay is gone. */
function staleApps({ files, rules }: Directory): readonly RuleView[] {
  return appsAmong(rules).filter((rule) => {
    const overlays = rule.list("values").filter((file) => overlayFile.test(file));
    return overlays.length > 0 && overlays.every((file) => !files.includes(file));
  });
}

function resolve({ kind, imports }: Rule, resolver: Resolver): Resolved {
  const wanted = imports as Wanted | undefined;
  if (wanted === undefined) return { attrs: {}, problems: [] };
  if ("apps" in wanted) {
    const apps = resolver.owners(everyApp).map(({ label }) => label);
    return { attrs: { apps: [...apps].sort() }, problems: [] };
  }
  const problems: Problem[] = [];
  const deps = wanted.dependencies.flatMap((dependency) => {
    const label = chartLabel(dependency, resolver);
    if (typeof label === "string") return [label];
    problems.push({ file: posix.join(resolver.package, chartFile), line: dependency.line, message: label.message });
    return [];
  });
  return { attrs: kind === "helm_chart" ? { deps: [...new Set(deps)] } : {}, problems };
}

function chartLabel({ name, repository }: Dependency, { owners, override, package: here }: Resolver): string | Error {
  const said = override(name);
  if (said !== undefined) return said;
  const directive = `"# gazelle:resolve helm ${name} <label>"`;
  if (!repository.startsWith("file://")) {
    const from = repository === "" ? "has no repository" : `comes from ${repository}`;
    return new Error(
      `the chart "${name}" ${from}; expected file://<folder of its Chart.yaml>, or say which target it is: ${directive}`,
    );
  }
  const folder = posix.join(here, repository.slice("file://".length)).replace(/\/$/, "");
  const found = owners(folder).filter(({ kind }) => kind === "helm_chart");
  if (found.length === 1) return found[0]!.label;
  if (found.length === 0) {
    return new Error(
      `no chart "${name}" in ${folder}; add its Chart.yaml, correct the repository, or say which target it is: ${directive}`,
    );
  }
  const labels = found.map(({ label }) => label).join(" and ");
  return new Error(`${folder} is packed by ${labels}; say which one is meant: ${directive}`);
}
