"""npm_package: a folder that can be linked as an npm package."""

load("@bazel_lib//lib:copy_to_directory.bzl", "copy_to_directory")
load("//js:defs.bzl", "js_info_files")
load("//js:libs.bzl", "js_lib_helpers")
load("//private:unsupported.bzl", "unsupported")
load(":package_info.bzl", "NpmPackageInfo")

_REFUSED = ["args", "data", "hardlink", "include_runfiles", "packable", "publishable", "verbose"]

def _npm_package_impl(ctx):
    return [
        DefaultInfo(files = depset([ctx.file.tree]), runfiles = ctx.runfiles([ctx.file.tree])),
        NpmPackageInfo(
            package = ctx.attr.package,
            version = ctx.attr.version,
            src = ctx.file.tree,
            npm_package_store_infos = js_lib_helpers.gather_npm_package_store_infos(ctx.attr.srcs),
        ),
    ]

_npm_package = rule(
    implementation = _npm_package_impl,
    doc = "See the macro npm_package.",
    attrs = {
        "package": attr.string(),
        "srcs": attr.label_list(allow_files = True),
        "tree": attr.label(allow_single_file = True, mandatory = True),
        "version": attr.string(),
    },
    provides = [NpmPackageInfo],
)

def npm_package(
        name,
        srcs = [],
        out = None,
        package = "",
        version = "0.0.0",
        root_paths = ["."],
        include_external_repositories = [],
        include_srcs_packages = ["./**"],
        exclude_srcs_packages = [],
        include_srcs_patterns = ["**"],
        exclude_srcs_patterns = ["**/node_modules/**"],
        replace_prefixes = {},
        allow_overwrites = False,
        include_sources = True,
        include_types = True,
        include_transitive_sources = True,
        include_transitive_types = True,
        include_npm_sources = False,
        **kwargs):
    """Copies sources into a folder that can be linked as an npm package.

    Args:
      name: the target
      srcs: files and libraries
      out: the folder's name; default the target's
      package: the package's name
      version: its version
      root_paths: see copy_to_directory of bazel_lib, as the nine that follow
      include_external_repositories: whose files are copied besides
      include_srcs_packages: Bazel packages whose files are copied
      exclude_srcs_packages: Bazel packages whose files are not
      include_srcs_patterns: files that are copied
      exclude_srcs_patterns: files that are not
      replace_prefixes: what paths begin with -> with what instead
      allow_overwrites: whether two files may have one path
      include_sources: see js_info_files
      include_types: see js_info_files
      include_transitive_sources: see js_info_files
      include_transitive_types: see js_info_files
      include_npm_sources: see js_info_files
      **kwargs: attributes of all rules
    """
    for refused in _REFUSED:
        if kwargs.pop(refused, None):
            unsupported("npm_package", refused, "publish and pack outside of the airgap lane")
    common = {key: kwargs[key] for key in ["testonly"] if key in kwargs}
    js_info_files(
        name = name + "_files",
        srcs = srcs,
        include_npm_sources = include_npm_sources,
        include_sources = include_sources,
        include_transitive_sources = include_transitive_sources,
        include_transitive_types = include_transitive_types,
        include_types = include_types,
        tags = ["manual"],
        **common
    )
    copy_to_directory(
        name = name + "_tree",
        srcs = srcs + [":{}_files".format(name)],
        out = out or name,
        allow_overwrites = allow_overwrites,
        exclude_srcs_packages = exclude_srcs_packages,
        exclude_srcs_patterns = exclude_srcs_patterns,
        include_external_repositories = include_external_repositories,
        include_srcs_packages = include_srcs_packages,
        include_srcs_patterns = include_srcs_patterns,
        replace_prefixes = replace_prefixes,
        root_paths = root_paths,
        tags = ["manual"],
        **common
    )
    _npm_package(name = name, srcs = srcs, package = package, tree = ":{}_tree".format(name), version = version, **kwargs)
