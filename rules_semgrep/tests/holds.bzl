"""A test of what a file holds."""

load("//private:engine.bzl", "ENGINE", "TOOLCHAINS", "launcher")

def _holds_test_impl(ctx):
    words = [ctx.file._holds.short_path, ctx.file.src.short_path] + ctx.attr.texts
    made = launcher(ctx, words, [ctx.file._holds, ctx.file.src])
    return [DefaultInfo(executable = made.executable, runfiles = made.runfiles)]

holds_test = rule(
    _holds_test_impl,
    doc = "Passes when a file holds the texts, in this order.",
    attrs = ENGINE | {
        "src": attr.label(allow_single_file = True, mandatory = True),
        "texts": attr.string_list(mandatory = True),
        "_holds": attr.label(default = "//tests:holds.ts", allow_single_file = True),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
