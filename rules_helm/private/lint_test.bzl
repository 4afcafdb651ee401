"""helm_lint_test: helm's own opinion of a chart, strictly."""

load(":chart.bzl", "HelmChartInfo")
load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":toolchain.bzl", "KUBE_VERSION", "helm_of", "name_of")

def _helm_lint_test_impl(ctx):
    chart = ctx.attr.chart[HelmChartInfo]
    return engine_program(
        ctx,
        command = "lint",
        files = [chart.archive] + ctx.files.values,
        params = {
            "chart": chart.archive.short_path,
            "chartYaml": chart.chart.short_path,
            "helm": helm_of(ctx).helm.short_path,
            "kubeVersion": ctx.attr.kube_version,
            "label": name_of(ctx.attr.chart.label),
            "values": [file.short_path for file in ctx.files.values],
        },
    )

helm_lint_test = rule(
    _helm_lint_test_impl,
    doc = """Runs `helm lint --strict` on a packed chart: with its dependencies, and with values.schema.json applied to the values.

```starlark
helm_lint_test(
    name = "production_lint_test",
    chart = ":trips-api",
    values = ["production.yaml"],
)
```
""",
    attrs = ENGINE | {
        "chart": attr.label(doc = "A helm_chart.", mandatory = True, providers = [HelmChartInfo]),
        "values": attr.label_list(doc = "Values files over the chart's own; later ones win.", allow_files = [".yaml", ".yml", ".json"]),
        "kube_version": attr.string(doc = "The Kubernetes to lint for.", default = KUBE_VERSION),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
