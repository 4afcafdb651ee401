"""helm_push: a chart to an OCI registry."""

load(":chart.bzl", "HelmChartInfo")
load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_program")
load(":toolchain.bzl", "check", "helm_of", "name_of")

def _helm_push_impl(ctx):
    repository = ctx.attr.repository
    check(ctx, "repository", repository.startswith("oci://") and len(repository) > len("oci://"), "oci://HOST/PATH", repository)
    check(ctx, "repository", not repository.endswith("/"), "no / at the end", repository)
    chart = ctx.attr.chart[HelmChartInfo]
    return engine_program(
        ctx,
        command = "push",
        files = [chart.archive, chart.digest],
        params = {
            "archive": chart.archive.short_path,
            "digest": chart.digest.short_path,
            "helm": helm_of(ctx).helm.short_path,
            "label": name_of(ctx.attr.chart.label),
            "repository": repository,
        },
    )

helm_push = rule(
    _helm_push_impl,
    doc = """Pushes a chart with `helm push` and the credentials of whoever runs it; fails when the digest is not the one of the build.

    bazel run :trips-api.push
    bazel run :trips-api.push -- --repository oci://localhost:5000/charts --plain-http
""",
    attrs = ENGINE | {
        "chart": attr.label(doc = "A helm_chart.", mandatory = True, providers = [HelmChartInfo]),
        "repository": attr.string(doc = "Where to, `oci://HOST/PATH`; helm adds the chart's name.", mandatory = True),
    },
    executable = True,
    toolchains = TOOLCHAINS,
)
