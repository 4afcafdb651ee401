"""The one repository that BUILD files see: it knows the lock and chooses by platform."""

load(":platforms.bzl", "PLATFORMS")

_PLATFORM = """
config_setting(
    name = "{platform}",
    constraint_values = {constraints},
)
"""

_ARCHIVE = """
alias(
    name = "{name}",
    actual = select(
        {{{choices}}},
        no_match_error = "tools/tools.lock.json holds no {name} for this platform; it has {platforms}",
    ),
)
"""

_MODULES = """
alias(
    name = "{name}",
    actual = "@go_modules_{name}//:modules",
)
"""

def _tool_hub_impl(rctx):
    tools = json.decode(rctx.attr.lock)["tools"]
    parts = ['package(default_visibility = ["//visibility:public"])\n']
    for platform, constraints in PLATFORMS.items():
        parts.append(_PLATFORM.format(platform = platform, constraints = constraints))
    for name, tool in tools.items():
        if tool["client"] == "go":
            parts.append(_MODULES.format(name = name))
            continue
        label = '":{platform}": "@node_{platform}//:node"' if name == "node" else '":{platform}": "@tool_{name}_{platform}//:files"'
        parts.append(_ARCHIVE.format(
            name = name,
            choices = ", ".join([label.format(name = name, platform = platform) for platform in tool["platforms"]]),
            platforms = ", ".join(tool["platforms"].keys()),
        ))
    rctx.file("BUILD.bazel", "".join(parts))
    rctx.file("lock.bzl", '"""tools/tools.lock.json for BUILD files."""\n\nTOOLS = ' + repr(tools) + "\n")

tool_hub = repository_rule(
    _tool_hub_impl,
    doc = "Aliases of every locked tool by platform, and the lock as a Starlark value.",
    attrs = {"lock": attr.string(mandatory = True, doc = "The text of tools/tools.lock.json.")},
)
