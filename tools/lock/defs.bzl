"""Targets for the tools in tools/tools.lock.json."""

load("//tools/lock/private:go_tool.bzl", "go_std", "go_tool")
load("//tools/lock/private:locked.bzl", "locked_file", "locked_tree")

_GO_PLATFORM = {
    "goarch": select({
        "@platforms//cpu:arm64": "arm64",
        "@platforms//cpu:x86_64": "amd64",
    }),
    "goos": select({
        "@platforms//os:linux": "linux",
        "@platforms//os:macos": "darwin",
    }),
    "sdk": "@tool_lock//:go",
}

def _fill(text, version):
    numbers = version.removeprefix("v").split(".")
    return text.format(version = version, major = numbers[0], minor = numbers[1])

def locked_tools(tools):
    """Declares a target for each tool in the lock, named like the tool.

    All are tagged manual: `//...` does not build a tool that nothing needs.

    Example:
        load("@tool_lock//:lock.bzl", "TOOLS")
        locked_tools(TOOLS)

    Args:
        tools: the lock's tools by name.
    """
    go_std(name = "go_std", tags = ["manual"], **_GO_PLATFORM)
    for name, tool in tools.items():
        common = {"name": name, "tags": ["manual"], "visibility": ["//visibility:public"]}
        if tool["client"] == "go":
            go_tool(
                package = tool["package"],
                go_mod = "go/{}/go.mod".format(name),
                go_sum = "go/{}/go.sum".format(name),
                modules = "@tool_lock//:" + name,
                std = ":go_std",
                variables = {
                    variable: _fill(value, tool["version"])
                    for variable, value in tool.get("variables", {}).items()
                },
                **(common | _GO_PLATFORM)
            )
        elif "tree" in tool:
            locked_tree(
                srcs = ["@tool_lock//:" + name],
                prefix = tool["tree"].format(version = tool["version"]),
                **common
            )
        else:
            locked_file(src = "@tool_lock//:" + name, **common)
