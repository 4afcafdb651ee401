"""A test as it is with another Pro toolchain or another value of require_pro."""

_TOOLCHAINS = "//command_line_option:extra_toolchains"
_REQUIRE = "//pro:require_pro"

def _transition_impl(settings, attr):
    return {_REQUIRE: attr.require_pro, _TOOLCHAINS: [attr.toolchain] + settings[_TOOLCHAINS]}

_transition = transition(implementation = _transition_impl, inputs = [_TOOLCHAINS], outputs = [_REQUIRE, _TOOLCHAINS])

def _under_impl(ctx):
    actual = ctx.attr.actual[0][DefaultInfo]
    out = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = out, target_file = actual.files_to_run.executable, is_executable = True)
    return [DefaultInfo(executable = out, runfiles = actual.default_runfiles.merge(ctx.runfiles([out])))]

under = rule(
    _under_impl,
    attrs = {
        "actual": attr.label(cfg = _transition, executable = True, mandatory = True),
        "require_pro": attr.bool(),
        "toolchain": attr.string(mandatory = True),
        "_allowlist_function_transition": attr.label(default = "@bazel_tools//tools/allowlists/function_transition_allowlist"),
    },
    executable = True,
)
