"""The module extension that turns tools/tools.lock.json into repositories."""

load("//tools/lock/private:archive.bzl", "tool_archive")
load("//tools/lock/private:node.bzl", "NODE_BUILD_FILE", "node_toolchains")

_FILE_BUILD_FILE = """\
exports_files(
    ["{file}"],
    visibility = ["//visibility:public"],
)
"""

def _archives(name, tool):
    for platform, locked in tool["platforms"].items():
        npm = tool["client"] == "npm"
        file = locked["file"]
        tool_archive(
            name = "{}_{}".format("node" if name == "node" else "tool_" + name, platform),
            tool = name,
            client = tool["client"],
            package = locked.get("package", tool.get("package")),
            version = tool["version"],
            digest = locked.get("digest", tool.get("digest")),
            wheel_platform = locked.get("wheel", ""),
            strip_prefix = "package" if npm else "",
            file = file,
            drop = ["include", "share"] if name == "node" else [],
            build_file = NODE_BUILD_FILE if name == "node" else _FILE_BUILD_FILE.format(file = file),
        )

def _tools_impl(mctx):
    lock = json.decode(mctx.read(Label("//tools:tools.lock.json")))
    for name, tool in lock["tools"].items():
        if tool["client"] in ["npm", "pypi"]:
            _archives(name, tool)
    node_toolchains(name = "node_toolchains", platforms = lock["tools"]["node"]["platforms"].keys())
    return mctx.extension_metadata(reproducible = True)

tools = module_extension(
    _tools_impl,
    doc = "Declares a repository for each tool and platform in tools/tools.lock.json; each is fetched when something needs it.",
)
