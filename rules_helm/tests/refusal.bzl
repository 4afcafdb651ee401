"""Tests that something fails, and how: a rendering, a packing, or another test."""

load("//private:engine.bzl", "ENGINE", "TOOLCHAINS", "engine_words", "launcher", "node_of")
load("//private:template.bzl", "HelmTemplateInfo")
load("//private:toolchain.bzl", "helm_of", "name_of")

def _call(ctx):
    """The command and its parameters, and the Files that they need."""
    helm = helm_of(ctx).helm.short_path
    if ctx.attr.template:
        template = ctx.attr.template[HelmTemplateInfo]
        own = {"form": ctx.attr.form, "helm": helm, "out": "rendered.yaml"}
        return "render", template.params(lambda file: file.short_path) | own, template.inputs
    root = [file.short_path for file in ctx.files.chart if file.basename == "Chart.yaml"][0].removesuffix("Chart.yaml")
    files = [[file.short_path, file.short_path.removeprefix(root)] for file in ctx.files.chart]
    return "package", {"files": files, "helm": helm, "label": name_of(ctx.label), "out": "chart.tgz"}, ctx.files.chart

def _refusal_test_impl(ctx):
    if ctx.attr.test:
        words, files = [ctx.executable.test.short_path], []
        runfiles = ctx.attr.test[DefaultInfo].default_runfiles
    else:
        command, params, inputs = _call(ctx)
        call = engine_words(ctx, command, params)
        words, files = [node_of(ctx).short_path] + call.words, call.files + inputs
        runfiles = ctx.runfiles()
    task = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(task, json.encode({"command": words, "expect": ctx.attr.expect}))
    made = launcher(ctx, [ctx.file._refusal.short_path, task.short_path], files + [ctx.file._refusal, task])
    return [DefaultInfo(executable = made.executable, runfiles = made.runfiles.merge(runfiles))]

refusal_test = rule(
    _refusal_test_impl,
    doc = "Passes when rendering a template, packing the files of a chart, or another test fails with the expected texts.",
    attrs = ENGINE | {
        "template": attr.label(providers = [HelmTemplateInfo]),
        "form": attr.string(default = "sorted"),
        "chart": attr.label_list(allow_files = True),
        "test": attr.label(executable = True, cfg = "target"),
        "expect": attr.string_list(mandatory = True),
        "_refusal": attr.label(default = "//tests:refusal.ts", allow_single_file = True),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
