"""The module extension that turns tools/tools.lock.json into repositories."""

load("//tools/lock/private:archive.bzl", "tool_archive")
load("//tools/lock/private:go_modules.bzl", "go_modules")
load("//tools/lock/private:hub.bzl", "tool_hub")
load("//tools/lock/private:node.bzl", "NODE_BUILD_FILE", "node_toolchains")
load("//tools/lock/private:platforms.bzl", "host_platform")

_GO_BUILD_FILE = """\
filegroup(
    name = "files",
    srcs = ["go/bin/go", "go/go.env", "go/VERSION"] + glob(
        ["go/pkg/**", "go/src/**"],
        exclude = ["**/*_test.go", "**/testdata/**", "go/pkg/tool/*/cover", "go/pkg/tool/*/fix", "go/pkg/tool/*/vet"],
    ),
    visibility = ["//visibility:public"],
)
"""

_FILE_BUILD_FILE = """\
filegroup(
    name = "files",
    srcs = ["{file}"],
    visibility = ["//visibility:public"],
)
"""

_TREE_BUILD_FILE = """\
filegroup(
    name = "files",
    srcs = glob(["{tree}/**"]),
    visibility = ["//visibility:public"],
)
"""

# What the Go SDK holds that a build never reads.
_GO_DROP = ["go/api", "go/doc", "go/lib", "go/misc", "go/src/cmd", "go/test"]

def _archives(name, tool):
    for platform, locked in tool["platforms"].items():
        file = tool["file"].format(platform = platform, version = tool["version"])
        build_file = _FILE_BUILD_FILE.format(file = file)
        drop = []
        if name == "node":
            build_file = NODE_BUILD_FILE
            drop = ["include", "share"]
        elif name == "go":
            build_file = _GO_BUILD_FILE
            drop = _GO_DROP
        elif "tree" in tool:
            build_file = _TREE_BUILD_FILE.format(tree = tool["tree"].format(version = tool["version"]))
        tool_archive(
            name = "{}_{}".format("node" if name == "node" else "tool_" + name, platform),
            tool = name,
            client = tool["client"],
            package = locked["package"],
            version = tool["version"],
            digest = locked["digest"],
            wheel_platform = locked.get("wheel", ""),
            strip_prefix = "package" if tool["client"] == "npm" else "",
            file = file,
            drop = drop,
            build_file = build_file,
        )

def _tools_impl(mctx):
    lock = mctx.read(Label("//tools:tools.lock.json"))
    tools = json.decode(lock)["tools"]
    for name, tool in tools.items():
        if tool["client"] == "go":
            go_modules(
                name = "go_modules_" + name,
                tool = name,
                module = tool["module"],
                version = tool["version"],
                digest = tool["digest"],
                go = "@tool_go_{}//:go/bin/go".format(host_platform(mctx)),
                go_mod = Label("//tools/lock:go/{}/go.mod".format(name)),
                go_sum = Label("//tools/lock:go/{}/go.sum".format(name)),
            )
        else:
            _archives(name, tool)
    node_toolchains(name = "node_toolchains", platforms = tools["node"]["platforms"].keys())
    tool_hub(name = "tool_lock", lock = lock)
    return mctx.extension_metadata(reproducible = True)

tools = module_extension(
    _tools_impl,
    arch_dependent = True,
    os_dependent = True,
    doc = "Declares a repository for each tool and platform in tools/tools.lock.json; each is fetched when something needs it.",
)
