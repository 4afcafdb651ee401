"""The folder of npm packages that a bundle cannot hold: those with programs of a platform."""

load("@aspect_rules_js//js:providers.bzl", "JsInfo")

_NODE = "@rules_nodejs//nodejs:toolchain_type"
_LINKS = "node_modules/"

def native_names(packages):
    """The names that code imports packages by.

    Args:
      packages: labels such as //:node_modules/sharp
    Returns:
      names such as sharp
    """
    names = []
    for package in packages:
        label = native.package_relative_label(package)
        if not label.name.startswith(_LINKS):
            fail("{}: a native package is named by its link, such as //:node_modules/sharp".format(label))
        names.append(label.name.removeprefix(_LINKS))
    return names

def _native_packages_folder_impl(ctx):
    files = depset(transitive = [package[JsInfo].npm_sources for package in ctx.attr.packages])
    folders = [file for file in files.to_list() if file.is_directory]
    out = ctx.actions.declare_directory(ctx.label.name)
    arguments = ctx.actions.args()
    arguments.add(ctx.file._program)
    arguments.add_all([out], expand_directories = False)
    arguments.add(ctx.attr.cpu)
    arguments.add_joined(ctx.attr.names, join_with = ",")
    arguments.add_all(folders, expand_directories = False)
    ctx.actions.run(
        arguments = [arguments],
        env = {"NODE_OPTIONS": "--disable-warning=ExperimentalWarning"},
        executable = ctx.toolchains[_NODE].nodeinfo.node,
        inputs = folders,
        mnemonic = "NativePackages",
        outputs = [out],
        progress_message = "Collecting native packages of %{label}",
        tools = [ctx.file._program],
    )
    return DefaultInfo(files = depset([out]))

native_packages_folder = rule(
    implementation = _native_packages_folder_impl,
    doc = "A flat node_modules of packages and all that they need on the target platform, with one version of each.",
    attrs = {
        "cpu": attr.string(mandatory = True, doc = "The target platform's processor, as npm names it."),
        "names": attr.string_list(mandatory = True, doc = "What code imports the packages by."),
        "packages": attr.label_list(mandatory = True, providers = [JsInfo], doc = "Links in node_modules."),
        "_program": attr.label(allow_single_file = True, default = "//tools/image/private:native.ts"),
    },
    toolchains = [_NODE],
)
