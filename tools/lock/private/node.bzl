"""Node as a toolchain of rules_nodejs."""

load(":platforms.bzl", "PLATFORMS")

NODE_BUILD_FILE = """\
load("@rules_nodejs//nodejs:toolchain.bzl", "nodejs_toolchain")

package(default_visibility = ["//visibility:public"])

exports_files(["bin/node", "LICENSE"])

alias(
    name = "node",
    actual = "bin/node",
)

nodejs_toolchain(
    name = "toolchain",
    node = "bin/node",
)
"""

_TOOLCHAIN = """
toolchain(
    name = "{platform}",
    exec_compatible_with = {constraints},
    toolchain = "@node_{platform}//:toolchain",
    toolchain_type = "@rules_nodejs//nodejs:toolchain_type",
)

toolchain(
    name = "{platform}_runtime",
    target_compatible_with = {constraints},
    toolchain = "@node_{platform}//:toolchain",
    toolchain_type = "@rules_nodejs//nodejs:runtime_toolchain_type",
)
"""

def _node_toolchains_impl(rctx):
    rctx.file("BUILD.bazel", "".join([
        _TOOLCHAIN.format(platform = platform, constraints = PLATFORMS[platform])
        for platform in rctx.attr.platforms
    ]))

node_toolchains = repository_rule(
    _node_toolchains_impl,
    doc = "Declares the toolchains apart from the Node binaries, so that only the one that is needed is fetched.",
    attrs = {"platforms": attr.string_list(mandatory = True)},
)
