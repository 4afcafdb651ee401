"""js_library: sources that other targets import."""

load("@bazel_lib//lib:copy_to_bin.bzl", "COPY_FILE_TO_BIN_TOOLCHAINS")
load(":js_helpers.bzl", "copy_js_file_to_bin_action", "gather_npm_package_store_infos", "gather_npm_sources", "gather_runfiles")
load(":js_info.bzl", "JsInfo", "js_info")

_DECLARATIONS = [".d.ts", ".d.mts", ".d.cts", ".d.ts.map", ".d.mts.map", ".d.cts.map"]

_ATTRS = {
    "copy_data_to_bin": attr.bool(default = True, doc = "whether source files of data are copied to the output tree"),
    "data": attr.label_list(allow_files = True, doc = "what is needed at run time"),
    "deps": attr.label_list(providers = [JsInfo], doc = "what the sources import"),
    "no_copy_to_bin": attr.label_list(allow_files = True, doc = "files of data that are not copied"),
    "srcs": attr.label_list(allow_files = True, doc = "sources; .d.ts files are types, .json files and folders both"),
    "types": attr.label_list(allow_files = True, doc = "sources that are types too"),
}

def _sort(ctx, targets, files):
    """Splits files into sources and types, with those of the targets that they come from."""
    sources, types = [], []
    for file in files:
        if file.is_source:
            file = copy_js_file_to_bin_action(ctx, file)
        declaration = any([file.basename.endswith(ending) for ending in _DECLARATIONS])
        if declaration or file.is_directory or file.extension == "json":
            types.append(file)
        if not declaration:
            sources.append(file)
    infos = [target[JsInfo] for target in targets if JsInfo in target]
    return (
        depset(sources, transitive = [info.sources for info in infos]),
        depset(types, transitive = [info.types for info in infos]),
    )

def _js_library_impl(ctx):
    srcs_sources, srcs_types = _sort(ctx, ctx.attr.srcs, ctx.files.srcs)
    types_sources, types_types = _sort(ctx, ctx.attr.types, ctx.files.types)
    sources = depset(transitive = [srcs_sources, types_sources])
    types = depset(transitive = [srcs_types, types_sources, types_types])
    targets = ctx.attr.srcs + ctx.attr.types + ctx.attr.deps
    infos = [target[JsInfo] for target in targets if JsInfo in target]
    runfiles = gather_runfiles(
        ctx = ctx,
        copy_data_files_to_bin = ctx.attr.copy_data_to_bin,
        data = ctx.attr.data,
        data_files = ctx.files.data,
        deps = targets,
        no_copy_to_bin = ctx.files.no_copy_to_bin,
    )
    return [
        DefaultInfo(files = sources, runfiles = runfiles),
        js_info(
            target = ctx.label,
            sources = sources,
            types = types,
            transitive_sources = depset(transitive = [sources] + [info.transitive_sources for info in infos]),
            transitive_types = depset(transitive = [types] + [info.transitive_types for info in infos]),
            npm_sources = gather_npm_sources(srcs = targets, deps = []),
            npm_package_store_infos = gather_npm_package_store_infos(targets + ctx.attr.data),
        ),
        OutputGroupInfo(types = types, runfiles = runfiles.files),
        coverage_common.instrumented_files_info(ctx, dependency_attributes = ["deps"], source_attributes = ["srcs"]),
    ]

js_library_lib = struct(
    attrs = _ATTRS,
    implementation = _js_library_impl,
    provides = [DefaultInfo, JsInfo, OutputGroupInfo],
)

js_library = rule(
    implementation = _js_library_impl,
    doc = "Sources that other targets import. They are copied to the output tree, where everything runs.",
    attrs = _ATTRS,
    provides = js_library_lib.provides,
    toolchains = COPY_FILE_TO_BIN_TOOLCHAINS,
)
