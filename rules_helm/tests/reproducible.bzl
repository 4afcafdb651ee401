"""Tests that a chart is packed into the same bytes each time."""

load("//:defs.bzl", "HelmChartInfo")
load("//private:toolchain.bzl", "SCRIPTS", "TOOLCHAIN", "helm_of", "program", "script")

def _reproducible_test_impl(ctx):
    archive = ctx.attr.chart[HelmChartInfo].archive
    return program(
        ctx,
        ctx.file._reproducible_sh,
        [file.short_path for file in [ctx.file._helm_sh, helm_of(ctx).helm, ctx.file._package_sh, archive]],
        [archive, ctx.file._package_sh],
    )

reproducible_test = rule(
    _reproducible_test_impl,
    doc = "Packs a chart eight times from files with new times.",
    attrs = SCRIPTS | {
        "chart": attr.label(mandatory = True, providers = [HelmChartInfo]),
        "_package_sh": script("package.sh"),
        "_reproducible_sh": attr.label(default = "//tests:reproducible.sh", allow_single_file = True),
    },
    test = True,
    toolchains = [TOOLCHAIN],
)
