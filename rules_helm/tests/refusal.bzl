"""Tests that something fails, and how: a rendering, a packing, or another test."""

load("//private:template.bzl", "HelmTemplateInfo")
load("//private:toolchain.bzl", "SCRIPTS", "TOOLCHAIN", "helm_of", "program", "script")

def _refusal_test_impl(ctx):
    helm = [ctx.file._helm_sh.short_path, helm_of(ctx).helm.short_path]
    runfiles = ctx.runfiles([ctx.file._render_sh, ctx.file._arrange_awk, ctx.file._package_sh] + ctx.files.chart)
    extra = []
    if ctx.attr.template:
        template = ctx.attr.template[HelmTemplateInfo]
        flags = ctx.actions.declare_file(ctx.label.name + ".flags")
        ctx.actions.write(flags, template.flags(lambda file: file.short_path))
        extra = template.inputs + [template.chart.archive, flags]
        command = ["bash", ctx.file._render_sh.short_path] + helm + [
            ctx.file._arrange_awk.short_path,
            str(ctx.attr.template.label),
            template.chart.archive.short_path,
            "sorted",
            "rendered.yaml",
            flags.short_path,
        ]
    elif ctx.attr.chart:
        layout = ctx.actions.declare_file(ctx.label.name + ".layout")
        root = [file.short_path for file in ctx.files.chart if file.basename == "Chart.yaml"][0].removesuffix("Chart.yaml")
        ctx.actions.write(layout, "".join(["{}\t{}\n".format(file.short_path, file.short_path.removeprefix(root)) for file in ctx.files.chart]))
        extra = [layout]
        command = ["bash", ctx.file._package_sh.short_path] + helm + [str(ctx.label), "chart.tgz", layout.short_path]
    else:
        command = [ctx.executable.test.short_path]
        runfiles = runfiles.merge(ctx.attr.test[DefaultInfo].default_runfiles)
    base = program(ctx, ctx.file._refusal_sh, ctx.attr.expect + ["--"] + command, extra)[0]
    return [DefaultInfo(
        executable = base.files.to_list()[0],
        runfiles = base.default_runfiles.merge(runfiles),
    )]

refusal_test = rule(
    _refusal_test_impl,
    doc = "Passes when rendering a template, packing the files of a chart, or another test fails with the expected texts.",
    attrs = SCRIPTS | {
        "template": attr.label(providers = [HelmTemplateInfo]),
        "chart": attr.label_list(allow_files = True),
        "test": attr.label(executable = True, cfg = "target"),
        "expect": attr.string_list(mandatory = True),
        "_arrange_awk": script("arrange.awk"),
        "_package_sh": script("package.sh"),
        "_refusal_sh": attr.label(default = "//tests:refusal.sh", allow_single_file = True),
        "_render_sh": script("render.sh"),
    },
    test = True,
    toolchains = [TOOLCHAIN],
)
