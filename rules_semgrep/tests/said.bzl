"""Tests of how another test ends, and of what it says."""

load("//private:engine.bzl", "ENGINE", "TOOLCHAINS", "launcher")

def _said_test_impl(ctx):
    task = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(task, json.encode({
        "command": [ctx.executable.test.short_path],
        "expect": ctx.attr.expect,
        "outputs": ctx.attr.outputs,
        "refuse": ctx.attr.refuse,
        "status": ctx.attr.status,
    }))
    made = launcher(ctx, [ctx.file._said.short_path, task.short_path], [ctx.file._said, task])
    runfiles = made.runfiles.merge(ctx.attr.test[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = made.executable, runfiles = runfiles)]

said_test = rule(
    _said_test_impl,
    doc = "Passes when another test, run twice, ends with the status and says the texts, both times the same.",
    attrs = ENGINE | {
        "test": attr.label(executable = True, cfg = "target", mandatory = True),
        "status": attr.int(mandatory = True),
        "expect": attr.string_list(),
        "refuse": attr.string_list(),
        "outputs": attr.string_list_dict(),
        "_said": attr.label(default = "//tests:said.ts", allow_single_file = True),
    },
    test = True,
    toolchains = TOOLCHAINS,
)
