"""nodejs_toolchain: a Node that programs and actions run on."""

NodeInfo = provider(
    doc = "A Node, and the npm that belongs to it.",
    fields = {
        "node": "File of the program, or None",
        "node_path": "path of a Node of the machine, where node is None",
        "npm": "File of npm's entry point, or None",
        "npm_path": "path of npm's entry point",
        "npm_sources": "depset of the files that npm needs",
        "headers": "always None in the airgap lane",
    },
)

def _nodejs_toolchain_impl(ctx):
    node, npm = ctx.file.node, ctx.file.npm
    if bool(node) == bool(ctx.attr.node_path):
        fail("{}: give either node or node_path".format(ctx.label))
    if npm and ctx.attr.npm_path:
        fail("{}: give npm or npm_path, not both".format(ctx.label))
    files = [file for file in [node, npm] if file]
    default = DefaultInfo(files = depset(files), runfiles = ctx.runfiles(files = files))
    variables = platform_common.TemplateVariableInfo({
        "NODE_PATH": node.path if node else ctx.attr.node_path,
        "NPM_PATH": npm.path if npm else ctx.attr.npm_path,
    })
    info = NodeInfo(
        node = node,
        node_path = ctx.attr.node_path,
        npm = npm,
        npm_path = npm.path if npm else ctx.attr.npm_path,
        npm_sources = depset([npm] if npm else [], transitive = [depset(ctx.files.npm_srcs)]),
        headers = None,
    )
    return [
        default,
        variables,
        platform_common.ToolchainInfo(nodeinfo = info, template_variables = variables, default = default),
    ]

_nodejs_toolchain = rule(
    implementation = _nodejs_toolchain_impl,
    doc = "See the macro nodejs_toolchain.",
    attrs = {
        "node": attr.label(allow_single_file = True, cfg = "exec", executable = True),
        "node_path": attr.string(),
        "npm": attr.label(allow_single_file = True),
        "npm_path": attr.string(),
        "npm_srcs": attr.label_list(allow_files = True),
    },
)

def nodejs_toolchain(name, node = None, node_path = "", npm = None, npm_path = "", npm_srcs = [], headers = None, **kwargs):
    """Declares a Node. Register it by a toolchain() for each of the two types of //nodejs.

    Args:
      name: the target
      node: the program
      node_path: path of the machine's own Node, instead of node
      npm: npm's entry point
      npm_path: path of npm's entry point, instead of npm
      npm_srcs: files that npm needs
      headers: not supported
      **kwargs: attributes of all rules
    """
    if headers:
        fail("nodejs_toolchain of the airgap stand-in for rules_nodejs 6.7.4 does not support headers: build no native addon, take one that npm has")
    _nodejs_toolchain(
        name = name,
        node = node,
        node_path = node_path,
        npm = npm,
        npm_path = npm_path,
        npm_srcs = npm_srcs,
        **kwargs
    )
