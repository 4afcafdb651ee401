"""helm_lint_test: helm's own opinion of a chart, strictly."""

load(":chart.bzl", "HelmChartInfo")
load(":toolchain.bzl", "KUBE_VERSION", "SCRIPTS", "TOOLCHAIN", "helm_of", "name_of", "program", "script")

def _helm_lint_test_impl(ctx):
    chart = ctx.attr.chart[HelmChartInfo]
    return program(
        ctx,
        ctx.file._lint_sh,
        [
            ctx.file._helm_sh.short_path,
            helm_of(ctx).helm.short_path,
            name_of(ctx.attr.chart.label),
            chart.chart.short_path,
            chart.archive.short_path,
            ctx.attr.kube_version,
        ] + [file.short_path for file in ctx.files.values],
        [chart.archive] + ctx.files.values,
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
    attrs = SCRIPTS | {
        "chart": attr.label(doc = "A helm_chart.", mandatory = True, providers = [HelmChartInfo]),
        "values": attr.label_list(doc = "Values files over the chart's own; later ones win.", allow_files = [".yaml", ".yml", ".json"]),
        "kube_version": attr.string(doc = "The Kubernetes to lint for.", default = KUBE_VERSION),
        "_lint_sh": script("lint.sh"),
    },
    test = True,
    toolchains = [TOOLCHAIN],
)
