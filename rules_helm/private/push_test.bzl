"""helm_push_test: the digest in a registry is the one that the build told."""

load(":chart.bzl", "HelmChartInfo")
load(":toolchain.bzl", "SCRIPTS", "TOOLCHAIN", "helm_of", "name_of", "program", "script")

def _helm_push_test_impl(ctx):
    chart = ctx.attr.chart[HelmChartInfo]
    return program(
        ctx,
        ctx.file._push_test_sh,
        [
            ctx.file._helm_sh.short_path,
            helm_of(ctx).helm.short_path,
            ctx.executable.crane.short_path,
            ctx.file._push_sh.short_path,
            name_of(ctx.attr.chart.label),
            chart.archive.short_path,
            chart.digest.short_path,
        ],
        [chart.archive, chart.digest, ctx.executable.crane, ctx.file._push_sh],
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
    attrs = SCRIPTS | {
        "chart": attr.label(doc = "A helm_chart.", mandatory = True, providers = [HelmChartInfo]),
        "crane": attr.label(
            doc = "crane, whose `registry serve` is the registry.",
            mandatory = True,
            executable = True,
            cfg = "exec",
        ),
        "_push_sh": script("push.sh"),
        "_push_test_sh": script("push_test.sh"),
    },
    test = True,
    toolchains = [TOOLCHAIN],
)
