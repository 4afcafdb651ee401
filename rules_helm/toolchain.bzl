"""The helm that all rules use, as a Bazel toolchain."""

def _helm_toolchain_impl(ctx):
    numbers = ctx.attr.version.removeprefix("v").split(".")
    if len(numbers) != 3 or not numbers[0].isdigit():
        fail("{}: version: expected MAJOR.MINOR.PATCH such as 4.3.1, received \"{}\"".format(ctx.label, ctx.attr.version))
    if int(numbers[0]) < 4:
        fail("{}: version: expected helm 4 or newer, received \"{}\"".format(ctx.label, ctx.attr.version))
    return [platform_common.ToolchainInfo(
        kubeconform = ctx.executable.kubeconform,
        helm = ctx.executable.helm,
        runfiles = ctx.attr.helm[DefaultInfo].default_runfiles,
        files_to_run = ctx.attr.helm[DefaultInfo].files_to_run,
        version = ctx.attr.version,
    )]

helm_toolchain = rule(
    _helm_toolchain_impl,
    doc = """Names the helm that charts are packed, linted, rendered and pushed with.

```starlark
load("@rules_helm//:toolchain.bzl", "helm_toolchain")

helm_toolchain(
    name = "helm_toolchain",
    helm = "//third_party:helm",
    version = "4.3.1",
)

toolchain(
    name = "toolchain",
    toolchain = ":helm_toolchain",
    toolchain_type = "@rules_helm//:toolchain_type",
)
```
and `register_toolchains("//third_party:toolchain")` in MODULE.bazel.
""",
    attrs = {
        "helm": attr.label(
            doc = "The helm binary, for the machine that runs actions.",
            mandatory = True,
            executable = True,
            cfg = "exec",
        ),
        "kubeconform": attr.label(
            doc = "kubeconform, for manifest_test; only where that is used.",
            executable = True,
            cfg = "exec",
        ),
        "version": attr.string(doc = "Its version, 4 or newer.", mandatory = True),
    },
)
