"""How a crane is registered: `crane_toolchain` with a `toolchain` of type `@rules_oci//oci:crane_toolchain_type`."""

CraneInfo = provider(
    doc = "A crane that oci_push runs.",
    fields = {
        "binary": "the executable file",
        "version": "its version, without a leading v",
    },
)

def _crane_toolchain_impl(ctx):
    binary = ctx.executable.crane
    default = DefaultInfo(
        files = depset([binary]),
        runfiles = ctx.runfiles([binary]).merge(ctx.attr.crane[DefaultInfo].default_runfiles),
    )
    variables = platform_common.TemplateVariableInfo({"CRANE_BIN": binary.path})
    return [
        default,
        variables,
        platform_common.ToolchainInfo(
            crane_info = CraneInfo(binary = binary, version = ctx.attr.version.removeprefix("v")),
            default = default,
            template_variables = variables,
        ),
    ]

crane_toolchain = rule(
    implementation = _crane_toolchain_impl,
    doc = "A crane, to be named by a `toolchain`.",
    attrs = {
        "crane": attr.label(
            doc = "The executable.",
            mandatory = True,
            allow_single_file = True,
            executable = True,
            cfg = "exec",
        ),
        "version": attr.string(doc = "Its version.", mandatory = True),
    },
)
