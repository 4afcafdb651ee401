"""helm_push: a chart to an OCI registry."""

load(":chart.bzl", "HelmChartInfo")
load(":toolchain.bzl", "SCRIPTS", "TOOLCHAIN", "check", "helm_of", "name_of", "program", "script")

def _helm_push_impl(ctx):
    repository = ctx.attr.repository
    check(ctx, "repository", repository.startswith("oci://") and len(repository) > len("oci://"), "oci://HOST/PATH", repository)
    check(ctx, "repository", not repository.endswith("/"), "no / at the end", repository)
    chart = ctx.attr.chart[HelmChartInfo]
    return program(
        ctx,
        ctx.file._push_sh,
        [
            ctx.file._helm_sh.short_path,
            helm_of(ctx).helm.short_path,
            name_of(ctx.attr.chart.label),
            chart.archive.short_path,
            chart.digest.short_path,
            repository,
        ],
        [chart.archive, chart.digest],
    )

helm_push = rule(
    _helm_push_impl,
    doc = """Pushes a chart with `helm push` and the credentials of whoever runs it; fails when the digest is not the one of the build.

    bazel run :trips-api.push
    bazel run :trips-api.push -- --repository oci://localhost:5000/charts --plain-http
""",
    attrs = SCRIPTS | {
        "chart": attr.label(doc = "A helm_chart.", mandatory = True, providers = [HelmChartInfo]),
        "repository": attr.string(doc = "Where to, `oci://HOST/PATH`; helm adds the chart's name.", mandatory = True),
        "_push_sh": script("push.sh"),
    },
    executable = True,
    toolchains = [TOOLCHAIN],
)
