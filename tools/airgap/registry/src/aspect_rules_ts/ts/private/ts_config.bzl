"""ts_config: a tsconfig.json together with those that it extends."""

load("@aspect_rules_js//js:providers.bzl", "JsInfo")
load("@bazel_lib//lib:copy_to_bin.bzl", "COPY_FILE_TO_BIN_TOOLCHAINS", "copy_file_to_bin_action")

TsConfigInfo = provider(
    doc = "A TypeScript configuration and all that it needs to be read.",
    fields = {"deps": "depset of files: the tsconfig.json and those that it extends"},
)

def _ts_config_impl(ctx):
    src = copy_file_to_bin_action(ctx, ctx.file.src)
    transitive = [dep[TsConfigInfo].deps for dep in ctx.attr.deps if TsConfigInfo in dep]
    transitive += [dep[JsInfo].transitive_types for dep in ctx.attr.deps if JsInfo in dep]
    transitive += [dep[JsInfo].npm_sources for dep in ctx.attr.deps if JsInfo in dep]
    transitive += [dep[DefaultInfo].files for dep in ctx.attr.deps if TsConfigInfo not in dep and JsInfo not in dep]
    files = depset([src])
    return [
        DefaultInfo(files = files, runfiles = ctx.runfiles(files = [src], transitive_files = depset(transitive = transitive))),
        TsConfigInfo(deps = depset([src], transitive = transitive)),
    ]

ts_config = rule(
    implementation = _ts_config_impl,
    doc = "A tsconfig.json with the files that it extends.",
    attrs = {
        "deps": attr.label_list(allow_files = [".json"], doc = "ts_config targets or files that src extends"),
        "src": attr.label(allow_single_file = [".json"], mandatory = True, doc = "the tsconfig.json"),
    },
    toolchains = COPY_FILE_TO_BIN_TOOLCHAINS,
)
