"""The Pro engine as an optional toolchain: there, or absent with a reason."""

PRO_TOOLCHAIN = "@rules_semgrep//pro:toolchain_type"

def _semgrep_pro_toolchain_impl(ctx):
    if bool(ctx.attr.absent) == bool(ctx.file.binary):
        fail("{}: expected either binary or absent, received {}".format(ctx.label, "both" if ctx.file.binary else "none"))
    return [platform_common.ToolchainInfo(
        absent = ctx.attr.absent,
        binary = ctx.file.binary,
        version = ctx.attr.version,
    )]

semgrep_pro_toolchain = rule(
    _semgrep_pro_toolchain_impl,
    doc = """Names the Pro engine, or says why there is none. The repository `@semgrep_pro` declares it; see docs/pro.md.

One that is kept elsewhere (in a private artifact store) can be named by hand:
```starlark
semgrep_pro_toolchain(
    name = "pro",
    binary = "@our_store//:semgrep-core-proprietary",
    version = "1.185.0",
)

toolchain(
    name = "pro_toolchain",
    toolchain = ":pro",
    toolchain_type = "@rules_semgrep//pro:toolchain_type",
)
```
""",
    attrs = {
        "absent": attr.string(doc = "Why there is no Pro engine: tests that need it say so and are skipped."),
        "binary": attr.label(doc = "The program semgrep-core-proprietary.", allow_single_file = True, cfg = "exec"),
        "version": attr.string(doc = "Its version, which has to be that of the semgrep_toolchain.", mandatory = True),
    },
)
