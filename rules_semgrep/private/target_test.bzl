"""Scans of targets: the rules behind semgrep_target_test."""

load(":closure.bzl", "SemgrepClosureInfo", "first_party", "semgrep_closure")
load(":engine.bzl", "TOOLCHAINS")
load(":sca.bzl", "DEPENDENCIES", "dependencies_of", "dependency_params")
load(":scan.bzl", "SCAN", "inputs_of", "scan_test", "scan_update")
load(":toolchain.bzl", "check", "name_of")

_ATTRS = SCAN | DEPENDENCIES | {
    "target": attr.label(
        doc = "Its first-party sources are scanned, and those of all that it depends on.",
        mandatory = True,
        aspects = [semgrep_closure],
    ),
}

def _sources(ctx):
    found = first_party(ctx.attr.target[SemgrepClosureInfo], ctx.attr.target.label)
    check(ctx, "target", found, "a target with source files of its own repository in its closure", name_of(ctx.attr.target.label))
    return found

def _dependencies(ctx):
    if not ctx.attr.lockfiles and not ctx.attr.advisories:
        return None
    return dependencies_of(ctx, inputs_of)

def _test_impl(ctx):
    dependencies = _dependencies(ctx)
    return scan_test(ctx, _sources(ctx), dependencies, dependency_params) + ([dependencies] if dependencies else [])

semgrep_closure_test = rule(
    _test_impl,
    doc = "Scans what a target is made of. See semgrep_target_test.",
    attrs = _ATTRS,
    test = True,
    toolchains = TOOLCHAINS,
)

semgrep_closure_update = rule(
    lambda ctx: scan_update(ctx, _sources(ctx), _dependencies(ctx), dependency_params),
    doc = "Writes the baseline of a semgrep_closure_test.",
    attrs = _ATTRS,
    executable = True,
    toolchains = TOOLCHAINS,
)
