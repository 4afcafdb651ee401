import { readFile } from "node:fs/promises";
import { type MetricObject, Registry } from "prom-client";
import { expect, test } from "vitest";
import { systemClock } from "#lib/operator/clock.ts";
import { kitMetrics } from "#lib/operator/metrics.ts";
import { callBudget } from "#operators/cloudflare/api/budget.ts";
import { operatorMetrics } from "#operators/cloudflare/metrics.ts";
import { renderChart } from "./render.ts";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<"summary" | "description" | "runbook_url", string>>;
}

const CHART = "charts/cloudflare-operator";
const API = "monitoring.coreos.com/v1";
const RULE = "PrometheusRule/cloudflare-operator";
const render = (alerts: object, apiVersions: readonly string[] = [API]) =>
  renderChart(CHART, { overlay: "production", values: { alerts }, apiVersions });
const rulesOf = async (alerts: object = {}): Promise<readonly Rule[]> => {
  const { spec } = (await render({ enabled: true, ...alerts })).get(RULE) ?? {};
  return (spec as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }).groups.flatMap(
    ({ rules }) => rules,
  );
};

/** All metrics of the operator, with their labels: name → labels. */
async function metricsOfOperator(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const registry = new Registry();
  const clock = systemClock();
  kitMetrics(registry).controller("cloudflare", 1);
  operatorMetrics(registry, clock.nowMs, callBudget({ clock }));
  const metrics = registry.getMetricsAsArray() as unknown as readonly (MetricObject & {
    readonly labelNames: readonly string[];
  })[];
  return new Map(
    metrics.flatMap(({ name, type, labelNames }) => {
      const suffixes = String(type) === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      return suffixes.map((suffix): [string, Set<string>] => [
        name + suffix,
        new Set([...labelNames, ...(suffix === "_bucket" ? ["le"] : [])]),
      ]);
    }),
  );
}

/** The metrics that an expression of PromQL reads, with the labels that it selects by. */
function metricsIn(expression: string): readonly { readonly name: string; readonly labels: readonly string[] }[] {
  const grouped = expression.replaceAll(/\b(by|without|on|ignoring) \([^)]*\)/g, "").replaceAll(/\[[^\]]*\]/g, "");
  return [...grouped.matchAll(/([a-z_]\w*)(\{[^}]*\})?(?!\w|\s*\()/g)]
    .filter(([whole, name = ""]) => name.includes("_") || whole.includes("{"))
    .map(([, name = "", selector = ""]) => ({
      name,
      labels: [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = ""]) => label),
    }));
}

/** What expressions read that the operator does not have. */
async function unknownIn(expressions: readonly string[]): Promise<readonly string[]> {
  const metrics = await metricsOfOperator();
  return expressions.flatMap((expression) => {
    const read = metricsIn(expression);
    if (read.length === 0) return [`${expression} reads no metric`];
    return read.flatMap(({ name, labels }) => {
      const known = metrics.get(name);
      if (known === undefined) return [`${name} in ${expression}`];
      return labels.filter((label) => !known.has(label)).map((label) => `${name}{${label}} in ${expression}`);
    });
  });
}

test("alerts are there for who wants them, where the cluster has the kind", async () => {
  expect((await render({ enabled: true })).has(RULE)).toBe(true);
  expect((await render({})).has(RULE)).toBe(false);
  expect((await render({ enabled: true }, [])).has(RULE)).toBe(false);
});

test("each alert reads metrics that the operator has, and says where to read on", async () => {
  const runbook = "https://wiki.example.org/cloudflare#runbook";
  const rules = await rulesOf({ runbook });
  expect(rules.length).toBeGreaterThan(7);
  expect(await unknownIn(rules.map(({ expr }) => expr))).toEqual([]);
  for (const { annotations } of rules) {
    expect(annotations.runbook_url).toBe(runbook);
    expect(annotations.summary).toMatch(/^[A-Z].*\.$/);
    expect(annotations.description).toMatch(/\.$/);
  }
});

test("each alert has a row of the runbook", async () => {
  const readme = await readFile("operators/cloudflare/README.md", "utf8");
  const [, runbook = ""] = /## Runbook\n([^]*?)\n## /.exec(readme) ?? [];
  const without = (await rulesOf()).filter(
    ({ alert }) => !runbook.includes(`\`${alert.replace("CloudflareOperator", "")}\``),
  );
  expect(without.map(({ alert }) => alert)).toEqual([]);
});

test("the dashboard reads metrics that the operator has", async () => {
  const text = (await render({})).get("ConfigMap/cloudflare-operator-dashboard")?.data?.["cloudflare-operator.json"];
  const { panels } = JSON.parse(text ?? "{}") as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  };
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(expressions.length).toBeGreaterThan(9);
  expect(await unknownIn(expressions)).toEqual([]);
});

test("an expression with a metric or a label that there is not is found", async () => {
  expect(await unknownIn(['sum by (call) (rate(cloudflare_calls_total{outcome="ok"}[5m])) > 0'])).toEqual([
    expect.stringMatching(/^cloudflare_calls_total in /),
  ]);
  expect(await unknownIn(['max(cloudflare_resources{phase="Failed"} or vector(0))'])).toEqual([
    expect.stringMatching(/^cloudflare_resources\{phase\} in /),
  ]);
});
