"""The part of aspect_rules_ts 3.10.1 that this repository uses: `ts_config`, `ts_project` and `TsConfigInfo`.

Same names, attributes, outputs and targets as the real ones; an attribute that is not supported fails and says so.
"""

load("@bazel_skylib//rules:build_test.bzl", "build_test")
load("//ts/private:outputs.bzl", "outputs")
load("//ts/private:ts_config.bzl", _TsConfigInfo = "TsConfigInfo", _ts_config = "ts_config")
load("//ts/private:ts_project.bzl", "ts_project_rule")

TsConfigInfo = _TsConfigInfo
ts_config = _ts_config

_UNSUPPORTED = {
    "allow_js": "write TypeScript",
    "assets": "put assets into the data of a js_library",
    "declaration_dir": "declarations stand beside their sources",
    "declaration_transpiler": "tsc writes declarations",
    "generate_trace": "run tsc --generateTrace by hand",
    "incremental": "use composite",
    "out_dir": "outputs stand beside their sources",
    "preserve_jsx": "esbuild compiles JSX",
    "ts_build_info_file": "the name is <name>.tsbuildinfo",
    "tsc": "the compiler is the one of @npm_typescript",
    "tsc_worker": "there are no workers",
}

def _check(name, attrs):
    for attr, instead in _UNSUPPORTED.items():
        if attrs.pop(attr, None):
            fail("ts_project(name = \"{}\"): the airgap stand-in for aspect_rules_ts 3.10.1 does not support {}: {}".format(name, attr, instead))
    attrs.pop("supports_workers", None)
    attrs.pop("validator", None)

def ts_project(
        name,
        tsconfig = None,
        srcs = None,
        args = [],
        data = [],
        deps = [],
        extends = None,
        isolated_typecheck = False,
        declaration = False,
        source_map = False,
        declaration_map = False,
        resolve_json_module = None,
        composite = False,
        no_emit = False,
        emit_declaration_only = False,
        transpiler = None,
        validate = True,
        root_dir = None,
        **kwargs):
    """Type-checks, and compiles unless `no_emit`, TypeScript sources of one package.

    Args:
      name: the target; `<name>_types` has the declarations, `<name>_typecheck` and `<name>_typecheck_test` the check where the
        target's own outputs do not prove it
      tsconfig: label of a tsconfig.json or of a ts_config; default `tsconfig.json`
      srcs: sources of this package; default all .ts and .tsx below it
      args: further arguments of tsc
      data: files that programs need at run time
      deps: targets with JsInfo, npm packages too
      extends: the tsconfig that `tsconfig` extends, where it is a plain file
      isolated_typecheck: emit without checking, and check apart
      declaration: as in tsconfig
      source_map: as in tsconfig
      declaration_map: as in tsconfig
      resolve_json_module: as in tsconfig
      composite: as in tsconfig
      no_emit: as in tsconfig
      emit_declaration_only: as in tsconfig
      transpiler: None or "tsc"
      validate: whether to fail when these attributes and the tsconfig disagree
      root_dir: folder below the package that sources are relative to
      **kwargs: attributes of every rule
    """
    _check(name, kwargs)
    if type(tsconfig) == "dict":
        fail("ts_project(name = \"{}\"): the airgap stand-in for aspect_rules_ts 3.10.1 does not support a tsconfig dict: write a tsconfig.json".format(name))
    if transpiler not in (None, "tsc"):
        fail("ts_project(name = \"{}\"): the airgap stand-in for aspect_rules_ts 3.10.1 supports transpiler = \"tsc\" only".format(name))
    if srcs == None:
        srcs = native.glob(["**/*.ts", "**/*.tsx"], exclude = ["**/package.json"], allow_empty = False)

    common = {key: kwargs[key] for key in ("tags", "testonly", "visibility") if key in kwargs}
    emit_js = not no_emit and not emit_declaration_only
    emit_dts = not no_emit and (declaration or composite or emit_declaration_only)
    outs = outputs.of_sources(srcs, root_dir, emit_js, emit_dts, source_map, declaration_map)

    if not no_emit:
        native.filegroup(name = name + "_types", srcs = [name], output_group = "types", **common)
    if isolated_typecheck or not emit_js or not emit_dts:
        for group in ("typecheck", "transitive_typecheck"):
            target = "{}_{}".format(name, group)
            tags = common.get("tags", []) + (["manual"] if group == "transitive_typecheck" else [])
            rest = {key: value for key, value in common.items() if key != "tags"}
            native.filegroup(name = target, srcs = [name], output_group = group, tags = tags, **rest)
            build_test(
                name = target + "_test",
                targets = [target],
                size = "small",
                tags = tags,
                visibility = common.get("visibility"),
            )

    ts_project_rule(
        name = name,
        # Labels as the caller's repository sees them, as in the real macro: it is the workspace that asks for @npm_typescript.
        tsc = "@npm_typescript//:tsc",
        tsc_lib = "@npm_typescript//:lib",
        tsconfig = tsconfig or "tsconfig.json",
        srcs = srcs,
        args = args,
        data = data,
        deps = deps,
        extends = extends,
        isolated_typecheck = isolated_typecheck,
        declaration = declaration,
        source_map = source_map,
        declaration_map = declaration_map,
        resolve_json_module = bool(resolve_json_module),
        composite = composite,
        no_emit = no_emit,
        emit_declaration_only = emit_declaration_only,
        validate = validate,
        root_dir = root_dir or "",
        js_outs = outs.js,
        dts_outs = outs.dts,
        buildinfo_out = name + ".tsbuildinfo" if composite and not no_emit else None,
        **kwargs
    )
