"""Tests that a chart is packed into the same bytes each time."""

load("//:defs.bzl", "HelmChartInfo")
load("//private:engine.bzl", "ENGINE", "TOOLCHAINS", "launcher")
load("//private:toolchain.bzl", "helm_of", "name_of")

def _reproducible_test_impl(ctx):
    chart = ctx.attr.chart[HelmChartInfo]
    helm = helm_of(ctx).helm
    task = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(task, json.encode({
        "archive": chart.archive.short_path,
        "engine": ctx.file._engine.short_path,
        "params": {
            "files": [[file.short_path, place] for place, file in chart.places.items()],
            "helm": helm.short_path,
            "label": name_of(ctx.label),
        },
    }))
    own = [ctx.file._reproducible, ctx.file._engine, task, chart.archive, helm]
    made = launcher(ctx, [ctx.file._reproducible.short_path, task.short_path], own + chart.places.values())
    return [DefaultInfo(executable = made.executable, runfiles = made.runfiles)]

reproducible_test = rule(
    _reproducible_test_impl,
    doc = "Packs a chart eight times, from files with other times and modes and in another order.",
    attrs = ENGINE | {
        "chart": attr.label(mandatory = True, providers = [HelmChartInfo]),
        "_reproducible": attr.label(default = "//tests:reproducible.ts", allow_single_file = True),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
