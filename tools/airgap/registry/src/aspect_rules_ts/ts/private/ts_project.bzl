"""The rule behind the ts_project macro: one tsc for emitting, one for checking where emitting does not prove the types."""

load("@aspect_rules_js//js:libs.bzl", "js_lib_helpers")
load("@aspect_rules_js//js:providers.bzl", "JsInfo", "js_info")
load("@bazel_lib//lib:copy_to_bin.bzl", "COPY_FILE_TO_BIN_TOOLCHAINS", "copy_file_to_bin_action", "copy_files_to_bin_actions")
load(":outputs.bzl", "outputs")
load(":ts_config.bzl", "TsConfigInfo")

_NODE_TOOLCHAIN = "@rules_nodejs//nodejs:toolchain_type"

def _join(*segments):
    return "/".join([segment for segment in segments if segment and segment != "."]) or "."

def _run_tsc(ctx, arguments, inputs, outs, mnemonic, message):
    """tsc runs in the output folder, as the real rule's does, so that its messages name paths of the source tree."""
    ctx.actions.run_shell(
        command = 'tsc="$PWD/$1"; cd "$2"; shift 2; exec "$tsc" "$@"',
        arguments = [ctx.file.tsc.path, ctx.bin_dir.path] + arguments,
        inputs = inputs,
        tools = [ctx.file.tsc] + ctx.files.tsc_lib,
        outputs = outs,
        mnemonic = mnemonic,
        progress_message = message,
        use_default_shell_env = True,
        toolchain = None,
    )

def _validate(ctx, tsconfig, inputs):
    """Fails where an attribute and the tsconfig disagree: Bazel would then expect other outputs than tsc writes."""
    marker = ctx.actions.declare_file(ctx.label.name + ".tsconfig-valid")
    node = ctx.toolchains[_NODE_TOOLCHAIN].nodeinfo
    expected = {
        "composite": ctx.attr.composite,
        "declaration": ctx.attr.declaration or ctx.attr.composite,
        "declarationMap": ctx.attr.declaration_map,
        "emitDeclarationOnly": ctx.attr.emit_declaration_only,
        "noEmit": ctx.attr.no_emit,
        "sourceMap": ctx.attr.source_map,
    }
    ctx.actions.run(
        executable = node.node,
        arguments = [ctx.file._validator.path, ctx.file.tsc.path, tsconfig.path, str(ctx.label), json.encode(expected), marker.path],
        inputs = depset([ctx.file._validator, tsconfig] + ctx.files.srcs, transitive = [inputs]),
        tools = [ctx.file.tsc] + ctx.files.tsc_lib,
        outputs = [marker],
        mnemonic = "TsValidateOptions",
        progress_message = "Comparing %{label} with its tsconfig",
        toolchain = _NODE_TOOLCHAIN,
    )
    return marker

def _ts_project_impl(ctx):
    for src in ctx.files.srcs:
        if src.is_directory:
            fail("{}: srcs of a ts_project are files, {} is a folder".format(ctx.label, src.short_path))

    srcs = copy_files_to_bin_actions(ctx, ctx.files.srcs)
    tsconfig = copy_file_to_bin_action(ctx, ctx.file.tsconfig)
    extends = copy_files_to_bin_actions(ctx, ctx.files.extends)
    config_deps = [target[TsConfigInfo].deps for target in [ctx.attr.tsconfig, ctx.attr.extends] if target and TsConfigInfo in target]
    if ctx.attr.composite:
        config_deps += [dep[TsConfigInfo].deps for dep in ctx.attr.deps if TsConfigInfo in dep]
    config = depset([tsconfig] + extends, transitive = config_deps)

    srcs_deps = ctx.attr.srcs + ctx.attr.deps
    infos = [target[JsInfo] for target in srcs_deps if JsInfo in target]
    own = depset(srcs, transitive = [config])
    inputs = depset(transitive = [own] + [info.transitive_types for info in infos] + [info.npm_sources for info in infos])

    package = _join(ctx.label.workspace_root, ctx.label.package)
    common = list(ctx.attr._skip_lib_check[SkipLibCheckInfo].args) + ctx.attr.args
    if ctx.attr.root_dir:
        common += ["--outDir", package]
    common += ["--project", _join(ctx.label.workspace_root, tsconfig.short_path), "--rootDir", _join(package, ctx.attr.root_dir)]

    js, dts = ctx.outputs.js_outs, ctx.outputs.dts_outs
    emitted = js + dts + ([ctx.outputs.buildinfo_out] if ctx.outputs.buildinfo_out else [])
    checks = []
    if ctx.attr.isolated_typecheck or not (js or dts):
        check = ctx.actions.declare_directory(ctx.label.name + ".typecheck")
        _run_tsc(ctx, common + ["--noEmit"], inputs, [check], "TsProjectCheck", "Type-checking %{label}")
        checks.append(check)
    else:
        checks += dts or js
    if emitted:
        emit = list(common)
        if ctx.outputs.buildinfo_out:
            emit += ["--tsBuildInfoFile", _join(ctx.label.workspace_root, ctx.outputs.buildinfo_out.short_path)]
        if ctx.attr.isolated_typecheck:
            emit += ["--noCheck", "--skipLibCheck", "--noResolve"]
        if not js:
            emit.append("--emitDeclarationOnly")
        elif not dts:
            emit += ["--declaration", "false"]
        _run_tsc(ctx, emit, own if ctx.attr.isolated_typecheck else inputs, emitted, "TsProject", "Compiling %{label}")

    json_sources = [src for src in srcs if src.extension == "json"]
    sources = js + json_sources
    types = dts + json_sources + [src for src in srcs if outputs.is_declaration(src.basename)]
    validation = [_validate(ctx, tsconfig, config)] if ctx.attr.validate else []
    sources_depset = depset(sources)
    runfiles = js_lib_helpers.gather_runfiles(
        ctx = ctx,
        data = ctx.attr.data,
        deps = srcs_deps,
        data_files = ctx.files.data,
        copy_data_files_to_bin = True,
        no_copy_to_bin = [],
    ).merge(ctx.runfiles(transitive_files = sources_depset))
    return [
        DefaultInfo(files = depset(sources or types), runfiles = runfiles),
        js_info(
            target = ctx.label,
            sources = sources_depset,
            types = depset(types),
            transitive_sources = js_lib_helpers.gather_transitive_sources(sources, srcs_deps),
            transitive_types = js_lib_helpers.gather_transitive_types(types, srcs_deps),
            npm_sources = js_lib_helpers.gather_npm_sources(srcs = ctx.attr.srcs + [ctx.attr.tsconfig], deps = ctx.attr.deps),
            npm_package_store_infos = js_lib_helpers.gather_npm_package_store_infos(targets = ctx.attr.srcs + ctx.attr.data + ctx.attr.deps),
        ),
        TsConfigInfo(deps = config),
        OutputGroupInfo(
            types = depset(types),
            typecheck = depset(checks),
            transitive_typecheck = depset(checks, transitive = [
                dep[OutputGroupInfo].transitive_typecheck
                for dep in ctx.attr.deps
                if OutputGroupInfo in dep and "transitive_typecheck" in dep[OutputGroupInfo]
            ]),
            _validation = validation,
        ),
    ]

SkipLibCheckInfo = provider(doc = "What the flag //ts:skipLibCheck adds to tsc's arguments.", fields = {"args": "list of strings"})

def _skip_lib_check_impl(ctx):
    if ctx.build_setting_value not in ("always", "honor_tsconfig", "unspecified"):
        fail("{}: expected always, honor_tsconfig or unspecified, got {}".format(ctx.label, ctx.build_setting_value))
    return SkipLibCheckInfo(args = ["--skipLibCheck"] if ctx.build_setting_value == "always" else [])

skip_lib_check = rule(
    implementation = _skip_lib_check_impl,
    doc = "The flag that makes tsc skip the checks of declaration files.",
    build_setting = config.string(flag = True),
)

ts_project_rule = rule(
    implementation = _ts_project_impl,
    doc = "See the ts_project macro.",
    attrs = {
        "args": attr.string_list(),
        "buildinfo_out": attr.output(),
        "composite": attr.bool(),
        "data": attr.label_list(allow_files = True),
        "declaration": attr.bool(),
        "declaration_map": attr.bool(),
        "deps": attr.label_list(providers = [JsInfo]),
        "dts_outs": attr.output_list(),
        "emit_declaration_only": attr.bool(),
        "extends": attr.label(allow_files = [".json"]),
        "isolated_typecheck": attr.bool(),
        "js_outs": attr.output_list(),
        "no_emit": attr.bool(),
        "resolve_json_module": attr.bool(),
        "root_dir": attr.string(),
        "source_map": attr.bool(),
        "srcs": attr.label_list(allow_files = True),
        "tsc": attr.label(mandatory = True, allow_single_file = True, cfg = "exec"),
        "tsc_lib": attr.label(mandatory = True, allow_files = True, cfg = "exec"),
        "tsconfig": attr.label(mandatory = True, allow_single_file = [".json"]),
        "validate": attr.bool(default = True),
        "_skip_lib_check": attr.label(default = "//ts:skipLibCheck"),
        "_validator": attr.label(default = ":validate.mjs", allow_single_file = True),
    },
    toolchains = COPY_FILE_TO_BIN_TOOLCHAINS + [_NODE_TOOLCHAIN],
)
