"""js_binary and js_test: a program that Node runs."""

load("@bazel_lib//lib:copy_to_bin.bzl", "COPY_FILE_TO_BIN_TOOLCHAINS")
load("@bazel_lib//lib:directory_path.bzl", "DirectoryPathInfo")
load("//private:unsupported.bzl", "unsupported")
load(":js_binary_attrs.bzl", "ATTRS", "TEST_ATTRS")
load(":js_helpers.bzl", "gather_files_from_js_infos", "gather_runfiles")
load(":launcher.bzl", "expand", "write_launcher")

_NODE = "@rules_nodejs//nodejs:runtime_toolchain_type"

def _entry_point(ctx):
    if DirectoryPathInfo in ctx.attr.entry_point:
        info = ctx.attr.entry_point[DirectoryPathInfo]
        return info.directory, "{}/{}".format(info.directory.short_path, info.path)
    files = ctx.files.entry_point
    if len(files) != 1:
        fail("{}: entry_point has to be one file or a directory_path, got {} files".format(ctx.label, len(files)))
    return files[0], files[0].short_path

def _create_launcher(ctx, log_prefix_rule_set, log_prefix_rule, fixed_args = [], fixed_env = {}):
    """Writes the program's launcher; returns a struct of executable, runfiles and data_runfiles."""
    if ctx.attr.include_npm:
        unsupported(log_prefix_rule, "include_npm", "a build runs no npm; call the package's program by its package_json.bzl")
    toolchain = ctx.attr.node_toolchain[platform_common.ToolchainInfo] if ctx.attr.node_toolchain else ctx.toolchains[_NODE]
    node = toolchain.nodeinfo
    entry_point, entry_point_path = _entry_point(ctx)
    launcher = write_launcher(
        ctx,
        node = node,
        entry_point_path = entry_point_path,
        log_prefix = "{}[{}]".format(log_prefix_rule_set, log_prefix_rule),
        fixed_args = fixed_args,
        fixed_env = fixed_env,
    )
    data_runfiles = gather_runfiles(
        ctx = ctx,
        copy_data_files_to_bin = ctx.attr.copy_data_to_bin,
        data = ctx.attr.data,
        data_files = [entry_point] + ctx.files.data,
        no_copy_to_bin = ctx.files.no_copy_to_bin,
    ).merge(ctx.runfiles(transitive_files = gather_files_from_js_infos(
        targets = ctx.attr.data,
        include_npm_sources = ctx.attr.include_npm_sources,
        include_sources = ctx.attr.include_sources,
        include_transitive_sources = ctx.attr.include_transitive_sources,
        include_transitive_types = ctx.attr.include_transitive_types,
        include_types = ctx.attr.include_types,
    )))
    needed = [launcher, ctx.file._node_wrapper, ctx.file._preload] + ctx.files._preload_files + ([node.node] if node.node else [])
    return struct(
        executable = launcher,
        runfiles = data_runfiles.merge(ctx.runfiles(files = needed)),
        data_runfiles = data_runfiles,
    )

def _js_binary_impl(ctx):
    rule_name = "js_test" if ctx.attr.testonly else "js_binary"
    launcher = _create_launcher(ctx, "aspect_rules_js", rule_name, fixed_args = ctx.attr.fixed_args)
    return [
        DefaultInfo(executable = launcher.executable, runfiles = launcher.runfiles),
        RunEnvironmentInfo(
            environment = {name: expand(ctx, value) for name, value in ctx.attr.env.items()},
            inherited_environment = getattr(ctx.attr, "env_inherit", []),
        ),
        OutputGroupInfo(execroot_data_files = launcher.data_runfiles.files),
        coverage_common.instrumented_files_info(ctx, dependency_attributes = ["data"], source_attributes = ["data"]),
    ]

def _bin_dir(file):
    return file.root.path

def _run_binary_action(ctx, **kwargs):
    """ctx.actions.run for a js_binary as the executable: tells the launcher where the output tree is."""
    if not kwargs.get("outputs"):
        fail("run_binary_action needs at least one output")
    bindir = ctx.actions.args()
    bindir.add("--bazel-bindir")
    bindir.add_all([kwargs["outputs"][0]], expand_directories = False, map_each = _bin_dir)
    ctx.actions.run(arguments = [bindir] + (kwargs.pop("arguments", None) or []), **kwargs)

js_binary_lib = struct(
    attrs = ATTRS,
    create_launcher = _create_launcher,
    implementation = _js_binary_impl,
    run_binary_action = _run_binary_action,
    toolchains = [_NODE] + COPY_FILE_TO_BIN_TOOLCHAINS,
)

js_binary = rule(
    implementation = _js_binary_impl,
    doc = "A program that Node runs.",
    attrs = ATTRS,
    executable = True,
    toolchains = js_binary_lib.toolchains,
)

js_test = rule(
    implementation = _js_binary_impl,
    doc = "A test that Node runs: it passes when the program ends with the expected exit code.",
    attrs = TEST_ATTRS,
    test = True,
    toolchains = js_binary_lib.toolchains,
)
