"""semgrep_sca_test: dependencies alone."""

load(":engine.bzl", "ENGINE", "TOOLCHAINS", "engine_action", "engine_program")
load(":sca.bzl", "DEPENDENCIES", "SemgrepDependenciesInfo", "TARGET", "dependencies_of", "dependency_params", "sources_of_target")
load(":scan.bzl", "SCAN", "SemgrepScanInfo", "inputs_of")
load(":toolchain.bzl", "check", "name_of", "semgrep_of")

# Of all scans: what has a meaning without rules of one's own.
_SHARED = ["fail_on", "baseline", "rule_timeout", "max_memory", "max_file_bytes", "verbose"]

_ATTRS = ENGINE | {name: SCAN[name] for name in _SHARED} | DEPENDENCIES | TARGET

def _params(ctx, dependencies, sources, short):
    path = _short if short else _long
    return dependency_params(ctx, dependencies, path) | {
        "baseline": inputs_of(ctx, [ctx.file.baseline], path)[0] if ctx.file.baseline else None,
        "core": semgrep_of(ctx).short_path if short else semgrep_of(ctx).path,
        "excludeRules": [],
        "failOn": ctx.attr.fail_on,
        "label": name_of(ctx.label),
        "maxFileBytes": ctx.attr.max_file_bytes,
        "maxMemory": ctx.attr.max_memory,
        "pro": None,
        "ruleTimeout": ctx.attr.rule_timeout,
        "rules": [],
        "severities": [],
        "sources": inputs_of(ctx, sources, path),
        "staleSilences": False,
        "update": "bazel run {}.update_baseline".format(name_of(ctx.label)) if ctx.file.baseline else "",
        "verbose": ctx.attr.verbose,
    }

def _files(ctx, dependencies, sources):
    return sources + [dependencies.placed] + ([ctx.file.baseline] if ctx.file.baseline else [])

def _test_impl(ctx):
    dependencies = dependencies_of(ctx, inputs_of)
    sources = sources_of_target(ctx)
    files = _files(ctx, dependencies, sources)
    report = ctx.actions.declare_file(ctx.label.name + ".report.json")
    engine_action(
        ctx,
        command = "report",
        inputs = files,
        mnemonic = "SemgrepReport",
        outputs = [report],
        params = _params(ctx, dependencies, sources, short = False) | {"out": report.path},
        progress_message = "Checking dependencies for %{label}",
    )
    return engine_program(ctx, command = "test", files = files, params = _params(ctx, dependencies, sources, short = True)) + [
        dependencies,
        OutputGroupInfo(
            semgrep_matches = depset([dependencies.matches]),
            semgrep_packages = depset([dependencies.packages]),
            semgrep_report = depset([report]),
        ),
        SemgrepScanInfo(report = report),
    ]

def _update_impl(ctx):
    check(ctx, "baseline", ctx.file.baseline and ctx.file.baseline.is_source, "a file of the repository", ctx.attr.baseline)
    dependencies = dependencies_of(ctx, inputs_of)
    sources = sources_of_target(ctx)
    params = _params(ctx, dependencies, sources, short = True) | {
        "file": ctx.file.baseline.short_path,
        "update": "bazel run " + name_of(ctx.label),
    }
    return engine_program(ctx, command = "update-baseline", files = _files(ctx, dependencies, sources), params = params)

semgrep_dependencies_test = rule(
    _test_impl,
    doc = "Compares dependencies with advisories. See semgrep_sca_test.",
    attrs = _ATTRS,
    provides = [SemgrepDependenciesInfo],
    test = True,
    toolchains = TOOLCHAINS,
)

semgrep_dependencies_update = rule(
    _update_impl,
    doc = "Writes the baseline of a semgrep_dependencies_test.",
    attrs = _ATTRS,
    executable = True,
    toolchains = TOOLCHAINS,
)

def _short(file):
    return file.short_path

def _long(file):
    return file.path
