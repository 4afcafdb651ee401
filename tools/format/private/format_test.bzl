"""format_test: the check of a package's files, as a test with exactly these inputs."""

_TOOLS = ["buildifier", "shellcheck", "shfmt"]

def _format_test_impl(ctx):
    manifest = ctx.actions.declare_file(ctx.label.name + ".files.json")
    ctx.actions.write(manifest, json.encode([file.short_path for file in ctx.files.srcs + ctx.files._config]))
    script = ctx.actions.declare_file(ctx.label.name)
    programs = {name.upper() + "_BIN": getattr(ctx.file, "_" + name).short_path for name in _TOOLS}
    ctx.actions.write(script, "\n".join(
        ["#!/usr/bin/env bash"] +
        ["export {}='{}'".format(variable, path) for variable, path in programs.items()] +
        ["exec ./'{}' '{}'".format(ctx.executable._check.short_path, manifest.short_path), ""],
    ), is_executable = True)
    runfiles = ctx.runfiles(
        [manifest] + ctx.files.srcs + ctx.files._config + [getattr(ctx.file, "_" + name) for name in _TOOLS],
    )
    return [DefaultInfo(
        executable = script,
        runfiles = runfiles.merge(ctx.attr._check[DefaultInfo].default_runfiles),
    )]

format_test = rule(
    implementation = _format_test_impl,
    doc = "Fails with the list of the files that `bazel run //:format` would change or cannot read.",
    test = True,
    attrs = {
        "srcs": attr.label_list(allow_files = True, doc = "The files to check."),
        "_check": attr.label(default = "//tools/format:check", executable = True, cfg = "target"),
        "_config": attr.label(default = "//:format_config"),
    } | {
        "_" + name: attr.label(default = "//tools/lock:" + name, allow_single_file = True)
        for name in _TOOLS
    },
)
