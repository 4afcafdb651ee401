"""helm_push_test: the digest in a registry is the one that the build told."""

load(":chart.bzl", "HelmChartInfo")
load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":toolchain.bzl", "helm_of", "name_of")

def _helm_push_test_impl(ctx):
    chart = ctx.attr.chart[HelmChartInfo]
    return engine_program(
        ctx,
        command = "push-test",
        files = [chart.archive, chart.digest, ctx.executable.crane],
        params = {
            "archive": chart.archive.short_path,
            "crane": ctx.executable.crane.short_path,
            "digest": chart.digest.short_path,
            "helm": helm_of(ctx).helm.short_path,
            "label": name_of(ctx.attr.chart.label),
        },
    )

helm_push_test = rule(
    _helm_push_test_impl,
    doc = """Pushes a chart to a registry on this machine and compares its digest with the one of the build.

```starlark
helm_push_test(
    name = "push_test",
    chart = ":trips-api",
    crane = "//third_party:crane",
)
```
""",
    attrs = ENGINE | {
        "chart": attr.label(doc = "A helm_chart.", mandatory = True, providers = [HelmChartInfo]),
        "crane": attr.label(
            doc = "crane, whose `registry serve` is the registry.",
            mandatory = True,
            executable = True,
            cfg = "exec",
        ),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
